"""Fuzzing: any bytes go in, and what holds of every input is checked of what comes out."""

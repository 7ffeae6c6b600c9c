"""Engines on this machine, to run the pipeline on and to compare."""

"""A standalone Flink cluster on loopback."""

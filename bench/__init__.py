"""Benchmarks: what the house must reach, measured beside what the machine itself gives in the same run."""

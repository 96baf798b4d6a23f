"""Play a province's days through the real actions, from a seed: the same seed gives the same run."""

from .play import Simulation, Summary

__all__ = ["Simulation", "Summary"]

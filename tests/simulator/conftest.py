"""Lend every test here a simulated JD."""

from .rig import rig

__all__ = ["rig"]

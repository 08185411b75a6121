"""Lend every test here a shop's line."""

from .jd_line import line

__all__ = ["line"]

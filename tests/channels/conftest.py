"""Lend every test here a shop's line."""

from .jd_line import line
from .peer_line import peers

__all__ = ["line", "peers"]

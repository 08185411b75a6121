"""Understand: one row of figures per session, and every figure on every screen computed from those rows.

Walks in:  what happened to conversations (conversations), what inspection found (quality).
Walks out: the wall, figures with their definitions and the sessions behind them.
Not here:  what a figure is worth in money (contracts).
"""

"""Carry what every room needs and no room owns: ids, time, units, actors, errors.

Walks in:  nothing; this floor imports nothing of ours.
Walks out: small frozen types and pure functions.
Not here:  storage (eventlog), people and shops (org), anything that knows a platform (channels).
"""

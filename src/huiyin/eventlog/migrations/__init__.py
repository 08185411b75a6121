"""The schema's history, oldest first; each step is plain DDL, so that it never changes when a room does.

Walks in:  a database of any earlier version.
Walks out: the newest schema.
Not here:  the tables' meaning (each room's `store.py`); a house test holds both against each other.
"""

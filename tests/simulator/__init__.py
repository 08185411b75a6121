"""Hold the simulated JD to its own strictness, and its customers to their scripts.

Walks in:  the simulator, called as JD would be.
Walks out: nothing.
Not here:  the adapter (tests/channels).
"""

"""Hold the platform adapters to what the platforms really say.

Walks in:  the adapters, and the strict simulators at the other end of their lines.
Walks out: nothing.
Not here:  what Huiyin does with a message once it was read.
"""

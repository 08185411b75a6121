"""The HTTP and WebSocket door: hooks for platforms, the desk for agents, the wall and reports for leads and merchants.

Walks in:  requests; every one gets an actor or is refused.
Walks out: JSON shapes (`shapes.py`), WebSocket frames, the built console.
Not here:  rules; each endpoint calls one verb or one view of a room.
"""

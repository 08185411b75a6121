"""Know the organisations: merchants, vendors, shops, people, engagements, shifts, seats, hours.

Walks in:  administration commands; presence changes from the desk.
Walks out: PresenceChanged, EngagementRecorded, ShiftRecorded; who may act for which shop when, on which shift.
Not here:  who gets the next conversation (conversations.routing), who should work when (workforce).
"""

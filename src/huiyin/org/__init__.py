"""Know the organisations: merchants, vendors, shops, people, engagements, seats, hours.

Walks in:  administration commands; presence changes from the desk.
Walks out: PresenceChanged, EngagementRecorded; who may act for which shop at a moment.
Not here:  who gets the next conversation (conversations.routing), shifts and rosters (workforce).
"""

"""Keep what came of conversations, as the platform tells it: verdicts, after-sales cases, comments, who was there.

Walks in:  what a shop's own line tells of service, read by the hour and again while it may change.
Walks out: records with their source and as-of time, nothing twice; verdicts in the stream of the session they judge.
Not here:  figures made of them (insight), what the platform counted itself (insight), chats (conversations).
"""

"""Keep what happened: the database, one unit of work at a time, the event log and those who listen to it.

Walks in:  verbs of the rooms above, run inside a `UnitOfWork` by the one `Writer`.
Walks out: committed state rows and `Recorded` events, in order per subject, to listeners and live screens.
Not here:  what any event means. No room is known here; wiring hands in the catalogue of event types.
"""

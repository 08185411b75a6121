"""Tell programs of others what happens: endpoints that an organisation registers, and signed, thin calls to them.

Walks in:  an owner who registers an endpoint; events of the organisation's own shops.
Walks out: signed calls with kinds, ids and times; a log of what each endpoint answered; endpoints switched off.
Not here:  what an event means (its room), words or people of any kind, calls to platforms (channels).
"""

"""The retention room (保存期限): how long a merchant keeps what its customers wrote, and the letting go.

Walks in:  an owner's period for each kind, and the passing of time.
Walks out: conversations of which less is kept, a few at a time, with an event each and a line in the audit.
Not here:  one customer's wish to be forgotten (security.shredding); legal holds, which outrank both (security.holds).
"""

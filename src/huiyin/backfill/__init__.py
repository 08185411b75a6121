"""The backfill room (回填): what a shop's platform still keeps of the past comes in here.

Walks in:  an owner's wish for so many days, and the shop's own line.
Walks out: the chats of those days, through the hall's one door in, marked as backfill.
Not here:  what is said from now on (the worker polls, platforms push), and files (imports).
"""

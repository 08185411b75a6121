"""Write down who did what, so that nobody can change it unseen.

Walks in:  an `Entry` beside each action that must be answered for, in the action's own unit of work.
Walks out: a chain of entries, signed checkpoints of it kept elsewhere, what a verification found, an auditor's pages.
Not here:  which action must be written down (its own room says so), and who may read (the doors ask).
"""

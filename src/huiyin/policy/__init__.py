"""Who may do what: one table of roles, resources, actions and fields, and the questions asked of it.

Walks in:  an actor, and what they want to do with what.
Walks out: yes or no; an error that names the remedy.
Not here:  how somebody proves who they are (org.signing_in); which shops are theirs (org.access); the doors (web).
"""

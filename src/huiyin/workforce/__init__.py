"""Staff: forecast, rosters, the reserve pool and surge.

Walks in:  MessageReceived volumes (conversations), AgentCertified (training).
Walks out: RosterPublished, SurgeDeclared; opens seats in `org`.
Not here:  who takes the next conversation (conversations.routing).
"""

"""Carry after-sale work that outlives the chat: returns, exchanges, refunds, price protection, complaints.

Walks in:  Escalated, ConversationClosed (conversations).
Walks out: TicketOpened, TicketResolved, TicketOverdue.
Not here:  the chat itself (conversations), what a late ticket costs (contracts).
"""

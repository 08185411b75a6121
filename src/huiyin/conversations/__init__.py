"""The hall every message passes: inbox, queue, desk, the one door out.

Walks in:  `Inbound` records (channels), drafts (assist, the desk), presence (org).
Walks out: MessageReceived, Routed, HandedOver, ReplyApproved, ReplyHeld, ReplyDelivered, ConversationClosed …
Not here:  what to answer (assist), whether it was right (quality), how fast we were (insight).
"""

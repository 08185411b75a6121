"""Speak with the platforms: read what they send, sign what we ask, send what was approved.

Walks in:  raw bytes from hooks and pollers; approved replies.
Walks out: `Inbound` records, platform facts (orders, logistics, price protection), `Receipt`s.
Not here:  storing or answering anything (conversations, assist). No room's state is known here.
"""

"""Decide what the bot says, and what a person at the desk is offered to say: never without evidence.

Walks in:  a customer's `Question`, `Knowledge`, live facts from a channel.
Walks out: a `Decision` with its reasons: an `Answer` with citations, an `AskBack`, a `Courtesy`, a `HandOver`.
Not here:  sending it (conversations), judging the wording (quality), moving the conversation (listen).
"""

"""Speak with Pinduoduo (拼多多): sign, look up an order, say what cannot be done.

Walks in:  an order number; the gateway's answers.
Walks out: `PddChannel`, which fills `channels.port.Channel` as far as orders; `PddSettings` to open one.
Not here:  chat, parcels, evaluations: `PddChannel.cannot` says why; renewing the authorisation (a person does).
"""

from huiyin.channels.pdd.adapter import PddChannel
from huiyin.channels.pdd.settings import PddSettings

__all__ = ["PddChannel", "PddSettings"]

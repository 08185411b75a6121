"""Speak with Douyin's shops (抖店): sign, look up an order, check a push, say what cannot be done.

Walks in:  an order number; the gateway's answers; the bytes of a push and the sign beside them.
Walks out: `DouyinChannel`, which fills `channels.port.Channel` as far as orders; `DouyinSettings` to open one.
Not here:  chat, parcels, evaluations: `DouyinChannel.cannot` says why; renewing the authorisation (a person does).
"""

from huiyin.channels.douyin.adapter import DouyinChannel
from huiyin.channels.douyin.settings import DouyinSettings

__all__ = ["DouyinChannel", "DouyinSettings"]

"""Speak with Kuaishou's shops (快手小店): sign, look up an order, open a push, say what cannot be done.

Walks in:  an order number; the gateway's answers; the bytes of a push.
Walks out: `KuaishouChannel`, which fills `channels.port.Channel` as far as orders; `KuaishouSettings` to open one.
Not here:  chat, parcels, evaluations: `KuaishouChannel.cannot` says why; renewing the authorisation (a person does).
"""

from huiyin.channels.kuaishou.adapter import KuaishouChannel
from huiyin.channels.kuaishou.settings import KuaishouSettings
from huiyin.channels.kuaishou.signing import SignMethod

__all__ = ["KuaishouChannel", "KuaishouSettings", "SignMethod"]

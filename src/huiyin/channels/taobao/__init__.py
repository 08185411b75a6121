"""Speak with Taobao (淘宝) over TOP: sign, look up an order, say what cannot be done.

Walks in:  an order number; TOP's answers.
Walks out: `TaobaoChannel`, which fills `channels.port.Channel` as far as orders; `TaobaoSettings` to open one.
Not here:  chat, parcels, evaluations: `TaobaoChannel.cannot` says why; renewing the authorisation (a person does).
"""

from huiyin.channels.taobao.adapter import TaobaoChannel
from huiyin.channels.taobao.settings import TaobaoSettings
from huiyin.channels.taobao.signing import SignMethod

__all__ = ["SignMethod", "TaobaoChannel", "TaobaoSettings"]

"""Speak with JD.com (京东): sign, ask, read answers, and take pushed chat.

Walks in:  JD's answers over routerjson (JOS 1.0) and REST (SP-API); pushed chat deliveries; approved replies.
Walks out: `JdChannel`, which fills `channels.port.Channel`; `JdSettings` to open one.
Not here:  storing tokens or messages (whoever opens the channel), answering anybody (assist, conversations).
"""

from huiyin.channels.jd.adapter import JdChannel
from huiyin.channels.jd.settings import GatewayName, JdSettings, OAuthForm
from huiyin.channels.jd.tokens import MemoryTokenStore, Tokens, TokenStore

__all__ = ["GatewayName", "JdChannel", "JdSettings", "MemoryTokenStore", "OAuthForm", "TokenStore", "Tokens"]

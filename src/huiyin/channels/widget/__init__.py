"""Speak with the visitors of a shop's own page: which pages may, what a visitor's words are, what cannot be done.

Walks in:  a visitor's words, as the visitors' door (web) took them; approved replies.
Walks out: `WidgetChannel`, which fills `channels.port.Channel` as a live line; `WidgetSettings` to open one.
Not here:  who a visitor is, sockets, the script (web, console): a reply is delivered once it is kept for the visitor.
"""

from huiyin.channels.widget.adapter import WidgetChannel
from huiyin.channels.widget.settings import WidgetSettings, new_site

__all__ = ["WidgetChannel", "WidgetSettings", "new_site"]

"""What happens to connections."""

from huiyin.eventlog.events import Event


class ConnectionChanged(Event, frozen=True, tag="connections.ConnectionChanged"):
    """A shop was connected, connected otherwise, or disconnected; `platform` is "" for the last."""

    shop: str
    platform: str


class TokensRenewed(Event, frozen=True, tag="connections.TokensRenewed"):
    """A shop's platform gave new tokens."""

    shop: str


class LineTroubled(Event, frozen=True, tag="connections.LineTroubled"):
    """A shop's line stopped working, for the reason `code` names, or works again: ""."""

    shop: str
    code: str


ALL: tuple[type[Event], ...] = (ConnectionChanged, TokensRenewed, LineTroubled)
"""Every event of this room."""

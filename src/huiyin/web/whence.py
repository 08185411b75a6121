"""Where a request comes from, as far as our own proxies can be trusted to say."""

from litestar.connection import ASGIConnection


def proxies_of(connection: ASGIConnection) -> int:  # type: ignore[type-arg]  # any handler, any user
    """Return how many proxies of our own stand in front of the door."""
    proxies: int = connection.app.state.house.settings.proxies
    return proxies


def address_of(connection: ASGIConnection) -> str:  # type: ignore[type-arg]  # as above
    """Return the network address a request comes from.

    Behind our own proxies that is what the outermost of them wrote; whatever stands before it anybody may have written.
    """
    direct = connection.client.host if connection.client else ""
    proxies = proxies_of(connection)
    told = [each.strip() for each in connection.headers.get("x-forwarded-for", "").split(",") if each.strip()]
    return told[-proxies][:64] if proxies and len(told) >= proxies else direct


def is_secure(connection: ASGIConnection) -> bool:  # type: ignore[type-arg]  # as above
    """Tell whether the browser speaks https, to us or to our proxy."""
    told = connection.headers.get("x-forwarded-proto", "") if proxies_of(connection) else ""
    return (told or connection.scope["scheme"]) in {"https", "wss"}

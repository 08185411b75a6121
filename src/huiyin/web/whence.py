"""Where a request comes from, as far as our own proxies can be trusted to say."""

from ipaddress import IPv6Address, IPv6Network, ip_address

from litestar.connection import ASGIConnection

NETWORK_BITS = 64
"""What one household or machine is given of IPv6 (RFC 6177): it may use any number in it."""


def proxies_of(connection: ASGIConnection) -> int:  # type: ignore[type-arg]  # any handler, any user
    """Return how many proxies of our own stand in front of the door."""
    proxies: int = connection.app.state.house.settings.proxies
    return proxies


def address_of(connection: ASGIConnection) -> str:  # type: ignore[type-arg]  # as above
    """Return the network address a request comes from.

    Behind our own proxies that is what the outermost of them wrote; whatever stands before it anybody may have written.
    """
    direct = connection.client.host if connection.client else ""
    proxies, told = proxies_of(connection), _told(connection, "x-forwarded-for")
    return told[-proxies][:64] if proxies and len(told) >= proxies else direct


def neighbourhood_of(connection: ASGIConnection) -> str:  # type: ignore[type-arg]  # as above
    """Return under what to count those who may take another number as they like: an IPv6 network counts as one."""
    address = address_of(connection)
    try:
        number = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(number, IPv6Address):
        return address
    if number.ipv4_mapped is not None:
        return str(number.ipv4_mapped)
    return str(IPv6Network((number, NETWORK_BITS), strict=False).network_address)


def is_secure(connection: ASGIConnection) -> bool:  # type: ignore[type-arg]  # as above
    """Tell whether the browser speaks https, to us or to our proxy."""
    proxies = proxies_of(connection)
    told = _told(connection, "x-forwarded-proto") if proxies else []
    return (told[-min(proxies, len(told))] if told else connection.scope["scheme"]) in {"https", "wss"}


def _told(connection: ASGIConnection, name: str) -> list[str]:  # type: ignore[type-arg]  # as above
    """Return what a header says, its lines put together (RFC 9110 5.3): a proxy may add one of its own behind."""
    lines = connection.headers.getall(name, [])
    return [each.strip() for line in lines for each in line.split(",") if each.strip()]

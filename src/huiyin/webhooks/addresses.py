"""Which addresses are called: those anybody on the internet could call, and none inside (SSRF). Pure.

An address is looked at twice: as it is written, and at the moment of connecting, as the number a name led to.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from huiyin.kernel.errors import InvalidError

HTTPS, LEAST_OTHER_PORT = 443, 1024
"""Below 1024 stand services that are no webhooks: mail, shells, databases of old."""
MOST_URL = 1_000
RESERVED = IPv4Network("192.0.0.0/24")
"""IETF's own, with a cloud's metadata among them."""
NAT64 = IPv6Network("64:ff9b::/96")
METADATA = frozenset({IPv4Address("168.63.129.16")})
"""Azure's host answers at a public number; everybody else's metadata are link-local or private."""


class InwardError(OSError):
    """An address leads inside, and is not called."""


def check_url(url: str, *, loopback: bool) -> str:
    """Return an address that may be registered.

    `loopback` is for tests and development: http to this machine is allowed as well.

    Raises:
        InvalidError: no https, a user in it, a port that is none, a number that leads inside.

    """
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise _refused("this is no address of a web service") from error
    if len(url) > MOST_URL or not host or not url.isascii() or not url.isprintable() or " " in url:
        raise _refused(f"this is no address of a web service in up to {MOST_URL} characters")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise _refused("an address has no user, password or fragment in it")
    number = _number(host)
    if loopback and (host == "localhost" or (number is not None and number.is_loopback)):
        return url
    if parts.scheme != "https":
        raise _refused("calls go over https")
    if port is not None and port != HTTPS and port < LEAST_OTHER_PORT:
        raise _refused(f"a port is {HTTPS}, or {LEAST_OTHER_PORT} and above")
    if number is None and ("." not in host.strip(".") or host.rstrip(".").rpartition(".")[2][0].isdigit()):
        raise _refused("a name has a dot in it, and does not end in a number")
    if number is not None and not is_outside(number):
        raise _refused("this address leads inside a network")
    return url


def check_number(text: str, *, loopback: bool) -> None:
    """Refuse the number a name led to, at the moment of connecting.

    Raises:
        InwardError: it leads inside.

    """
    number = _number(text)
    if number is None or not (is_outside(number) or (loopback and number.is_loopback)):
        raise InwardError(text)


def is_outside(number: IPv4Address | IPv6Address) -> bool:
    """Tell whether a number is one of the open internet: not private, loopback, link-local, multicast or metadata.

    An IPv6 number that carries an IPv4 one (mapped, NAT64) is judged by that; 6to4 and Teredo are not used.
    """
    if isinstance(number, IPv6Address):
        if number.sixtofour is not None or number.teredo is not None:
            return False
        carried = number.ipv4_mapped or (IPv4Address(int(number) & 0xFFFFFFFF) if number in NAT64 else None)
        if carried is not None:
            return is_outside(carried)
        if number.is_site_local:
            return False
    if number in RESERVED or number in METADATA:
        return False
    return number.is_global and not number.is_multicast and not number.is_reserved


def _number(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host.partition("%")[0])
    except ValueError:
        return None


def _refused(message: str) -> InvalidError:
    return InvalidError(message, remedy="Write it like https://hooks.example.com/huiyin.", code="webhook_url")

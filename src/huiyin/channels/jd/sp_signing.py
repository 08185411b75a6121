"""Sign SP-API requests: the same arithmetic as JOS over another set of parameters.

Signed are the three headers that name app, token and time, the query, the path's values by their names, and the body
as `body`, each raw and not URL-encoded. `X-JOS-Request-Identity` is sent and not signed.
"""

from collections.abc import Mapping, Sequence

from huiyin.channels.jd import signing

Value = str | int | bool | Sequence[str | int]

SIGNED_HEADERS = frozenset({"X-JOS-App-Key", "X-JOS-Access-Token", "X-JOS-Timestamp", "X-JOS-Sign-Method"})
NO_BODY = ("", "{}")
"""Bodies that JD leaves out of the sign."""


def written(value: Value) -> str:
    """Write one value as it is sent and signed: booleans in small letters, lists joined by commas.

    Raises:
        ValueError: if a part of a list holds a comma, which nobody could take apart again.

    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int):
        return str(value)
    parts = [str(part) for part in value]
    if any("," in part for part in parts):
        message = "a part of a list may hold no comma"
        raise ValueError(message)
    return ",".join(parts)


def sign(secret: str, params: Mapping[str, str]) -> str:
    """Return the sign of a map that was put together already.

    Raises:
        ValueError: if a name or a value is empty; leave it out instead.

    """
    return signing.sign(secret, params)


def sign_request(
    secret: str, headers: Mapping[str, str], query: Mapping[str, str], in_path: Mapping[str, str], body: str = ""
) -> str:
    """Return the sign of one request.

    Raises:
        ValueError: if two parts carry the same name, or a value is empty.

    """
    params = {name: value for name, value in headers.items() if name in SIGNED_HEADERS}
    rest = {} if body in NO_BODY else {"body": body}
    for part in (query, in_path, rest):
        for name, value in part.items():
            if name in params:
                message = f"the parameter {name!r} is given twice"
                raise ValueError(message)
            params[name] = value
    return sign(secret, params)

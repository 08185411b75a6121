"""Go through SP-API's pages and never pass off a part as the whole."""

from collections.abc import AsyncIterator
from typing import TypeVar

import msgspec

from huiyin.channels.jd.answers import strange
from huiyin.channels.jd.sp_answers import Pagination
from huiyin.channels.jd.sp_fields import count, rows, yes
from huiyin.channels.jd.sp_gateway import SpCall, SpGateway
from huiyin.kernel.errors import PermanentError, TemporaryError

Row = TypeVar("Row")

PAGE_SIZE = 50
MAX_PAGES = 200
"""A stop for an answer that never ends."""


async def pages(gateway: SpGateway, call: SpCall, decoder: msgspec.json.Decoder[list[Row]]) -> AsyncIterator[Row]:
    """Yield every row of a list.

    JD tells the end by `hasNextPage`, or only by `totalItems`; an answer that tells neither is not trusted.

    Raises:
        TemporaryError: a page came twice, or fewer rows than JD counted.
        PermanentError: the list has no end, or says nothing about it.

    """
    method, seen, given = call.method, 0, set[bytes]()
    for page in range(1, MAX_PAGES + 1):
        asked = call._replace(query={**call.query, "page": page, "pageSize": PAGE_SIZE})
        answer = await gateway.call(asked)
        found = rows(decoder, answer, method)
        told = answer.pagination
        if told is None:
            raise strange(method)
        if (found and answer.data in given) or count(told.current_page, method) not in (None, page):
            message = f"{method}: JD gave a page twice"
            raise TemporaryError(message, remedy="ask again later", code="page_repeats")
        for row in found:
            yield row
        given.add(answer.data)
        seen += len(found)
        if _over(told, seen, method):
            return
        if not found:
            break
    message = f"{method}: JD told more rows than it gave; a part is not passed off as the whole"
    raise PermanentError(message, remedy="ask for a shorter span")


def _over(told: Pagination, seen: int, method: str) -> bool:
    total = count(told.total_items, method)
    if told.has_next_page is None:
        if total is None:
            raise strange(method)
        return seen >= total
    if yes(told.has_next_page, method):
        return False
    if total is not None and seen < total:
        message = f"{method}: JD ended the list before all it counted"
        raise TemporaryError(message, remedy="ask again later")
    return True

"""Tell another shop's rows from one's own, where a file says whose each is. Pure.

Exports of a seller with several shops hold them all. What is another's never counts as this one's; whoever has one shop
under two names leaves the column out of the mapping.
"""

import unicodedata
from functools import lru_cache

from huiyin.imports.columns import Field
from huiyin.imports.values import Cell, plain, unfit

SHOP = Field("shop", ("店铺名称", "店铺名", "店铺", "商家名称", "商家", "shopname"))


def check_shop(cell: Cell, shop: str) -> None:
    """Refuse a row that names another shop; one that names none is taken for this one's.

    Raises:
        UnfitError: shop_other.

    """
    written = plain(cell)
    if written and _bare(written) != _bare(shop):
        raise unfit("shop_other", "shop")


@lru_cache(maxsize=256)
def _bare(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).lower().split())

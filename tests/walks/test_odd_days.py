"""Days nobody can have had are refused with a word, wherever days are asked about."""

import pytest

from .codes import with_second_factor
from .founding import PASSWORD
from .stage import Stage

FAR = (("0001-01-01", "0001-01-01"), ("9999-12-31", "9999-12-31"), ("2026-06-02", "2026-06-01"))


@pytest.mark.parametrize(("first", "last"), FAR, ids=["before all", "after all", "the wrong way round"])
async def test_days_that_cannot_be_are_refused(stage: Stage, first: str, last: str) -> None:
    owner = await stage.person("owner")
    await with_second_factor(owner, PASSWORD)
    shop, days = stage.shops["digital"], {"since": first, "until": last}
    answers = [
        await owner.http.get("/api/reports", params=days),
        await owner.http.get("/api/reports/rows", params={**days, "figure": "sessions"}),
        await owner.http.post("/api/reports/export", json={**days, "shop": shop}),
        await owner.http.post("/api/sessions/search", json={"words": "落地灯", "first": first, "last": last}),
    ]
    for each in answers:
        assert (each.status_code, each.json()["code"] in {"days_odd", "choice"}) == (400, True), each.text
    wish = {"content": "sessions", "form": "csv", "language": "zh", "first": first, "last": last, "shops": [shop]}
    frozen = {"shop": shop, "name": "外包前", "history": True, **days}
    for path, asked in (("/api/exports", wish), ("/api/reports/baselines", frozen)):
        refused = await owner.http.post(path, json=asked)
        assert refused.status_code == 400, refused.text

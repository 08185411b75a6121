"""A thousand personal values go through the front door; afterwards none stands anywhere on disk, in any form."""

import asyncio
import base64
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
import structlog

from huiyin import wiring
from huiyin.channels.port import Content, Inbound, Origin, Sender
from huiyin.evals.canaries import Canary, Search, draw, forms, reused
from huiyin.kernel.actors import Role
from huiyin.kernel.ids import new_id
from huiyin.org import administering
from huiyin.org.accounts import Sitting, map_account
from huiyin.security import sealing
from huiyin.security.copying import copy_keys
from huiyin.security.sealing import Sealer

from .founding import FOUNDER, PASSWORD, Founded
from .stage import Stage
from .test_finding import opened_pages

NUMBER = 1_200
SEED = 20260601
A_MESSAGE = 6
"""Canaries a message: a customer who tells everything at once."""


@contextmanager
def logging_into(folder: Path) -> Iterator[None]:
    """Log everything, down to debug, into a file of the folder; keep temporary files there, too."""
    file = (folder / "huiyin.log").open("a", encoding="utf-8")
    before, temporary = structlog.get_config(), tempfile.tempdir
    (folder / "tmp").mkdir()
    tempfile.tempdir = str(folder / "tmp")
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(file), cache_logger_on_first_use=False)
    try:
        yield
    finally:
        structlog.configure(**before)
        tempfile.tempdir = temporary
        file.close()


async def lives(stage: Stage, canaries: list[Canary]) -> None:
    """Let people say, write, note and be called what the canaries are, through every door there is."""
    values = [each.value for each in canaries]
    names, notes, replies, accounts = values[:20], values[20:40], values[40:80], values[80:100]
    lin, mei = await stage.agent("lin"), await stage.agent("mei")
    await stage.house.writer.do(employ, stage, names)
    told = [values[at : at + A_MESSAGE] for at in range(100, len(values), A_MESSAGE)]
    for place, group in enumerate(told):
        buyer = stage.customer(("direct", "digital")[place % 2], place % 8)
        await buyer.says("，".join(("收货人和电话都变了", *group)))
    await stage.settle()
    mine = stage.customer("direct", 0).conversation
    await lin.does(mine, "take-over")
    for value in replies:
        await lin.does(mine, "check", text=value)
        await lin.does(mine, "send", text=f"您的信息是 {value} 对吗", key=new_id(), acknowledged=True)
    for value in notes:
        holder, other = (lin, mei) if stage_holder(stage, mine) == lin.id else (mei, lin)
        await holder.does(mine, "transfer", person=other.id, note=f"顾客说 {value}")
    for place, value in enumerate(accounts):
        await told_in_window(stage, value, place)
    for person in (lin, mei):
        for tab in ("mine", "waiting", "bot", "closed"):
            await person.sees(tab)
    for path in ("orders", "logistics", "price-protection"):
        await lin.http.get(f"/api/desk/conversations/{mine}/{path}")
    await stage.client().post("/api/session", json={"login": names[0], "password": values[3]})
    await stage.client().post("/api/session", json={"login": names[1], "password": PASSWORD})
    await stage.client().get("/api/desk/conversations", params={"cursor": values[4]})
    await stage.client().post(f"/hooks/jd/{stage.shops['digital']}", content=("{" + values[5]).encode())
    await stage.passes(700)
    await stage.worker.index()


def stage_holder(stage: Stage, conversation: str) -> str:
    query = sa.text("SELECT person FROM conversation WHERE id = :id")
    with stage.house.reading.connect() as connection:
        return str(connection.execute(query, {"id": conversation}).scalar())


def employ(uow, stage: Stage, names: list[str]) -> None:
    tenant = stage.house.shops.all()[stage.shops["direct"]].tenant
    for name in names:
        new = administering.NewPerson(
            tenant=tenant, name=name, login=name, password=PASSWORD, roles=frozenset({Role.AGENT})
        )
        person = administering.register_person(uow, new, stage.house.sealer, actor=FOUNDER)
        sitting = Sitting(stage.shops["direct"], f"账号{name}", person, uow.now())
        map_account(uow, sitting, stage.house.accounts, actor=FOUNDER)


async def told_in_window(stage: Stage, account: str, place: int) -> None:
    """Receive what somebody wrote in the platform's own window, under an account that is called a canary."""
    await stage.receives("direct", Inbound(
        shop=stage.shops["direct"], source_id=new_id(), customer_ref=f"顾客{account}", sender=Sender.AGENT,
        content=Content(text=f"好的 {account}"), platform_at=stage.clock.now(), origin=Origin.BACKFILL,
        waiter_ref=account, session_ref=f"s{place}",
    ))  # fmt: skip


def backed_up(stage: Stage) -> None:
    """Leave a backup and a copy of the keys in the folder, as an operator would."""
    with sqlite3.connect(stage.folder / "huiyin.db") as source, sqlite3.connect(stage.folder / "backup.db") as target:
        source.backup(target)
    source.close()
    target.close()
    with stage.house.reading.connect() as connection:
        copy_keys(connection, stage.folder / "keys.copy", 0)
    list(stage.house.keyroom.rotate_data(stage.house.shops.all()[stage.shops["direct"]].tenant, actor=FOUNDER))


def every_sealed_field(stage: Stage) -> list[bytes]:
    with stage.house.reading.connect() as connection:
        return [
            bytes(field)
            for each in wiring.SEALED_COLUMNS
            for field in connection.execute(sa.select(each.table.c[each.column])).scalars()
            if field is not None
        ]


def opened(stage: Stage, only: str = "") -> str:
    """Return everything that stands sealed, or one column of it, opened: what the search must not find is there."""
    said: list[str] = []
    with stage.house.reading.connect() as connection:
        for each in (one for one in wiring.SEALED_COLUMNS if only in {"", one.name}):
            sealed = each.table.c[each.column]
            query = sa.select(each.table.c.tenant, *each.key, sealed).where(sealed.is_not(None))
            for tenant, *key, field in connection.execute(query):
                plain = stage.house.sealer.open(connection, each.place(tenant, key), bytes(field))
                said.append((plain or b"").decode("utf-8", "replace"))
    return "\n".join(said)


async def walked(founded: Founded, folder: Path, canaries: list[Canary]) -> tuple[list[bytes], str, str, bytes]:
    """Live through it all; return the sealed fields, what they say, in all and masked, and the index, opened."""
    stage = Stage(founded, founded.copied_to(folder))
    try:
        with logging_into(folder):
            await lives(stage, canaries)
            await asyncio.to_thread(backed_up, stage)
        stage.house.finder.close()
        return every_sealed_field(stage), opened(stage), opened(stage, "message.body"), opened_pages(stage)
    finally:
        await stage.close()


@pytest.mark.timeout(240)
async def test_of_a_thousand_personal_values_none_is_found_anywhere(founded: Founded, tmp_path: Path, capfd) -> None:
    canaries = draw(NUMBER, SEED)
    search, folder = Search(canaries), tmp_path / "house"
    sealed, said, masked, index = await walked(founded, folder, canaries)
    assert sum(each.value in said for each in canaries) > 1_000, "they are there, sealed"
    files = {path.name for path in folder.rglob("*") if path.is_file()}
    assert {"huiyin.db", "huiyin.log", "backup.db", "keys.copy", "master.key"} <= files
    assert len(sealed) > 400
    assert "收货".encode() in index
    found = {hit.canary for hit in search.in_bytes("the index of session search, opened", index)}
    shown = {hit.canary for hit in search.in_bytes("masked words", masked.encode())}
    assert found <= shown, "the index holds what screens show, and nothing that is masked there"
    assert len(found) < len(canaries) / 4
    assert [f"{hit.where} {hit.form} {hit.canary.kind}" for hit in search.in_folder(folder)] == []
    printed = capfd.readouterr()
    assert not search.in_bytes("stdout and stderr", (printed.out + printed.err).encode())
    assert reused(sealed) == []


async def test_a_seal_that_is_skipped_is_found(
    founded: Founded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = Sealer.seal

    def careless(sealer: Sealer, connection, key_id: str, place, plain: bytes) -> bytes:
        if (place.table, place.field) == ("message", "original"):
            return sealing.VERSION + bytes.fromhex(key_id) + b"\0" * 12 + plain
        return honest(sealer, connection, key_id, place, plain)

    monkeypatch.setattr(Sealer, "seal", careless)
    canaries = draw(12, SEED)
    folder = tmp_path / "house"
    stage = Stage(founded, founded.copied_to(folder))
    for each in canaries:
        await stage.customer("direct").says(f"收货人变了，{each.value}")
    await stage.settle()
    await stage.close()
    found = Search(canaries).in_folder(folder)
    assert {"phone", "id_number", "bank_card"} <= {hit.canary.kind for hit in found}


async def test_a_log_line_with_words_is_found(stage: Stage) -> None:
    (canary,) = draw(1, SEED)
    with logging_into(stage.folder):
        structlog.get_logger().warning("planted.line", words=f"顾客说 {canary.value}")
    assert [(hit.where, hit.form) for hit in Search([canary]).in_folder(stage.folder)] == [("huiyin.log", "utf-8")]


async def test_a_nonce_that_is_used_twice_is_found(
    founded: Founded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = Stage(founded, founded.copied_to(tmp_path / "house"))
    monkeypatch.setattr(sealing.secrets, "token_bytes", lambda number: b"n" * number)
    for text in ("在吗", "有人吗"):
        await stage.customer("direct").says(text)
    await stage.settle()
    assert reused(every_sealed_field(stage))
    await stage.close()


@pytest.mark.parametrize("place", range(3))
def test_every_form_of_a_value_is_found_whatever_stands_around_it(place: int) -> None:
    canary = draw(9, SEED)[place * 3]
    search = Search([canary])
    for form, written in forms(canary.value):
        assert search.in_bytes("x", b"\x00before " + written + b" after"), form
    for around in range(4):
        text = base64.b64encode(b"x" * around + canary.value.encode() + b"y" * around)
        assert search.in_bytes("x", text), f"base64 with {around} bytes before it"

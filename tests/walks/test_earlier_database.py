"""A database of before keys had versions: its names and accounts are sealed at the first start, and all of it works."""

from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from cryptography.hazmat.primitives import hashes, hmac

from huiyin.conversations import legacy, store
from huiyin.conversations.source_keys import keyed
from huiyin.eventlog.database import MIGRATIONS, open_for_writing
from huiyin.kernel.clock import ManualClock
from huiyin.security.wrapping import derived, new_key, wrap
from huiyin.wiring import House, Settings, build

from .founding import NOON

MASTER, TENANT, SHOP, PERSON, CUSTOMER = b"m" * 32, "t" * 32, "s" * 32, "p" * 32, "c" * 32
DERIVED, PLAIN = "log-0123456789abcdef", "m4279-0123456789"
NAME, LOGIN, ACCOUNT, PIN = "欧阳客服", "ouyang-login", "旗舰店:欧阳客服", "jd_pin_of_old"

LATER = (
    "shop_connection", "line_trouble", "figures_presence",
    "import_file", "import_refusal", "import_mapping", "reported_figure", "backfill", "search_index",
    "retention_period",
    "evaluation", "after_sale", "comment", "waiter_move", "outcome_mark", "baseline", "baseline_figure",
    "access_log", "access_log_mark", "placed_order", "inquiry", "inquiry_mark",
    "export", "export_shop", "export_part",
    "webhook", "webhook_delivery", "kept_answer", "erased_account",
)  # fmt: skip
"""Tables that came after the earliest database."""


def index_of(kind: str, value: str) -> str:
    mac = hmac.HMAC(derived(MASTER, f"index|{TENANT}|{kind}"), hashes.SHA256())
    mac.update(value.encode())
    return mac.finalize()[:16].hex()


def earlier(folder: Path) -> None:
    """Write a folder as the version before 0007 left it."""
    folder.mkdir()
    (folder / "master.key").touch(mode=0o600)
    (folder / "master.key").write_text(MASTER.hex() + "\n")
    engine = open_for_writing(folder / "huiyin.db")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    above = new_key()
    rows: dict[str, dict[str, object]] = {
        "tenant_key": {"tenant": TENANT, "wrapped": wrap(MASTER, above, f"tenant|{TENANT}"), "created_at": 1},
        "data_key": {"id": "d" * 32, "tenant": TENANT, "subject": CUSTOMER, "created_at": 1,
                     "wrapped": wrap(above, new_key(), f"data|{TENANT}|{CUSTOMER}")},
        "organisation": {"id": TENANT, "kind": "merchant", "name": "远山数码", "simulated": True},
        "shop": {"id": SHOP, "tenant": TENANT, "name": "店", "platform": "jd", "platform_ref": "1", "category": "",
                 "time_zone": "Asia/Shanghai", "tier": "read", "origin": "live", "bot": False, "knowledge": ""},
        "person": {"id": PERSON, "tenant": TENANT, "name": NAME, "login": LOGIN, "password": "-",
                   "roles": '["agent"]', "skills": "[]", "active": True},
        "customer": {"id": CUSTOMER, "tenant": TENANT, "shop": SHOP, "ref_index": index_of("customer", PIN),
                     "ref_sealed": b"\x01" + b"\xdd" * 16 + b"-" * 40, "label": "j***d"},
        "platform_account": {"id": "a" * 32, "shop": SHOP, "waiter_ref": ACCOUNT, "person": PERSON,
                             "effective_from": 1, "recorded_at": 1},
        "message": {"id": "e" * 32, "conversation": "v" * 32, "version": 1, "tenant": TENANT, "shop": SHOP,
                    "sender": "agent", "author": f"waiter:{ACCOUNT}", "kind": "text", "body": b"-", "content_hash": "",
                    "reply_mac": "", "source_key": f"{SHOP}:{DERIVED}", "platform_at": 1,
                    "received_at": 1, "note": "", "flags": ""},
        "early_recall": {"source_key": f"{SHOP}:{PLAIN}", "at": 1},
        "event": {"position": 1, "tenant": TENANT, "shop": SHOP, "subject": "v" * 32, "version": 1,
                  "kind": "conversations.MessageReceived", "actor": "customer:x", "at": 1,
                  "body": msgspec.json.encode({"type": "conversations.MessageReceived", "message": "e" * 32,
                                               "sender": "agent", "kind": "text", "origin": "live", "platform_at": 1,
                                               "author": f"waiter:{ACCOUNT}"})},
    }  # fmt: skip
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0006")
        for table, row in rows.items():
            names = ", ".join(row)
            values = ", ".join(f":{name}" for name in row)
            connection.execute(sa.text(f"INSERT INTO {table} ({names}) VALUES ({values})"), row)
        connection.commit()
    engine.dispose()


def everything(house: House) -> None:
    with house.reading.connect() as connection:
        assert house.people.name(connection, PERSON) == NAME
        assert house.ring.look_up(connection, TENANT, "customer", PIN) == index_of("customer", PIN)
        author = connection.execute(sa.select(store.message.c.author)).scalar_one()
        assert house.accounts.names(connection, [author.removeprefix("waiter:")]) == {
            author.removeprefix("waiter:"): ACCOUNT
        }
        told = connection.execute(sa.text("SELECT body FROM event WHERE kind LIKE '%MessageReceived'")).scalar_one()
        source_key = connection.execute(sa.select(store.message.c.source_key)).scalar_one()
        recall = connection.execute(sa.select(store.early_recall.c.source_key)).scalar_one()
    assert msgspec.json.decode(told)["author"] == author
    assert source_key == f"{SHOP}:{keyed(house.ring, DERIVED)}"
    assert recall == f"{SHOP}:{keyed(house.ring, PLAIN)}"
    assert house.entrance._proving._account(sa.true()).login == LOGIN


def test_it_opens_and_nothing_is_left_plain(tmp_path: Path) -> None:
    folder = tmp_path / "house"
    earlier(folder)
    assert NAME.encode() in (folder / "huiyin.db").read_bytes()
    for _ in range(2):
        house = build(Settings(folder), ManualClock(NOON))
        try:
            everything(house)
        finally:
            house.close()
    left = b"".join(each.read_bytes() for each in folder.iterdir() if each.is_file())
    assert not [word for word in (NAME, LOGIN, ACCOUNT, DERIVED, PLAIN) if word.encode() in left]


def undo_later_tables(connection: sa.Connection) -> None:
    """Take away what the migrations from 0013 on make."""
    for table in LATER:
        connection.execute(sa.text(f"DROP TABLE {table}"))
    connection.execute(sa.text("DROP INDEX ix_conversation_kept"))
    connection.execute(sa.text("DROP INDEX ix_conversation_shop_opened"))
    connection.execute(sa.text("ALTER TABLE conversation DROP COLUMN kept"))
    connection.execute(sa.text("ALTER TABLE conversation DROP COLUMN sku_refs"))
    connection.execute(sa.text("ALTER TABLE session_figures DROP COLUMN left_message"))
    connection.execute(sa.text("ALTER TABLE session_figures DROP COLUMN wanted_person_at"))
    connection.execute(sa.text("DROP INDEX ix_session_figures_definition"))
    connection.execute(sa.text("ALTER TABLE session_figures DROP COLUMN degree"))
    connection.execute(sa.text("DROP INDEX ix_session_figures_unconsulted"))
    connection.execute(sa.text("ALTER TABLE session_figures DROP COLUMN consulted"))


def test_nothing_leads_back_to_whoever_was_erased_before(tmp_path: Path) -> None:
    build(Settings(tmp_path), ManualClock(NOON)).close()
    columns = [each.name for each in store.conversation.columns if each.name not in {"kept", "sku_refs"}]
    talk = dict.fromkeys(columns, 0) | {"session_ref": "sid-7", "order_ref": "88"}
    engine = open_for_writing(tmp_path / "huiyin.db")
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0010'"))
        undo_later_tables(connection)
        for name, index in (("gone", "shredded:gone"), ("here", "abc")):
            row = {"id": name, "tenant": TENANT, "shop": SHOP, "ref_index": index, "ref_sealed": b"-"}
            connection.execute(store.customer.insert().values(row))
            connection.execute(store.conversation.insert().values({**talk, "id": f"talk-{name}", "customer": name}))
    engine.dispose()
    house = build(Settings(tmp_path), ManualClock(NOON))
    there = store.conversation.c
    with house.reading.connect() as connection:
        left = connection.execute(sa.select(there.customer, there.session_ref, there.order_ref)).all()
    house.close()
    assert sorted(left) == [("gone", "", ""), ("here", "sid-7", "88")]


def test_the_platforms_ids_of_messages_are_put_under_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(legacy, "BATCH", 2)
    build(Settings(tmp_path), ManualClock(NOON)).close()
    row = {each.name: 0 for each in store.message.columns} | {"body": b"-", "original": None, "shop": SHOP}
    ids = [f"m427965{number}" for number in range(5)]
    engine = open_for_writing(tmp_path / "huiyin.db")
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0011'"))
        undo_later_tables(connection)
        for each in [*ids, None]:
            key = None if each is None else f"{SHOP}:{each}"
            connection.execute(store.message.insert().values({**row, "id": f"id-{each}", "source_key": key}))
        for each in ids:
            connection.execute(store.early_recall.insert().values(source_key=f"{SHOP}:{each}", at=1))
    engine.dispose()
    house = build(Settings(tmp_path), ManualClock(NOON))
    wanted = {f"id-{each}": f"{SHOP}:{keyed(house.ring, each)}" for each in ids} | {"id-None": None}
    with house.reading.connect() as connection:
        kept = dict(connection.execute(sa.select(store.message.c.id, store.message.c.source_key)).all())
        recalled = set(connection.execute(sa.select(store.early_recall.c.source_key)).scalars())
    house.close()
    assert kept == wanted
    assert recalled == set(wanted.values()) - {None}
    left = b"".join(each.read_bytes() for each in tmp_path.iterdir() if each.is_file())
    assert not [each for each in ids if f"{SHOP}:{each}".encode() in left]

"""Nothing a person said or is called lies open in the database: every column that could hold it is accounted for."""

import sqlalchemy as sa

from huiyin import wiring
from huiyin.eventlog.schema import metadata

SEALED = "sealed"
ID, CODE, KEY, INDEX = "an id of ours", "one of a fixed set of codes", "a wrapped key", "a keyed index, one way"
OURS = "words of ours, from a rule, a pack or the program"
PLATFORM = "the platform's own number; means nothing without its gateway"
COMPANY = "a company or a team, not a person"
STATED = "a reason of record; whoever writes it is told to name a file number, never a person"

COLUMNS = {
    "access_log": {"id": ID, "tenant": ID, "subject": ID, "shop": ID, "kind": CODE, "record": SEALED},
    "access_log_mark": {"shop": ID, "trouble": CODE},
    "assignment": {"id": ID, "conversation": ID, "desk": CODE, "person": ID, "engagement": ID, "shift": ID,
                   "because": OURS},
    "assist_turn": {"conversation": ID, "shop": ID, "message": ID},
    "audit_entry": {"tenant": ID, "actor_tenant": ID, "actor": ID, "action": CODE, "subject": ID, "outcome": CODE,
                    "proof": CODE, "proof_id": ID, "device": "a browser in words of ours", "detail": "ids and codes",
                    "prev": "a hash", "hash": "a hash"},
    "backfill": {"id": ID, "tenant": ID, "shop": ID, "person": ID, "state": CODE, "trouble": CODE, "lease": ID},
    "calendar": {"id": ID, "shop": ID, "hours": COMPANY},
    "conversation": {"id": ID, "tenant": ID, "shop": ID, "customer": ID, "session_ref": PLATFORM, "origin": CODE,
                     "state": CODE, "skill": CODE, "person": ID, "engagement": ID, "order_ref": PLATFORM,
                     "sku_refs": PLATFORM, "last_message": ID, "close_reason": CODE, "kept": CODE},
    "erased_account": {"shop": ID, "ref_index": INDEX},
    "customer": {"id": ID, "tenant": ID, "shop": ID, "ref_index": INDEX, "ref_sealed": SEALED},
    "data_key": {"id": ID, "tenant": ID, "subject": ID, "wrapping": ID, "wrapped": KEY, "state": CODE},
    "early_recall": {"source_key": INDEX},
    "engagement": {"id": ID, "merchant": ID, "vendor": ID, "shop": ID, "hours": COMPANY, "replaces": ID},
    "event": {"tenant": ID, "shop": ID, "subject": ID, "kind": CODE, "actor": ID,
              "body": "ids and codes; tests/walks/test_nothing_in_the_clear.py looks into it"},
    "export": {"id": ID, "tenant": ID, "person": ID, "content": CODE, "form": CODE, "language": CODE, "first": "a day",
               "last": "a day", "state": CODE, "trouble": CODE, "at_shop": ID, "at_session": ID, "key_sealed": SEALED,
               "lease": ID},
    "export_part": {"export": ID},
    "export_shop": {"export": ID, "shop": ID},
    "figures_presence": {"person": ID, "tenant": ID},
    "exempt_window": {"id": ID, "platform": CODE, "shop": ID, "why": COMPANY, "source": COMPANY},
    "finding": {"verdict": ID, "message": ID, "conversation": ID, "rule": CODE, "rule_version": CODE, "title": OURS,
                "severity": CODE, "reason": OURS},
    "import_file": {"id": ID, "tenant": ID, "shop": ID, "kind": CODE, "source": CODE, "name_sealed": SEALED,
                    "key_sealed": SEALED, "digest": "a hash", "form": CODE, "sheet": "the name of a file's sheet",
                    "columns": "names of a file's columns", "person": ID, "state": CODE, "trouble": CODE, "lease": ID},
    "import_mapping": {"tenant": ID, "kind": CODE, "fingerprint": "a hash", "columns": "names of a file's columns"},
    "import_refusal": {"file": ID, "field": CODE, "code": CODE},
    "legal_hold": {"id": ID, "tenant": ID, "subject": ID, "reason": STATED, "actor": ID, "lifted_by": ID},
    "line_trouble": {"shop": ID, "code": CODE},
    "inquiry": {"shop": ID, "customer": ID, "day": "a day", "person": "an id of ours, or the index of an account",
                "tenant": ID},
    "inquiry_mark": {"shop": ID},
    "placed_order": {"shop": ID, "number": PLATFORM, "tenant": ID, "skus": PLATFORM, "gateway": CODE, "method": CODE,
                     "customer": "an id of ours, or the index of an account"},
    "listener_position": {"listener": CODE},
    "message": {"id": ID, "conversation": ID, "tenant": ID, "shop": ID, "source_key": INDEX, "sender": CODE,
                "author": "an id of ours, or the index of a platform account", "kind": CODE, "body": SEALED,
                "original": SEALED, "content_hash": "a hash of ciphertext", "reply_mac": INDEX, "delivery": CODE,
                "note": OURS, "flags": CODE},
    "organisation": {"id": ID, "kind": CODE, "name": COMPANY},
    "outbox": {"message": ID, "conversation": ID, "shop": ID, "state": CODE, "then_reason": OURS, "then_skill": CODE},
    "parked_event": {"listener": CODE, "subject": ID, "state": CODE, "error": "a type, and a message of ours"},
    "person": {"id": ID, "tenant": ID, "name_sealed": SEALED, "login_sealed": SEALED, "login_index": INDEX,
               "password": "argon2id, one way", "roles": CODE, "skills": CODE},
    "platform_account": {"id": ID, "shop": ID, "account": INDEX, "person": ID, "replaces": ID},
    "account_name": {"shop": ID, "account": INDEX, "tenant": ID, "ref_sealed": SEALED},
    "poll_mark": {"shop": ID},
    "reveal": {"id": ID, "tenant": ID, "shop": ID, "conversation": ID, "message": ID, "kind": CODE, "purpose": CODE,
               "person": ID, "proof": ID},
    "retention_period": {"tenant": ID, "kind": CODE, "set_by": ID},
    "reported_figure": {"id": ID, "tenant": ID, "shop": ID, "source": CODE, "figure": CODE, "day": "a day",
                        "until": "a day", "account": INDEX, "file": ID},
    "request_key": {"key": "an id of ours and one a screen drew by lot", "message": ID},
    "search_index": {"tenant": ID, "key_sealed": SEALED},
    "seat": {"person": ID, "tenant": ID, "state": CODE},
    "session": {"id": ID, "token_hash": "a hash of a random token", "person": ID,
                "device": "a browser in words of ours", "ended_why": CODE},
    "totp": {"person": ID, "tenant": ID, "secret": SEALED},
    "recovery_code": {"code_hash": "a hash of a random code", "person": ID},
    "baseline": {"id": ID, "tenant": ID, "shop": ID, "name": "what its maker calls it", "since": "a day",
                 "until": "a day", "person": ID, "digest": "a hash"},
    "baseline_figure": {"baseline": ID, "source": CODE, "figure": CODE, "unit": CODE, "why": CODE},
    "evaluation": {"id": INDEX, "tenant": ID, "shop": ID, "conversation": ID, "customer": ID, "session_ref": PLATFORM,
                   "account": INDEX, "score": CODE, "label_sealed": SEALED, "gateway": CODE, "method": CODE},
    "after_sale": {"shop": ID, "number": PLATFORM, "tenant": ID, "order_ref": PLATFORM, "conversation": ID,
                   "expectation": CODE, "state": CODE, "state_label": "the platform's word for a state, masked",
                   "gateway": CODE, "method": CODE},
    "comment": {"shop": ID, "number": PLATFORM, "tenant": ID, "order_ref": PLATFORM, "sku": PLATFORM, "score": CODE,
                "gateway": CODE, "method": CODE},
    "waiter_move": {"shop": ID, "account": INDEX, "tenant": ID, "state": CODE, "gateway": CODE, "method": CODE},
    "outcome_mark": {"shop": ID, "kind": CODE, "trouble": CODE},
    "api_token": {"id": ID, "token_hash": "a hash of a random token", "person": ID, "name": "what its maker calls it",
                  "scopes": CODE},
    "attempt": {"key": "an index of a login or an address, or an id of ours"},
    "approval": {"id": ID, "tenant": ID, "kind": CODE, "person": ID, "link": ID, "asked_by": ID, "verdict": CODE,
                 "decided_by": ID, "terms": "roles, or a provider's own id, until it is decided"},
    "one_time_link": {"id": ID, "token_hash": "a hash of a random token", "purpose": CODE, "person": ID},
    "oidc_identity": {"issuer": "an address of a company's service", "subject": "the provider's own id", "person": ID},
    "session_figures": {"conversation": ID, "tenant": ID, "shop": ID, "origin": CODE, "state": CODE, "person": ID,
                        "engagement": ID, "shift": ID, "first_by": CODE, "outside_hours": CODE},
    "shift": {"id": ID, "tenant": ID, "person": ID, "shop": ID, "name": COMPANY, "replaces": ID},
    "shop": {"id": ID, "tenant": ID, "name": COMPANY, "platform": CODE, "platform_ref": PLATFORM, "category": CODE,
             "time_zone": CODE, "tier": CODE, "origin": CODE, "knowledge": CODE},
    "shop_connection": {"shop": ID, "tenant": ID, "platform": CODE, "settings_sealed": SEALED, "tokens_sealed": SEALED},
    "suggestion": {"id": ID, "conversation": ID, "message": ID, "body": SEALED, "reason": OURS},
    "tenant_key": {"id": ID, "tenant": ID, "purpose": CODE, "master": CODE, "wrapped": KEY, "state": CODE},
    "tombstone": {"id": ID, "tenant": ID, "subject": ID, "body": STATED, "signer": "a public key",
                  "signature": "a signature"},
    "transfer_note": {"id": ID, "conversation": ID, "tenant": ID, "body": SEALED},
    "kept_answer": {"id": INDEX, "tenant": ID, "request": INDEX, "state": CODE, "answer_sealed": SEALED},
    "webhook": {"id": ID, "tenant": ID, "url_sealed": SEALED, "secret_sealed": SEALED, "former_sealed": SEALED,
                "description": "what its maker calls it", "kinds": CODE, "shops": ID, "state": CODE, "off_why": CODE,
                "person": ID},
    "webhook_delivery": {"id": ID, "webhook": ID, "kind": CODE, "body": "ids, codes, counts and times", "state": CODE,
                         "error": CODE},
    "verdict": {"id": ID, "message": ID, "conversation": ID, "tenant": ID, "shop": ID, "outcome": CODE, "engine": CODE,
                "pack_hash": "a hash of rules", "clauses": CODE, "content_hash": "a hash of ciphertext",
                "evidence_hash": "a hash of hashes"},
}  # fmt: skip
"""Every column that can hold words: sealed, or why nothing personal stands there. docs/decisions/0021 says the same."""


def test_every_column_that_could_hold_words_is_sealed_or_says_why_not() -> None:
    assert wiring.EVENT_TYPES  # every room is loaded
    texts = (sa.Text, sa.String, sa.LargeBinary, sa.JSON)
    found = {
        table.name: {column.name for column in table.columns if isinstance(column.type, texts)}
        for table in metadata.sorted_tables
    }
    known = {table: set(columns) for table, columns in COLUMNS.items()}
    new = {table: sorted(columns - known.get(table, set())) for table, columns in found.items()}
    gone = {table: sorted(columns - found.get(table, set())) for table, columns in known.items()}
    assert not {table: columns for table, columns in new.items() if columns}, "say what may stand there, and seal it"
    assert not {table: columns for table, columns in gone.items() if columns}, "these are no more: take them out"


FILES_BESIDE = {"search": "SQLCipher: every page under a key that stands sealed in search_index.key_sealed"}
"""What else is kept in the house's folder of what people wrote; tests/walks/test_nothing_in_the_clear.py opens it."""


def test_files_beside_the_database_are_under_a_key_that_is_sealed() -> None:
    assert "search" in FILES_BESIDE
    assert COLUMNS["search_index"]["key_sealed"] == SEALED


REPLACED_SOON = {"suggestion.body"}
"""Sealed, and not sealed anew by a rotation: it is replaced within minutes."""


def test_what_is_sealed_is_sealed_anew_by_a_rotation() -> None:
    sealed = {f"{table}.{name}" for table, columns in COLUMNS.items() for name, why in columns.items() if why == SEALED}
    assert {each.name for each in wiring.SEALED_COLUMNS} == sealed - REPLACED_SOON


def test_what_is_sealed_is_kept_as_bytes() -> None:
    for table, columns in COLUMNS.items():
        for column in (name for name, why in columns.items() if why == SEALED):
            assert isinstance(metadata.tables[table].c[column].type, sa.LargeBinary), f"{table}.{column}"

"""Whatever the API document allows, and what it forbids, is answered as the document says: never with a 500."""

import asyncio
import contextlib
import itertools
import os
from collections.abc import AsyncIterator
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import FlakyStrategyDefinition, Unsatisfiable
from hypothesis.stateful import run_state_machine_as_test
from litestar.routes import HTTPRoute
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup, ServerError
from schemathesis.core.transport import Response

from huiyin.kernel.actors import Role
from huiyin.kernel.ids import new_id
from huiyin.policy.deciding import may_any_field
from huiyin.policy.terms import Right
from huiyin.web.guarding import RIGHTS

from .doors import Doors
from .stage import Person
from .test_matrix import Joined, joined, ours, side
from .test_tenancy import ROUTES, Ours

__all__ = ["joined", "ours"]  # fixtures

TIMES = int(os.environ.get("HUIYIN_FUZZ", "1"))
"""How many times more examples: `make fuzz` says 25."""
EXAMPLES = 2 * TIMES
SEED = 20260601
FIRST, LAST = (
    ("POST /api/session", "take-over", "/send", "/reveal"),
    ("/read", "transfer", "close", "/deactivate", "/reactivate", "DELETE /api/account/sessions/", "DELETE"),
)
OWN_WAY = {
    "PUT /api/account/password": "takes the old password: test_guessing.py",
    "POST /api/account/totp": "takes one's password: test_second_factor.py",
    "POST /api/account/totp/confirm": "takes the six digits of the moment: test_second_factor.py",
    "POST /api/account/totp/remove": "takes the six digits of the moment: test_second_factor.py",
    "POST /api/session/second-factor": "takes the six digits of the moment: test_second_factor.py",
    "POST /api/connections": "takes a platform's settings: test_shops.py",
    "PUT /api/connections/{shop}": "takes a platform's settings: test_shops.py",
    "POST /api/connections/{shop}/backfills/{backfill}/go-on": "takes a backfill: test_backfill.py",
    "POST /api/connections/{shop}/backfills/{backfill}/stop": "takes a backfill: test_backfill.py",
    "GET /api/reports/baselines": "takes a shop of one's own: test_baselines.py",
    "POST /api/reports/baselines": "takes days that are over and known: test_baselines.py",
    "GET /api/exports/{export}": "takes an export: test_exports.py",
    "POST /api/exports": "takes shops and days of one's own: test_exports.py",
    "POST /api/exports/{export}/cancel": "takes an export: test_exports.py",
    "POST /api/exports/{export}/download": "takes an export that is done: test_exports.py",
    "PUT /api/webhooks/{webhook}": "takes an endpoint that is registered: test_webhooks.py",
    "DELETE /api/webhooks/{webhook}": "takes an endpoint that is registered: test_webhooks.py",
    "POST /api/webhooks/{webhook}/secret": "takes an endpoint that is registered: test_webhooks.py",
    "POST /api/webhooks/{webhook}/on": "takes an endpoint that is registered: test_webhooks.py",
    "POST /api/webhooks/{webhook}/off": "takes an endpoint that is registered: test_webhooks.py",
    "POST /api/webhooks/{webhook}/test": "takes an endpoint that is registered: test_webhooks.py",
    "GET /api/webhooks/{webhook}/deliveries": "takes an endpoint that is registered: test_webhooks.py",
    "POST /api/webhooks/{webhook}/deliveries/{sent}/resend": "takes a call that was made: test_webhooks.py",
    "POST /api/imports": "takes a file: test_imports.py",
    "POST /api/imports/{file}/preview": "takes a file that was offered: test_imports.py",
    "POST /api/imports/{file}/start": "takes a file that was offered: test_imports.py",
    "POST /api/imports/{file}/stop": "takes a file that was offered: test_imports.py",
    "GET /api/imports/{file}/refused": "takes a file that was offered: test_imports.py",
    "POST /api/people/{person}/identity": "takes an identity provider",
    "POST /api/approvals/{approval}/approve": "takes what waits for a second person: test_guardians.py",
    "POST /api/approvals/{approval}/refuse": "takes what waits for a second person: test_guardians.py",
    "GET /api/account/tokens/own": "takes a token: test_tokens.py",
    "POST /api/keys/customers/{customer}/shred": "takes a customer whom nothing else asks about: test_erasing.py",
    "POST /api/keys/holds/{hold}/lift": "takes a hold that stands: test_erasing.py",
    "GET /api/oidc/start": "answers by sending the browser on: test_oidc.py",
    "GET /api/oidc/callback": "answers by sending the browser on: test_oidc.py",
    "POST /api/welcome": "takes a one-time link: test_welcome.py",
    "POST /api/welcome/accept": "takes a one-time link: test_welcome.py",
    "POST /api/stuck/{listener}/{subject}/retry": "takes an event that is stuck: test_stuck.py",
    "POST /api/desk/conversations/{conversation}/copied/{message}": "takes a reply that was checked: test_delivery.py",
    "POST /api/desk/conversations/{conversation}/settle/{message}": "takes a lost reply: test_settling.py",
    "POST /hooks/{platform}/{shop}": "takes a signature: test_bad_input.py",
    "POST /api/widget/{site}/visits": "takes a page of a shop's own: test_widget.py",
    "POST /api/widget/{site}/messages": "takes a page of a shop's own: test_widget.py",
}
"""Operations that refuse whatever a generator can think of, and the walk in which they are let through."""


def quick(examples: int) -> settings:
    return settings(
        max_examples=examples, deadline=None, database=None, phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck), stateful_step_count=12,
    )  # fmt: skip


class Asked:
    """What the doors are asked about: things that exist, and requests that make sense."""

    def __init__(self, ours: Ours) -> None:
        self.stage = ours.stage
        self.ids = {
            "conversation": ours.conversation, "order": ours.order, "listener": "insight.figures",
            "subject": ours.conversation, "platform": "jd", "shop": ours.stage.shops["direct"],
            "person": ours.stage.founded.people["mei"], "session": new_id(), "token": new_id(),
            "approval": new_id(), "customer": new_id(), "hold": new_id(), "file": new_id(), "backfill": new_id(),
            "webhook": new_id(), "sent": new_id(), "export": new_id(), "kind": "words", "site": "no-such-site",
        }  # fmt: skip
        self.bodies: dict[str, dict[str, object]] = {
            "POST /api/accounts": {
                "shop": ours.stage.shops["direct"], "account": "客服01", "person": ours.stage.founded.people["mei"],
                "effectiveFrom": "2026-06-01T04:00:00Z",
            },
            "POST /api/keys/customers": {"by": "account", "value": "jd_nobody"},
            "POST /api/keys/holds": {"customer": "", "reason": "案卷 1"},
        }  # fmt: skip

    async def meets(self, person: Person) -> None:
        """Learn the ids of the newest message and of the person's own session and token."""
        opened = await person.http.get(f"/api/desk/conversations/{self.ids['conversation']}")
        if opened.status_code == 200:
            hiding = [each["id"] for each in opened.json()["messages"] if each["hidden"]]
            self.ids["message"] = hiding[-1]
        self.ids["session"] = (await person.http.get("/api/account/sessions")).json()[0]["id"]
        scope = {"name": "x", "scopes": ["session:read"], "days": 1}
        made = await person.http.post("/api/account/tokens", json=scope)
        assert made.status_code == 200, made.text
        self.ids["token"] = made.json()["id"]

    def path(self, operation: Any) -> dict[str, str]:
        """Return the parameters of an operation's path that name something real."""
        return {each: value for each, value in self.ids.items() if f"{{{each}}}" in operation.path}

    def case(self, operation: Any) -> Any:
        """Return a request that makes sense."""
        label = f"{operation.method.upper()} {operation.path}"
        row = ROUTES[label.replace("}", ":str}")]
        body = self.bodies.get(label, row.data)
        if label == "POST /api/people":
            body = {"name": "新人", "login": f"new-{new_id()}", "roles": ["agent"]}
        sent = {} if body is None else {"body": body, "media_type": "application/json"}
        return operation.Case(path_parameters=self.path(operation), query=dict(row.query or {}), **sent)


def place(operation: Any) -> tuple[int, int, str]:
    label = f"{operation.method.upper()} {operation.path}"
    first = next((at for at, part in enumerate(FIRST) if part in label), len(FIRST))
    last = next((at + 1 for at, part in enumerate(LAST) if part in label), 0)
    return last, first, label


def rights_at(ours: Ours) -> dict[str, tuple[Right, ...]]:
    """Return which rights open each operation of the document; none where anybody may ask."""
    return {
        f"{method} {route.path_format}": handler.opt.get(RIGHTS, ())
        for route in ours.stage.app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        for method in handler.http_methods
    }


@pytest.fixture
async def doors(ours: Ours, joined: Joined) -> AsyncIterator[tuple[Doors, dict[Role, Person]]]:
    """Let one person of every role in, second factor shown, and look at the books when they are gone."""
    doors = Doors(ours.stage)
    people = {Role.AGENT: ours.lin}  # first, while the conversation is on her desk
    people |= {role: await joined.beside(side(role), role) for role in Role if role is not Role.AGENT}
    buyer = ours.stage.customer("direct")
    await buyer.says("寄到这里：手机13812345678，收件人张伟")
    await ours.stage.settle()
    for person in people.values():
        await doors.enters(person)
    yield doors, people
    await ours.stage.settle()
    assert ours.stage.house.witness.examine(actor=joined.actor(people[Role.AUDITOR])).sound


@pytest.mark.long
@pytest.mark.timeout(120 + 120 * TIMES)
async def test_every_role_is_answered_at_every_operation_as_the_document_says(
    doors: tuple[Doors, dict[Role, Person]], ours: Ours, joined: Joined
) -> None:
    door, people = doors
    rights = rights_at(ours)
    operations = sorted((each.ok() for each in door.schema.get_all_operations()), key=place)
    asked = Asked(ours)
    for role, person in people.items():
        actor = joined.actor(person)
        await asked.meets(person)
        await person.http.put("/api/desk/presence", json={"state": "online"})
        for operation in operations:
            wanted = rights[f"{operation.method.upper()} {operation.path}"]
            if any(may_any_field(actor, each) for each in wanted) or (not wanted and role is Role.AGENT):
                await asyncio.to_thread(_visit, door, operation, person, asked)
    labels = {f"{each.method.upper()} {each.path}" for each in operations}
    assert set(door.answered) == labels
    never = {label for label, statuses in door.answered.items() if not any(each < 300 for each in statuses)}
    assert never == set(OWN_WAY), {label: door.answered[label] for label in never ^ set(OWN_WAY)}


def _visit(door: Doors, operation: Any, person: Person, asked: Asked) -> None:
    """Ask what makes sense, then whatever the document allows and forbids; thoroughly the first time."""

    def ask(case: Any) -> None:
        door.ask(case, person)

    ask(asked.case(operation))
    real = asked.path(operation)
    kinds: list[tuple[GenerationMode, dict[str, Any]]] = []
    if operation.body or operation.query:
        kinds += [(mode, {"path_parameters": real}) for mode in GenerationMode]
    if operation.path_parameters and operation.label not in door.visited:
        kinds += [(mode, {}) for mode in GenerationMode]
    examples = EXAMPLES if operation.label in door.visited else 4 * EXAMPLES
    door.visited.add(operation.label)
    for mode, fixed in kinds:
        if (operation.label, bool(fixed)) in door.allows_all and mode is GenerationMode.NEGATIVE:
            continue
        try:
            seed(SEED)(quick(examples)(given(operation.as_strategy(generation_mode=mode, **fixed))(ask)))()
        except Unsatisfiable:
            assert mode is GenerationMode.NEGATIVE
            door.allows_all.add((operation.label, bool(fixed)))


@pytest.mark.timeout(60 + 120 * TIMES)
async def test_what_one_answer_names_the_next_request_may_use(doors: tuple[Doors, dict[Role, Person]]) -> None:
    """List, open, act: along the links between operations, as one role after the other."""
    door, people = doors
    turns = itertools.cycle([each for one in people.values() for each in (one, people[Role.AGENT])])
    chained = door.schema.include(func=lambda context: context.operation.label in door.chained)

    class Machine(chained.as_state_machine()):  # type: ignore[misc]  # made at run time
        person: ClassVar[Person]

        def setup(self) -> None:
            type(self).person = next(turns)

        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            return {}

        def call(self, case: Any, **_named: Any) -> Any:
            return Response.from_any(door.ask(case, self.person))

        def validate_response(self, response: Any, case: Any, **_named: Any) -> None:
            """Leave it to the door, which did."""

    def run(number: int) -> None:
        # The house remembers what was done in it, so the same steps may find it otherwise: that is no fault of its.
        with contextlib.suppress(FlakyStrategyDefinition):
            run_state_machine_as_test(seed(SEED + number)(Machine), settings=quick(4))

    for number in range(12 * TIMES):
        await asyncio.to_thread(run, number)
    assert not door.broken
    used = {each for each, told in door.answered.items() if "{conversation}" in each and told & {200, 204}}
    assert len(used) >= 4, used


async def test_the_harness_sees_an_answer_that_is_not_in_the_document(
    doors: tuple[Doors, dict[Role, Person]], ours: Ours, monkeypatch: pytest.MonkeyPatch
) -> None:
    door, people = doors
    operations = {
        f"{each.ok().method.upper()} {each.ok().path}": each.ok() for each in door.schema.get_all_operations()
    }
    operation, asked = operations["GET /api/desk/conversations"], Asked(ours)

    def breaks(*_args: object, **_named: object) -> None:
        raise ZeroDivisionError

    await asyncio.to_thread(door.ask, asked.case(operation), people[Role.AGENT])
    monkeypatch.setattr("huiyin.web.rendering.lines", breaks)
    with pytest.raises(FailureGroup) as broken:
        await asyncio.to_thread(door.ask, asked.case(operation), people[Role.AGENT])
    assert any(isinstance(each, ServerError) for each in broken.value.exceptions)

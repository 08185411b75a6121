"""Every operation of the API document, asked by somebody who may, and every answer held against the document."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import httpx
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from huiyin.kernel.ids import PersonId
from huiyin.org import signing_in
from huiyin.web.headers import ALWAYS
from huiyin.web.identity import COOKIE
from huiyin.web.pace import Buckets, Pace

from .stage import HUIYIN, Person, Stage

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
]
ENDS = {
    "POST /api/session",
    "DELETE /api/session",
    "DELETE /api/account/sessions",
    "DELETE /api/account/sessions/{session}",
}
"""What may end the session that asks; a new one is opened after it."""
NO_LIMIT = Pace(10**9, 10**9)
CONVERSATION = "/api/desk/conversations/{conversation}"
LINKS = {
    "GET /api/desk/conversations": ("conversation", "conversations/0/id", f"{CONVERSATION}"),
    f"GET {CONVERSATION}": ("message", "messages/0/id", "/{message}"),
    f"GET {CONVERSATION}/orders": ("order", "0/id", "/{order}/"),
    "GET /api/wall/rows": ("conversation", "rows/0/conversation", CONVERSATION),
    "GET /api/account/sessions": ("session", "0/id", "/{session}"),
    "POST /api/account/tokens": ("token", "id", "/{token}"),
    "POST /api/people": ("person", "person", "/{person}/"),
}
"""Which value of an answer names the thing that the operations with such a path are about: list, open, act."""


def linked(document: dict[str, Any]) -> dict[str, Any]:
    """Return the document with the links between its operations, and without what opens them: we hold the keys."""
    for operation in (each for operations in document["paths"].values() for each in operations.values()):
        operation.pop("security", None)
    for source, (name, pointer, path_part) in LINKS.items():
        method, _, path = source.partition(" ")
        answer = document["paths"][path][method.lower()]["responses"]["200"]
        answer["links"] = {
            operation["operationId"]: {
                "operationId": operation["operationId"],
                "parameters": {
                    name: f"$response.body#/{pointer}",
                    **({"conversation": "$request.path.conversation"} if "{conversation}" in path else {}),
                },
            }
            for target, operations in document["paths"].items()
            if path_part in target and f"{{{name}}}" in target
            for operation in operations.values()
        }
    return document


@dataclass
class Doors:
    """All operations, and what was answered at each."""

    stage: Stage
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.get_running_loop)
    answered: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    broken: list[str] = field(default_factory=list)
    visited: set[str] = field(default_factory=set)
    allows_all: set[tuple[str, bool]] = field(default_factory=set)
    """What cannot be asked wrongly: the document forbids nothing there."""

    def __post_init__(self) -> None:
        document = linked(self.stage.app.openapi_schema.to_schema())
        self.schema = schemathesis.openapi.from_dict(document)
        acts = {
            f"{method.upper()} {path}"
            for path, operations in document["paths"].items()
            for method in operations
            if any(part in path for _, _, part in LINKS.values())
        }
        self.chained = acts | set(LINKS)
        """What is linked: where ids are told, and where they are used."""
        self.client = self.stage.client()
        self.stage.app.state.paces = Buckets(NO_LIMIT)
        self.stage.app.state.strangers = Buckets(NO_LIMIT)

    async def enters(self, person: Person) -> None:
        """Open a session of somebody who showed a second factor just now."""
        opened = self.stage.house.writer.do(signing_in.open_session, PersonId(person.id), second_factor=True)
        person.http.cookies.set(COOKIE, await opened)

    def ask(self, case: Any, person: Person) -> httpx.Response:
        """Ask what a case asks, from a thread beside the loop, and hold the answer against the document."""
        answer = asyncio.run_coroutine_threadsafe(self._asked(case, person), self.loop).result(30)
        try:
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as failures:
            self.broken.append(str(failures))
            raise
        for name, value in ALWAYS.items():
            assert answer.headers.get_list(name) == [value], case.as_curl_command()
        assert "server" not in answer.headers
        assert "Traceback" not in answer.text
        return answer

    async def _asked(self, case: Any, person: Person) -> httpx.Response:
        label = f"{case.method} {case.operation.path}"
        told = case.as_transport_kwargs(base_url=HUIYIN)
        wanted = {key: told[key] for key in ("json", "params", "files") if told.get(key) is not None}
        if told.get("data") is not None:
            wanted["content" if isinstance(told["data"], bytes | str) else "data"] = told["data"]
        own = {"X-Huiyin": "1", "Cookie": f"{COOKIE}={person.http.cookies[COOKIE]}"}
        # httpx writes header values as ASCII; what a browser sends besides is bytes.
        headers = {key: value.encode() for key, value in ({**dict(told.get("headers") or {}), **own}).items()}
        answer = await self.client.request(told["method"], told["url"], headers=headers, **wanted)
        self.client.cookies.clear()
        self.answered[label].add(answer.status_code)
        if label in ENDS or case.method == "DELETE":
            await self.enters(person)
        return answer

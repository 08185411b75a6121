"""Whatever the OpenAPI document allows, and a little beyond it, is answered by the house: never with a 500."""

import asyncio
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings

from huiyin.web.identity import COOKIE

from .stage import HUIYIN, Stage

EXAMPLES = 12


@pytest.mark.slow
@pytest.mark.timeout(240)
async def test_no_request_the_document_allows_ends_in_an_error_of_ours(stage: Stage) -> None:
    lin, buyer = await stage.agent(), stage.customer("direct")
    await buyer.says("在吗")
    await stage.settle()
    client, cookie = stage.client(), lin.http.cookies[COOKIE]
    schema = schemathesis.openapi.from_dict(stage.app.openapi_schema.to_schema())
    loop = asyncio.get_running_loop()
    asked: dict[str, set[int]] = {}

    def ask(case: Any) -> None:
        case.path_parameters = {**(case.path_parameters or {})}
        if "conversation" in case.path_parameters and len(str(case.path_parameters["conversation"])) % 2:
            case.path_parameters["conversation"] = buyer.conversation
        request = case.as_transport_kwargs(base_url=HUIYIN)
        headers = {**dict(request.pop("headers", None) or {}), "X-Huiyin": "1", "Cookie": f"{COOKIE}={cookie}"}
        wanted = {key: value for key, value in request.items() if key in {"json", "data", "params", "content", "files"}}
        if isinstance(wanted.get("data"), bytes | str):
            wanted["content"] = wanted.pop("data")
        sending = client.request(request["method"], request["url"], headers=headers, **wanted)
        answer = asyncio.run_coroutine_threadsafe(sending, loop).result(30)
        asked.setdefault(f"{case.method} {case.operation.path}", set()).add(answer.status_code)
        assert answer.status_code != 500, f"{case.as_curl_command()}\n{answer.text}"

    for result in schema.get_all_operations():
        operation = result.ok()
        if operation.method == "delete":  # it would sign us out for all that follows
            continue
        test = settings(
            max_examples=EXAMPLES, deadline=None, database=None, phases=(Phase.explicit, Phase.generate),
            suppress_health_check=list(HealthCheck),
        )(seed(20260601)(given(operation.as_strategy())(ask)))  # fmt: skip
        await asyncio.to_thread(test)
    assert len(asked) > 15
    assert any(200 in statuses for statuses in asked.values())

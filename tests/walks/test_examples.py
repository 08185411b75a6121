"""The API document shows what the chief calls look like, and each example is of the shape beside it."""

import json
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from huiyin.web.examples import EXAMPLES

DOCUMENT = json.loads((Path(__file__).parents[2] / "openapi.json").read_text())


def operation(name: str) -> Any:
    method, path = name.split(" ")
    return DOCUMENT["paths"][path.replace(":str}", "}")][method.lower()]


def fits(media: Any) -> None:
    schema = {**media["schema"], "components": DOCUMENT["components"]}
    jsonschema_rs.validator_for(schema).validate(media["example"])


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_in_the_document_and_fits_its_shape(name: str) -> None:
    said, shown = operation(name), EXAMPLES[name]
    [answer] = said["responses"][shown.status]["content"].values()
    assert answer["example"] == json.loads(json.dumps(shown.answered)), "a null was left out: show a value"
    fits(answer)
    if shown.sent is not None:
        [asked] = said["requestBody"]["content"].values()
        assert asked["example"] == shown.sent
        fits(asked)


def opened_by_tokens() -> list[str]:
    """Return the operations that a token opens and that answer with JSON."""
    return [
        f"{method.upper()} {path}"
        for path, methods in DOCUMENT["paths"].items()
        for method, said in methods.items()
        if any("token" in way for way in said.get("security", []))
        if any("application/json" in answer.get("content", {}) for answer in said["responses"].values())
    ]


def test_no_operation_of_a_program_lacks_an_example() -> None:
    shown = {name.replace(":str}", "}") for name in EXAMPLES}
    assert len(opened_by_tokens()) > 40
    assert set(opened_by_tokens()) <= shown
    for name in opened_by_tokens():
        if "requestBody" in operation(name):
            assert "example" in operation(name)["requestBody"]["content"]["application/json"], name


def test_an_example_that_does_not_fit_would_be_seen() -> None:
    media = operation("POST /api/webhooks")["requestBody"]["content"]["application/json"]
    with pytest.raises(jsonschema_rs.ValidationError):
        fits({**media, "example": {**media["example"], "kinds": "all"}})

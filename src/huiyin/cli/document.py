"""`huiyin openapi`: the description of the HTTP door, as a file."""

import json
import tempfile
from pathlib import Path

from huiyin.web.app import create_app
from huiyin.wiring import Settings, build


def text() -> str:
    """Return the OpenAPI document as it is served, with its keys sorted so that a change shows as one."""
    with tempfile.TemporaryDirectory(prefix="huiyin-openapi-") as folder:
        house = build(Settings(Path(folder)))
        try:
            schema = create_app(house).openapi_schema.to_schema()
        finally:
            house.close()
    return json.dumps(schema, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def write(file: Path) -> None:
    """Write the document to `file`."""
    file.write_text(text())

"""The JSON Schema of scheme files, for editors: ``python -m scoring.rules.schema`` writes docs/rulebook-schema.json."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from scoring.rules.spec import Scheme

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
TARGET = Path(__file__).resolve().parents[2] / "docs" / "rulebook-schema.json"


def scheme_schema() -> dict[str, Any]:
    """The schema of a complete scheme file; a file that ``extends`` others may leave parts out."""
    schema = _untitled(Scheme.model_json_schema())
    definitions = schema.pop("$defs")
    return {"$schema": _DIALECT, **_with_extends(schema), "$defs": definitions}


@cache
def as_text() -> str:
    """The schema as the file holds it."""
    return json.dumps(scheme_schema(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _untitled(node: Any) -> Any:
    """``node`` without the generated titles: field names say it already."""
    if isinstance(node, list):
        return [_untitled(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {key: _untitled(value) for key, value in node.items() if key != "title" or isinstance(value, dict)}


def _with_extends(schema: dict[str, Any]) -> dict[str, Any]:
    """A file may build on templates; then the joined result is what has to be complete. Or it is a rulebook alone."""
    extends = {"type": "array", "items": {"type": "string"}, "minItems": 1, "description": "以哪些样张为基础"}
    building = {"type": "object", "properties": {"extends": extends}, "required": ["extends", "code", "title"]}
    alone = {
        "type": "object",
        "description": "只有一本细则，没有周边制度",
        "properties": {"title": {"type": "string"}, "rulebook": {"$ref": "#/$defs/Rulebook"}},
        "required": ["rulebook"],
        "additionalProperties": False,
    }
    return {"anyOf": [schema, building, alone]}


if __name__ == "__main__":
    TARGET.write_text(as_text(), encoding="utf-8")

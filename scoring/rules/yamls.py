"""Schemes and rulebooks as YAML files that people can read and edit; ``library`` reads them back.

Only what differs from the defaults is written: ``library.parse(dump(scheme)) == scheme``, and
``library.parse_rulebook(dump_rulebook(book, title)) == book``.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import yaml
from pydantic import BaseModel

from scoring.rules.base import plain
from scoring.rules.spec import Rulebook, Scheme

WIDTH = 110


class _Dumper(yaml.SafeDumper):
    """Short lists and mappings on one line; no aliases, as the reading refuses them."""

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, indentless=False)


def _number(dumper: yaml.SafeDumper, value: Decimal) -> yaml.ScalarNode:
    tag = "float" if "." in plain(value) else "int"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{tag}", plain(value))


_Dumper.add_representer(Decimal, _number)


def dump(scheme: Scheme) -> str:
    """The file of a whole scheme: its rulebook and the policy around it."""
    return _text(_plain(scheme))


def dump_rulebook(book: Rulebook, title: str) -> str:
    """The file of a rulebook by itself."""
    return _text({"title": title, "rulebook": _plain(book)})


def _text(data: Mapping[str, Any]) -> str:
    return yaml.dump(
        dict(data), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=WIDTH, default_flow_style=None
    )


def _plain(value: Any) -> Any:
    """Models as mappings of what differs from their defaults, in the order of their fields."""
    if isinstance(value, BaseModel):
        return {name: _plain(part) for name, part in value if not _is_default(value, name, part)}
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if value is None or isinstance(value, bool | int | str | Decimal | date):
        return value
    raise TypeError(f"{type(value).__name__} has no place in a file")


def _is_default(model: BaseModel, name: str, value: Any) -> bool:
    field = type(model).model_fields[name]
    return not field.is_required() and value == field.get_default(call_default_factory=True)

"""The flows a town can start from: the files in ``library/``, one for each way of working (pure: no Django)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from jifen.approvals import exchange
from jifen.approvals.definition import Definition, parse

FOLDER = Path(__file__).parent / "library"
COMMON = "common"


@dataclass(frozen=True, slots=True)
class Template:
    """``schemes``: the town schemes that begin with it; ``flows`` by subject kind."""

    code: str
    title: str
    note: str
    schemes: tuple[str, ...]
    flows: Mapping[str, Definition]


@cache
def available() -> tuple[Template, ...]:
    """All templates, the common one last."""
    found = [_load(path) for path in sorted(FOLDER.glob("*.yaml"))]
    return tuple(sorted(found, key=lambda one: one.code == COMMON))


def for_kind(kind: str) -> list[tuple[Template, Definition]]:
    """The templates that say how ``kind`` is decided."""
    return [(one, one.flows[kind]) for one in available() if kind in one.flows]


def for_scheme(scheme_code: str) -> Template:
    """Where a town of that scheme begins; the common template when none is written for it."""
    found = {code: one for one in available() for code in one.schemes}
    return found.get(scheme_code) or next(one for one in available() if one.code == COMMON)


def with_quorum(definition: Definition, numerator: int, denominator: int) -> Definition:
    """The flow with another share wherever it decides by quorum on its main way."""
    share = {"numerator": numerator, "denominator": denominator}
    raw = definition.dump()
    steps = [{**step, "quorum": share} if "quorum" in step else step for step in raw["steps"]]
    return parse({**raw, "steps": steps})


def _load(path: Path) -> Template:
    text = path.read_text(encoding="utf-8")
    raw, root = yaml.safe_load(text), exchange.root(text)
    flows = {kind: exchange.read(one, root, users={}) for kind, one in raw["flows"].items()}
    return Template(raw["code"], raw["title"], raw["note"], tuple(raw["schemes"]), flows)

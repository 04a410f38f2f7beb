"""Which device or department sends an item: one that sends others already, so that one key opens all, or a new one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from scoring.models import Draft
from scoring.selectors import drafts as seen
from scoring.selectors import feeds
from scoring.selectors.drafts import Line
from scoring.web import rulebook_forms as forms

NEW = "新的来源"


@dataclass(frozen=True, slots=True)
class Known:
    """A source as other items name it; ``items``: their titles."""

    name: str
    kind: str
    items: tuple[str, ...]

    @property
    def label(self) -> str:
        more = f"等{len(self.items)}条" if len(self.items) > 3 else ""
        return f"{self.name}（也送{'、'.join(self.items[:3])}{more}）"


def known(draft: Draft, lines: Iterable[Line], code: str) -> dict[str, Known]:
    """By code, what sends the other items: of the draft, and for the town whatever is in force."""
    found: dict[str, Known] = {}
    for line in lines:
        body = forms.body_of(line)
        feed = body.get("feed")
        if line.code != code and isinstance(feed, Mapping) and feed.get("code"):
            own = Known(str(feed.get("name") or ""), str(feed.get("kind") or "device"), (forms.title_in(body),))
            found[str(feed["code"])] = _with(found.get(str(feed["code"])), own)
    if not seen.is_village(draft):
        for one in feeds.sources():
            found.setdefault(one.code, Known(one.name, one.kind, one.rules))
    return {name: one for name, one in found.items() if one.name}


def choices(draft: Draft, code: str, body: Mapping[str, Any], others: Mapping[str, Known]) -> list[tuple[str, str]]:
    """What the form offers: a source of its own first, then those of other items."""
    kept = (body.get("feed") or {}).get("code")
    own = kept if kept and kept not in others else _free(draft, code, others)
    return [(own, NEW), *((name, one.label) for name, one in others.items())]


def settled(body: dict[str, Any], before: Mapping[str, Any], others: Mapping[str, Known]) -> dict[str, Any]:
    """The body; who has just chosen another item's source takes its name and kind with it."""
    feed, old = body.get("feed"), before.get("feed") or {}
    chosen = others.get(feed.get("code", "")) if isinstance(feed, Mapping) else None
    if feed is None or chosen is None or old.get("code") == feed["code"]:
        return body
    return body | {"feed": {**feed, "name": chosen.name, "kind": chosen.kind}}


def _with(before: Known | None, other: Known) -> Known:
    if before is None:
        return other
    return Known(before.name or other.name, before.kind, (*before.items, *other.items))


def _free(draft: Draft, code: str, others: Mapping[str, Known]) -> str:
    """A code that no other source has; villages count apart, so that no key opens another village's item."""
    village = draft.rulebook.village_id
    wanted = f"v{village}-{code}" if village else code
    return next(one for n in range(1, len(others) + 2) if (one := wanted if n == 1 else f"{wanted}-{n}") not in others)

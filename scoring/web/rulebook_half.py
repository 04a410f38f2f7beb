"""Rows of an item's form that somebody began and did not finish: told by their blank, never dropped in silence.

A row whose figure was emptied is one that she took out; one whose other blanks were filled in, and this one not yet,
is half a row.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.http import QueryDict

from scoring.rules.facts import ROLES
from scoring.rules.spec_effects import EFFECT_NAMES
from scoring.rules.spec_people import TARGET_NAMES
from scoring.rules.spec_sources import RATER_NAMES
from scoring.web import rulebook_conditions as conditions
from scoring.web import rulebook_more as more
from scoring.web.rulebook_rows import Body, rows, text

_TICKED = {
    "people": ("multiplier-factor", ("multiplier-factor",), "几倍，或者看不看家里人数"),
    "window": ("since", ("since", "until"), "从哪天起或到哪天止"),
    "expires": ("expires-months", ("expires-months",), "几个月"),
}
"""Parts that say nothing while all their blanks are empty: the blank to fill in, all of them, and what goes there."""


class Half(NamedTuple):
    """A row that was not kept: its blank ``field``, whose row it is, and what is missing in it."""

    field: str
    row: str
    why: str


def rows_of(sent: QueryDict, before: Mapping[str, Any], after: Body) -> list[Half]:
    """The rows of the form that ``after``, which was made of it, has not."""
    found = [*_inputs(sent), *_conditions(sent, after), *_proofs(sent)]
    shown, ticked = set(sent.getlist("has-part")), set(sent.getlist("part"))
    for name, read in _PARTS.items():
        found += read(sent, before) if name in shown & ticked else ()
    told = {one.field for one in found}
    for name, (field, blanks, missing) in _TICKED.items():
        is_empty = not any(one.strip() for blank in blanks for one in sent.getlist(blank))
        has_heads = name == "people" and text(sent, "heads") not in ("", "none")
        if name in shown & ticked and is_empty and not has_heads and field not in told:
            found.append(Half(field, f"“{more.PARTS[name][0]}”", f"打了勾，还没有写{missing}"))
    return found


def _inputs(sent: QueryDict) -> Iterator[Half]:
    if "has-inputs" not in sent:
        return
    for row in rows(sent, "input", ("name", "label", "unit", "choices")):
        if "label" not in row and "name" not in row:
            yield Half("input-label", "填写项", f"写了“{row.get('unit') or row.get('choices')}”，还没有写要填什么")


def _conditions(sent: QueryDict, after: Body) -> Iterator[Half]:
    if "has-conditions" not in sent:
        return
    known = conditions.known(after)
    for row in rows(sent, "compare", ("field", "value", "pick", "message")):
        field = known.get(row.get("field", ""))
        said = row.get("value") or row.get("pick", "").partition("=")[2] or row.get("message", "")
        if field is None and "field" in row:
            yield Half("compare-field", "条件", "要看的那个填写项没有了，请重选一项")
        elif field is None:
            yield Half("compare-field", "条件", f"写了“{said}”，还没有选看哪一项")
        elif not conditions.value(row, field):
            picks = field.choices or field.kind == "yes_no"
            yield Half(
                "compare-pick" if picks else "compare-value", "条件",
                f"选了“{field.label}”，还没有{'选是哪一个' if picks else '写和多少比'}",
            )  # fmt: skip


def _proofs(sent: QueryDict) -> Iterator[Half]:
    photos = text(sent, "photos")
    if photos and not (photos.isdecimal() and 0 < int(photos) <= 20):
        yield Half("photos", "照片", f"“{photos}”不是1到20的数")
    for row in rows(sent, "proof", ("kind", "least")):
        if "kind" not in row:
            yield Half("proof-kind", "佐证", f"写了{row['least']}件，还没有选要什么材料")


def _people(sent: QueryDict, before: Mapping[str, Any]) -> Iterator[Half]:
    kept = {one.get("role") for one in (before.get("multipliers") or {}).get("roles") or []}
    for row in rows(sent, "multiplier", ("role", "factor")):
        role = row.get("role", "")
        if "factor" not in row and role not in {next(iter(ROLES)), *kept}:
            yield Half("multiplier-factor", "“按身份、人数乘倍数”", f"选了“{ROLES.get(role, role)}”，还没有写几倍")


def _target(sent: QueryDict, before: Mapping[str, Any]) -> Iterator[Half]:
    kept = {one.get("to") for one in before.get("shares") or []}
    for row in rows(sent, "share", ("to", "percent")):
        to = row.get("to", "")
        if "percent" not in row and to not in {"household", *kept}:
            yield Half("share-percent", "“计给谁”", f"选了“{TARGET_NAMES.get(to, to)}”，还没有写占百分之几")


def _rating(sent: QueryDict, before: Mapping[str, Any]) -> Iterator[Half]:
    kept = {one.get("who") for one in (before.get("rating") or {}).get("parts") or []}
    for row in rows(sent, "rater", ("who", "percent", "least")):
        who = row.get("who", "")
        if "percent" not in row and who not in kept and ("least" in row or who != next(iter(RATER_NAMES))):
            yield Half("rater-percent", "“几个人打分”", f"选了“{RATER_NAMES.get(who, who)}”，还没有写占百分之几")


def _effects(sent: QueryDict, before: Mapping[str, Any]) -> Iterator[Half]:
    found = list(rows(sent, "effect", ("at", "kind", "until", "months", "day", "stars", "text")))
    is_said = any("text" in row for row in found)  # where no row is, the first one is kept as it stands
    for row in found:
        if "text" not in row and "at" not in row and ((is_said and _is_chosen(row)) or _FIGURES & set(row)):
            yield Half("effect-text", "“分数以外的后果”", "还没有写对村民怎么说")


_FIGURES = {"months", "day", "stars"}


def _is_chosen(row: Mapping[str, str]) -> bool:
    """Something else than what an empty row shows."""
    return row.get("kind") not in (None, next(iter(EFFECT_NAMES))) or row.get("until") not in (None, "year_end")


_PARTS = {"people": _people, "target": _target, "rating": _rating, "effects": _effects}

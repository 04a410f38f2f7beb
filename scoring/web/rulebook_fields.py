"""A rule as a sentence with blanks, and back: what a page's form says of an item.

Parts of a rule that the form does not show stay as they are. A blank that is left empty is left out of the body; what
is missing then is told in words beside the form.
"""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from scoring.rules.spec_inputs import NUMBERS
from scoring.web import rulebook_conditions as conditions
from scoring.web import rulebook_more as more
from scoring.web.rulebook_rows import coded, number, rows, text, words

Body = dict[str, Any]


KINDS: dict[str, tuple[str, str]] = {
    "fixed": ("每次一样", "参加义务劳动，每次加2分"),
    "per_unit": ("按数量", "植树，每棵加3分"),
    "tiers": ("分档次", "受表彰：县级10分、镇级5分；违规：一般扣1到3分、较重扣4到6分"),
    "range": ("评议定分", "见义勇为，评议定5到10分"),
    "per_month": ("按月达标", "庭院整洁，每月加2分"),
    "bands": ("看数字落在哪一段", "彩礼3万元以下加20分，3万到8万加10分"),
    "ladder": ("累计到多少", "志愿服务一年满20小时2分，满50小时5分"),
    "percent": ("按比例", "捐款，按金额的1%加分"),
    "score_card": ("打分表", "卫生检查四项合计100分，90分以上加5分，不满60分扣3分"),
    "formula": ("算式", "以上都写不下的，写一个算式"),
}
PLAIN = {
    "fixed": ("points", "per"),
    "per_unit": ("points", "each", "unit", "rounding", "most"),
    "range": ("least", "most", "step"),
    "per_month": ("points",),
    "bands": ("by", "unit"),
    "ladder": ("unit", "counts", "period", "scope"),
    "percent": ("of", "unit", "percent", "most"),
    "score_card": ("marks", "factor"),
    "formula": ("formula", "words", "least", "most"),
    "tiers": ("per", "step"),
}
"""Blanks of each kind of amount; its rows stand in ``ROWS``."""
ROWS: dict[str, dict[str, tuple[str, ...]]] = {
    "tiers": {"tiers": ("code", "name", "points", "least", "most")},
    "bands": {"bands": ("least", "end", "ends", "points")},
    "ladder": {"rungs": ("at", "points")},
    "score_card": {"items": ("code", "name", "least", "most"), "grades": ("code", "name", "least", "points")},
}
_WORDS = ("category", "matter", "title", "text", "number", "note")
_INPUT = ("name", "label", "kind", "unit", "choices", "required", "least", "most", "help")
_FLAGS = ("once", "sensitive")


def edited(sent: QueryDict, before: Mapping[str, Any]) -> Body:
    """The body that the form makes of ``before``."""
    body = {**before, **words(sent, _WORDS)}
    for name in _WORDS:
        if name in sent and not text(sent, name):
            body.pop(name, None)
    if sent.get("sign") in ("positive", "negative"):
        body["sign"] = sent.get("sign")
    if sent.get("kind") in KINDS:
        body["amount"] = _amount(sent, str(sent.get("kind")), before.get("amount"))
    body["limits"] = _limits(sent, before.get("limits"))
    return body | _asked(sent, before) | _rest(sent, before) | more.edited(sent, before)


def _rest(sent: QueryDict, before: Mapping[str, Any]) -> Body:
    """Inputs, conditions, flags: each where the form has it."""
    made: Body = {}
    if "has-inputs" in sent:
        made["inputs"] = inputs(sent, before.get("inputs"))
    if "has-conditions" in sent:
        made["conditions"] = conditions.edited(sent, made.get("inputs", before.get("inputs") or []))
    if "has-flags" in sent:
        made |= {name: name in sent for name in _FLAGS}
        made["redeemable"] = "ranked_only" not in sent
        told, old = [str(one) for one in sent.getlist("declarers")], list(before.get("declarers") or [])
        made["declarers"] = [*told, *(one for one in old if one == "feed")] if told else old or ["steward"]
    return made


def _asked(sent: QueryDict, before: Mapping[str, Any]) -> Body:
    """需[1]张照片: whether evidence is asked for, how many photographs, and how much of other kinds."""
    if sent.get("evidence") not in ("none", "optional", "required"):
        return {}
    others = [one for one in before.get("proofs") or [] if one.get("kind") != "photo"]
    if "proof-kind" in sent:
        asked = {row["kind"]: number(row.get("least", "1")) for row in rows(sent, "proof", ("kind", "least"), "kind")}
        others = [{"kind": kind, "least": least} for kind, least in asked.items()]
    photos = text(sent, "photos")
    photo = [{"kind": "photo", "least": int(photos)}] if photos.isdecimal() and 0 < int(photos) <= 20 else []
    wanted = sent.get("evidence")
    return {"evidence": wanted, "proofs": [] if wanted == "none" else [*photo, *others]}


def _amount(sent: QueryDict, kind: str, before: Any) -> Body:
    """The amount of the chosen kind; what the form does not show of the same kind stays."""
    kept = dict(before) if isinstance(before, Mapping) and before.get("kind") == kind else {}
    for name in PLAIN[kind]:
        value = text(sent, f"{kind}-{name}")
        kept.pop(name, None)
        if value:
            kept[name] = value
    for name, columns in ROWS.get(kind, {}).items():
        found = rows(sent, f"{kind}-{name}", columns)
        kept[name] = coded(found) if "code" in columns else [_band(row) for row in found if set(row) - {"ends"}]
    if kind == "per_unit":
        kept["whole"] = "per_unit-parts" not in sent
    if kind == "tiers":
        kept["counted"] = "tiers-counted" in sent
    return kept | {"kind": kind}


def _band(row: dict[str, str]) -> dict[str, str]:
    """到不满[100] or 到[100](含): where a band ends."""
    end, ends = row.pop("end", ""), row.pop("ends", "")
    return row | ({"most" if ends == "most" else "below": end} if end else {})


def _limits(sent: QueryDict, before: Any) -> list[Body]:
    """每[户]每[月]最多[30][分], one row each; a row without a number is no cap."""
    old = [one for one in before or [] if isinstance(one, Mapping)]
    made = []
    for row in rows(sent, "limit", ("at", "scope", "period", "value", "kind", "by"), needs="value"):
        place = row.pop("at", "")
        kept = dict(old[int(place)]) if place.isdecimal() and int(place) < len(old) else {}
        kept.pop("by", None)
        made.append(kept | row)
    return made


def inputs(sent: QueryDict, before: Any) -> list[Body]:
    """What the declaration asks for; a new field gets a name of its own."""
    old = {one.get("name"): one for one in before or [] if isinstance(one, Mapping)}
    found = rows(sent, "input", _INPUT, needs="label")
    used, made = {row.get("name") for row in found}, []
    for row in found:
        name = row.get("name") or next(f"f{n}" for n in range(1, 100) if f"f{n}" not in used)
        used.add(name)
        choices = [one for one in row.get("choices", "").replace("，", "、").replace(",", "、").split("、") if one]
        told: Body = {"name": name, "label": row["label"], "kind": row.get("kind", "text"), "choices": choices}
        told |= {"unit": row.get("unit"), "required": row.get("required") != "no"}
        bounds = ("least", "most") if told["kind"] in NUMBERS else ()
        told |= {"least": None, "most": None, "help": row.get("help")} | {name: row.get(name) for name in bounds}
        told["choices"] = choices if told["kind"] == "choice" else []
        made.append(dict(old.get(name, {})) | told)
    return made

"""What an item may say beside price, caps and evidence, each part as a sentence that is ticked by its example."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.http import QueryDict

from scoring.rules.base import FRACTION, part, part_text, plain
from scoring.rules.facts import ROLES
from scoring.rules.phrases import APPROVALS, ROUNDINGS
from scoring.rules.spec_effects import EFFECT_NAMES, LASTING
from scoring.rules.spec_inputs import PEOPLE
from scoring.rules.spec_people import TARGET_NAMES
from scoring.rules.spec_sources import RATER_NAMES
from scoring.web.rulebook_rows import Body, number, rows, text

PARTS: dict[str, tuple[str, str]] = {
    "cooldown": ("隔几天才能再计", "计过一次，7天以内再做不计"),
    "streak": ("连续奖励", "连续3个月都达标，另外奖5分；连续3次黑榜，另外扣10分"),
    "repeat": ("次数多了加倍", "一年里第2次起，按2倍扣；或第2次3分、以后1分"),
    "after_warning": ("先提醒，再扣分", "每年第1次只提醒，第2次才扣"),
    "group": ("同类只计一项", "县级、镇级表彰只计最高的"),
    "not_with": ("不重复计分", "开会计过分的，当天劳动不另计"),
    "repair": ("改正后恢复", "整改好了，补回扣掉的一半"),
    "effects": ("分数以外的后果", "取消当年评优资格"),
    "target": ("计给谁", "帮了邻居，受益的一户也分一半"),
    "people": ("按身份、人数乘倍数", "党员做同样的事，按1.5倍"),
    "window": ("只算某段时间", "7月1日起的行为才计"),
    "expires": ("过一段时间失效", "这一笔满12个月失效"),
    "kind": ("计入哪一类", "计入善行分；只兑换、不评比"),
    "fractions": ("小数怎么取", "算出3.26分，记3.3分"),
    "rating": ("几个人打分", "自评占三成，互评占七成"),
    "feed": ("系统送来", "水表、门禁、部门名单自动登记"),
    "catch_all": ("兜底条目", "其他好事，最多5分，会议定"),
}
_NESTED = (
    "streak", "repeat", "cooldown", "after_warning", "group", "repair", "not_with", "multipliers", "rating", "feed",
    "catch_all", "fractions",
)  # fmt: skip
"""Parts that are one model of their own."""
SPLIT = r"[\s、，,；;]+"
"""Between figures in one blank."""
OWN_ONLY = frozenset(PARTS) - {"cooldown"}
"""Parts that a village may not change of the town's items."""
UNTIL = {
    "year_end": "到当年年底", "next_year_end": "到下一年年底", "next_year": "只管下一年", "repair": "到改正为止",
    "months": "满几个月", "date": "到某一天", "ever": "一直",
}  # fmt: skip
LEAVES = {"no": "马上退出", "yes": "积分扣完才退出"}
"""Of 退出积分制 alone: whether at once, or when nothing is left."""
STREAKS = {"day": "天", "week": "星期", "month": "月", "quarter": "季度", "halfyear": "半年", "year": "年"}
METHODS = {"average": "取平均", "middle": "去掉最高最低再平均", "median": "取中间数"}
PLACES = {"0": "只计整分", "1": "保留1位小数", "2": "保留2位小数"}
HEADS = {"none": "不看人数", "times": "乘以家里人数", "average": "除以家里人数"}
SUBJECTS = {"household": "一户", "resident": "一个人", "group": "一个组"}
CHOICES: dict[str, Any] = {
    "effect_names": EFFECT_NAMES, "until_names": UNTIL, "leave_names": LEAVES, "target_names": TARGET_NAMES,
    "role_names": ROLES,
    "approval_names": APPROVALS, "method_names": METHODS, "heads_names": HEADS, "subject_names": SUBJECTS,
    "rater_names": RATER_NAMES, "place_names": PLACES, "points_rounding": ROUNDINGS,
}  # fmt: skip
GONE = "没有了的那一项"
"""A field that is chosen and no longer asked for."""
PERCENT = re.compile(r"\d{1,3}(\.\d{1,4})?", re.ASCII)
ZERO = Decimal(0)
Part = Callable[[QueryDict, Mapping[str, Any]], Body]


def edited(sent: QueryDict, before: Mapping[str, Any]) -> Body:
    """The parts that the form shows: those that are ticked as they are written, the others taken out."""
    shown = [name for name in sent.getlist("has-part") if name in PARTS]
    ticked = set(sent.getlist("part"))
    made: Body = {}
    for name in shown:
        made |= _READ[name](sent, before) if name in ticked else _NONE[name]
    if "feed" in shown and "feed" not in ticked and before.get("feed"):
        made["declarers"] = _declarers(sent, before, feed=False)
    return made


def blanks(body: Mapping[str, Any]) -> dict[str, Any]:
    """What the form shows of these parts."""
    told = {name: body.get(name) or {} for name in _NESTED}
    shares, apart = body.get("shares") or [], [*(body.get("limits") or []), told["group"], told["not_with"]]
    return CHOICES | {
        "parts": [(name, *words, _has(name, body), name in OWN_ONLY) for name, words in PARTS.items()],
        "feed_only": not body.get("feed") or body.get("declarers") == ["feed"],
        "parts_open": any(_has(name, body) for name in PARTS),
        "streak_periods": STREAKS,
        "repeat_amounts": "、".join(map(str, told["repeat"].get("amounts") or [])),
        "of": told,
        "not_with_rules": [*(told["not_with"].get("rules") or []), ""],
        "repair_rules": [*(told["repair"].get("rules") or []), ""],
        "repair_percent": _percent(told["repair"].get("share") or "1"),
        "effect_rows": [*({**one, "at": place} for place, one in enumerate(_effects(body))), {}],
        "share_rows": [*({**one, "percent": _percent(one.get("share"))} for one in shares), {}],
        "role_rows": [*(told["multipliers"].get("roles") or []), {}],
        "rater_rows": [
            *({**one, "percent": _percent(one.get("weight", "1"))} for one in told["rating"].get("parts") or []),
            {},
        ],
        "months": _months(body),
        "people_fields": fields(body, (body.get("beneficiary"), body.get("responsible")), PEOPLE),
        "all_fields": fields(body, [one.get("by") for one in apart]),
    }


def _has(name: str, body: Mapping[str, Any]) -> bool:
    plain = {"target": {"attribution": "household", "subject": "household"}, "people": {"heads": "none"}}
    keys = {
        "effects": ("effect", "effects"), "target": ("shares", "beneficiary", "responsible"),
        "people": ("multipliers",),
        "window": ("since", "until"), "kind": ("point_class",),
    }.get(name, (name,))  # fmt: skip
    if name == "kind" and body.get("ranked") is False:
        return True
    differs = any(body.get(key, value) != value for key, value in plain.get(name, {}).items())
    return differs or any(body.get(key) not in (None, "", []) for key in keys)


def _effects(body: Mapping[str, Any]) -> list[Body]:
    return [*([body["effect"]] if body.get("effect") else []), *(body.get("effects") or [])]


def _months(body: Mapping[str, Any]) -> Any:
    told = body.get("expires") or {}
    return told.get("months") or 12 * (told.get("years") or 0) or ""


def fields(body: Mapping[str, Any], chosen: Iterable[Any], kinds: Collection[str] = ()) -> list[tuple[str, str]]:
    """What the declaration asks for, of ``kinds`` only where there are any; also what is ``chosen`` and no longer fits,
    so that it is told and not dropped."""
    asked = [one for one in body.get("inputs") or [] if isinstance(one, Mapping)]
    labels = {one["name"]: one["label"] for one in asked}
    fit = [one["name"] for one in asked if not kinds or one.get("kind") in kinds]
    lost = dict.fromkeys(name for name in chosen if name and name not in fit)
    return [(name, labels.get(name, GONE)) for name in (*fit, *lost)]


def _said(sent: QueryDict, part: str, *names: str) -> Body:
    """Blanks of a part that are filled in."""
    return {name: said for name in names if (said := text(sent, f"{part}-{name}"))}


def _counted(sent: QueryDict, part: str, *names: str) -> Body:
    return {name: said for name in names if (said := number(text(sent, f"{part}-{name}"))) is not None}


def _cooldown(sent: QueryDict, before: Mapping[str, Any]) -> Body:
    return {"cooldown": _counted(sent, "cooldown", "days") | _said(sent, "cooldown", "scope")}


def _streak(sent: QueryDict, before: Mapping[str, Any]) -> Body:
    made = _counted(sent, "streak", "length") | _said(sent, "streak", "period", "bonus", "scope")
    return {"streak": made | {"again": text(sent, "streak-again") == "yes"}}


def _repeat(sent: QueryDict, before: Mapping[str, Any]) -> Body:
    made = _counted(sent, "repeat", "nth") | _said(sent, "repeat", "period", "scope")
    stated = re.split(SPLIT, text(sent, "repeat-amounts"))
    if any(stated):
        return {"repeat": made | {"amounts": [one for one in stated if one]}}
    made |= _said(sent, "repeat", "factor", "most")
    return {"repeat": made | {"grows": text(sent, "repeat-grows") == "yes"}}


def _after_warning(sent: QueryDict, before: Mapping[str, Any]) -> Body:
    return {
        "after_warning": _counted(sent, "after_warning", "times")
        | _said(sent, "after_warning", "rule", "period", "scope")
    }


def _group(sent: QueryDict, before: Mapping[str, Any]) -> Body:
    return {"group": _said(sent, "group", "code", "counts", "period", "scope", "by")}


def _not_with(sent: QueryDict, before: Mapping[str, Any]) -> Body:
    rules = [str(one) for one in sent.getlist("not_with-rule") if one]
    return {"not_with": {"rules": rules} | _said(sent, "not_with", "period", "scope", "by")}


def _repair(sent: QueryDict, before: Mapping[str, Any]) -> Body:
    """The part that is given back is written in per cent."""
    rules = [str(one) for one in sent.getlist("repair-rule") if one]
    made = _said(sent, "repair", "ceiling", "period", "scope") | {"rules": rules}
    share = _share(text(sent, "repair-share")) or "1"
    return {"repair": made | {"share": share, "lifts": "repair-lifts" in sent}}


def _share(percent: str) -> str:
    """``50`` is ``0.5``, ``0.7`` is ``0.007``, ``1/3`` stays; what is no part of a hundred keeps its sign, by which
    it is refused."""
    written = percent.replace("％", "%").removesuffix("%").strip()
    if not written or FRACTION.fullmatch(written):
        return written
    share = Decimal(written) / 100 if PERCENT.fullmatch(written) else ZERO
    return plain(share) if 0 < share <= 1 else f"{written}%"


def _whole(shares: list[str]) -> list[str]:
    """Parts that were rounded to some decimals (33.3% three times) and come to the whole: the first takes the rest."""
    places = max((len(one.partition(".")[2]) - 2 for one in shares), default=0)
    if places < 1 or any("/" in one or "%" in one for one in shares):
        return shares
    first = 1 - sum(map(Decimal, shares[1:]), ZERO)
    off, most = abs(first - Decimal(shares[0])), Decimal(len(shares)) / 2 / 10 ** (places + 2)
    return [plain(first), *shares[1:]] if off <= most and first > 0 else shares


def _percent(share: Any) -> str:
    """``0.5`` is ``50``, ``1/3`` stays."""
    try:
        known = part(share)
    except ValueError:
        return str(share or "").removesuffix("%")
    written = part_text(known)
    return written if "/" in written else plain(known * 100)


def _effect_rows(sent: QueryDict, before: Mapping[str, Any]) -> Body:
    """Rows without words are left out; where none has any, the first stays, so that the page asks for them."""
    old, made = _effects(before), []
    columns = ("at", "kind", "until", "months", "day", "stars", "at_zero", "text")
    for row in rows(sent, "effect", columns, needs="text") or rows(sent, "effect", columns, needs="kind")[:1]:
        place = number(row.pop("at", ""))
        made.append((dict(old[place]) if isinstance(place, int) and place < len(old) else {}) | _effect(row))
    if before.get("effects") and not before.get("effect"):
        return {"effect": None, "effects": made}
    return {"effect": made[0] if made else None, "effects": made[1:]}


def _effect(row: Mapping[str, str]) -> Body:
    """Blanks that its kind, or the end that is picked, has no use for are as if nobody had filled them in."""
    kind, until = row.get("kind", ""), row.get("until", "year_end")
    until = until if kind in LASTING else "year_end"
    stars = number(row.get("stars")) if kind == "downgrade_star" else None
    return {name: row[name] for name in ("kind", "text") if name in row} | {
        "until": until,
        "months": number(row.get("months")) if until == "months" else None,
        "day": row.get("day") if until == "date" else None,
        "stars": 1 if stars is None else stars,
        "at_zero": kind == "leave_programme" and row.get("at_zero") == "yes",
    }


def _target(sent: QueryDict, before: Mapping[str, Any]) -> Body:
    """Shares are written in per cent; one line alone is the whole."""
    found = rows(sent, "share", ("to", "percent"), needs="percent")
    parts = _whole([_share(row["percent"]) for row in found])
    shares = [{"to": row.get("to", "household"), "share": one} for row, one in zip(found, parts, strict=True)]
    made: Body = {"shares": shares, "attribution": text(sent, "attribution") or "household"}
    made |= {name: text(sent, name) or None for name in ("beneficiary", "responsible")}
    return made | {"sharing": text(sent, "sharing") or "split", "subject": text(sent, "subject") or "household"}


def _people(sent: QueryDict, before: Mapping[str, Any]) -> Body:
    found = rows(sent, "multiplier", ("role", "factor"), needs="factor")
    old = {one["role"]: one for one in (before.get("multipliers") or {}).get("roles") or []}
    named = [
        {"name": ROLES.get(row.get("role", ""), "其他身份"), **old.get(row.get("role", ""), {}), **row} for row in found
    ]
    several = text(sent, "several") or "highest"
    made = {"roles": named, "several": several} if named else None
    return {"multipliers": made, "heads": text(sent, "heads") or "none"}


def _window(sent: QueryDict, before: Mapping[str, Any]) -> Body:
    return {name: text(sent, name) or None for name in ("since", "until")}


def _expires(sent: QueryDict, before: Mapping[str, Any]) -> Body:
    months = number(text(sent, "expires-months"))
    if months == _months(before):
        return {}
    return {"expires": {"months": months} if months is not None else None}


def _fractions(sent: QueryDict, before: Mapping[str, Any]) -> Body:
    return {"fractions": _counted(sent, "fractions", "places") | _said(sent, "fractions", "rounding")}


def _kind(sent: QueryDict, before: Mapping[str, Any]) -> Body:
    return {"point_class": text(sent, "point_class") or None, "ranked": "not_ranked" not in sent}


def _rating(sent: QueryDict, before: Mapping[str, Any]) -> Body:
    found = rows(sent, "rater", ("who", "percent", "least"), needs="percent")
    weights = _whole([_share(row["percent"]) for row in found])
    parts = [
        {"who": row.get("who", "self"), "weight": weight, "least": number(row.get("least")) or 1}
        for row, weight in zip(found, weights, strict=True)
    ]
    return {"rating": {"parts": parts} | _said(sent, "rating", "method", "least", "most")}


def _feed(sent: QueryDict, before: Mapping[str, Any]) -> Body:
    """A device or department keeps its code, to which its key is bound, unless another one is chosen."""
    kept = before.get("feed") or {}
    code = text(sent, "feed-code") or kept.get("code") or before.get("code") or "feed"
    made = {"code": code, "reviewed": "feed-unreviewed" not in sent}
    return {"feed": made | _said(sent, "feed", "name", "kind"), "declarers": _declarers(sent, before, feed=True)}


def _declarers(sent: QueryDict, before: Mapping[str, Any], *, feed: bool) -> list[str]:
    """Who tells; 只由它送来 goes before who is ticked elsewhere in the form."""
    if feed and "feed-only" in sent:
        return ["feed"]
    told = [str(one) for one in sent.getlist("declarers")] or list(before.get("declarers") or [])
    kept = [one for one in told if one != "feed"]
    return [*kept, "feed"] if feed else kept or ["steward"]


def _catch_all(sent: QueryDict, before: Mapping[str, Any]) -> Body:
    return {"catch_all": _said(sent, "catch_all", "most", "approval") | {"names_a_rule": "names_a_rule" in sent}}


_READ: dict[str, Part] = {
    "cooldown": _cooldown, "streak": _streak, "repeat": _repeat, "after_warning": _after_warning, "group": _group,
    "not_with": _not_with, "repair": _repair, "effects": _effect_rows, "target": _target, "people": _people,
    "window": _window, "expires": _expires, "kind": _kind, "fractions": _fractions, "rating": _rating, "feed": _feed,
    "catch_all": _catch_all,
}  # fmt: skip
_NONE: dict[str, Body] = {name: {name: None} for name in PARTS} | {
    "effects": {"effect": None, "effects": []},
    "target": {
        "shares": [], "attribution": "household", "beneficiary": None, "responsible": None, "sharing": "split",
        "subject": "household",
    },
    "people": {"multipliers": None, "heads": "none"},
    "window": {"since": None, "until": None},
    "kind": {"point_class": None, "ranked": True},
}  # fmt: skip

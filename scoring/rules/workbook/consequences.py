"""Consequences that a price cell states with how long they last, and warnings that come before a deduction."""

import re
from dataclasses import dataclass
from typing import Any

from scoring.rules.workbook.words import EFFECTS, NOTHING_LEFT

_WIDE = str.maketrans(",;", "，；")
_HAN = {char: number for number, char in enumerate("零一二三四五六七八九十")} | {"两": 2}
_MONTHS = {"年": 12, "个月": 1, "个季度": 3}
_SPAN = r"(?P<count>\d{1,2}|[一二两三四五六七八九十半])(?P<unit>年|个月|个季度)(?:之)?(?:内)?"
_STOP = "(?:不得|不能|不予|不再|禁止|取消|暂停|停止)"
_WHAT = r"(?:参加|参与|享受|进行)?(?:积分)?(?P<what>评优评先|评先评优|各类评优|评优|评先|兑换|加分)(?:的)?(?:资格)?"
_LASTING = (re.compile(_SPAN + _STOP + _WHAT), re.compile(_STOP + _WHAT + _SPAN))
_KINDS = {"兑换": "bar_redemption", "加分": "freeze_positive"}
_BOTH_YEARS = re.compile(
    r"取消(?:当年|本年度|当年度)(?:和|及|、)(?:次年|下一年度?|第二年)的?(?P<what>评优评先|评先评优|评优|评先|兑换)的?资格"
)
_MENDED = r"(?:整改)(?:到位|合格|完成|好)?"
_UNTIL_MENDED = (
    re.compile(
        rf"(?:暂停|停止|取消){_WHAT}[,;、]?(?:直?至|到)?{_MENDED}(?:(?:以后|之后|后)(?:再)?恢复(?:兑换|加分|评优|资格)?|为止)"
    ),
    re.compile(rf"{_MENDED}(?:之前|以前|前)(?:一律)?{_STOP}{_WHAT}"),
)
_STAR = re.compile(r"(?:降低?|下调)(?P<count>[一二两三四五1-5])(?:个|颗)?(?:星级?|档星级)")
_LEAVE = re.compile(rf"(?P<zero>{NOTHING_LEFT})?(?:强制|予以)?退出积分制(?:管理)?")
_WARNED = re.compile(
    r"(?:先|首次|第一次|初次|初犯)(?:进行|予以|给予)?(?:口头|批评)?(?:警告|提醒|教育|劝导|批评教育)[,;、]?"
    r"(?:再犯|再次发现|再次|第二次|二次)(?:起|及以上|发生)?的?(?=每次|扣|减|-|\d)"
)


@dataclass(frozen=True, slots=True)
class Consequences:
    """As JSON, ``doubts`` in words, and the ``rest`` of the text."""

    effects: tuple[dict[str, Any], ...]
    after_warning: dict[str, Any] | None
    doubts: tuple[str, ...]
    rest: str


def taken(text: str) -> Consequences:
    """What follows from a deed, in ``text`` without blanks."""
    effects: list[dict[str, Any]] = []
    doubts: list[str] = []
    for pattern, made in _PATTERNS:
        match = pattern.search(text)
        if match:
            effects.append(made(match) | {"text": match.group().translate(_WIDE)})
            text = text.replace(match.group(), "", 1)
    if any(effect.get("until") == "repair" for effect in effects):
        doubts.append("“整改后恢复”要另有一条“改正后恢复”的加分条目，记了那一条才解除")
    if any(effect["kind"] == "downgrade_star" for effect in effects):
        doubts.append("降星没有写多久，按到当年年底读")
    warned = _WARNED.search(text)
    if warned is None:
        return Consequences(tuple(effects), None, tuple(doubts), text)
    doubts.append(f"“{warned.group()}”读成一年里第一次只提醒、以后才扣分")
    return Consequences(tuple(effects), {"times": 1}, tuple(doubts), text.replace(warned.group(), "", 1))


def _number(told: str) -> int:
    return _HAN[told] if told in _HAN else int(told)


def _lasting(match: re.Match[str]) -> dict[str, Any]:
    each = _MONTHS[match["unit"]]
    months = each // 2 if match["count"] == "半" else each * _number(match["count"])
    return {"kind": _KINDS.get(match["what"], "bar_honours"), "until": "months", "months": months}


def _both_years(match: re.Match[str]) -> dict[str, Any]:
    return {"kind": _KINDS.get(match["what"], "bar_honours"), "until": "next_year_end"}


def _until_mended(match: re.Match[str]) -> dict[str, Any]:
    return {"kind": _KINDS.get(match["what"], "bar_honours"), "until": "repair"}


def _star(match: re.Match[str]) -> dict[str, Any]:
    return {"kind": "downgrade_star", "stars": _number(match["count"])}


_PATTERNS = (
    *((pattern, lambda _, effect=effect: dict(effect)) for pattern, effect in EFFECTS),
    (_BOTH_YEARS, _both_years),
    *((pattern, _until_mended) for pattern in _UNTIL_MENDED),
    *((pattern, _lasting) for pattern in _LASTING),
    (_STAR, _star),
    (_LEAVE, lambda match: {"kind": "leave_programme", "at_zero": bool(match["zero"])}),
)

"""Caps that several items share, as lists write them: 第3、5两项合计每年不超过10分.

The items are known by the numbers that the list prints; a number that is nobody's, or several items', is not guessed.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from scoring.rules.spec import RuleSpec
from scoring.rules.workbook import caps
from scoring.rules.workbook.tables import Line


class Said(NamedTuple):
    """``line`` became ``rule`` and says ``cap``."""

    line: Line
    rule: RuleSpec
    cap: caps.Together


class OfClass(NamedTuple):
    """``line`` became ``rule`` and says ``cap`` of its main class."""

    line: Line
    rule: RuleSpec
    cap: caps.OfClass


def class_caps(told: Sequence[OfClass]) -> tuple[dict[str, list[dict[str, Any]]], list[tuple[OfClass, str]]]:
    """The caps of each main class as JSON, each once, and those that contradict an earlier one, with the reason."""
    found: dict[tuple[str, ...], tuple[OfClass, dict[str, Any]]] = {}
    unread = []
    for said in told:
        cap = {**said.cap.limit, "sign": said.rule.sign}
        key = (said.rule.category, said.rule.sign, cap["kind"], cap["period"], cap["scope"])
        first, known = found.setdefault(key, (said, cap))
        if known != cap:
            unread.append((said, f"“{said.cap.text}”和“{first.rule.title}”写的“{first.cap.text}”对不上"))
    made: dict[str, list[dict[str, Any]]] = {}
    for (category, *_), (_, cap) in found.items():
        made.setdefault(category, []).append(cap)
    return made, unread


class Unclear(ValueError):
    """Why it cannot be told which items are meant."""


def shared_caps(told: Sequence[Said], rules: Iterable[RuleSpec]) -> tuple[list[dict[str, Any]], list[tuple[Said, str]]]:
    """The caps of the rulebook as JSON, each once, and what could not be read with the reason."""
    known = list(rules)
    found: list[dict[str, Any]] = []
    unread = []
    for said in told:
        try:
            cap = _cap(said, known)
        except Unclear as why:
            unread.append((said, str(why)))
            continue
        if cap not in found:
            found.append(cap)
    return found, unread


def _cap(said: Said, known: Sequence[RuleSpec]) -> dict[str, Any]:
    meant = [_item(number, said, known) for number in said.cap.numbers]
    codes = {rule.code for rule in meant} | ({said.rule.code} if said.cap.own else set())
    if said.rule.code not in codes:
        raise Unclear(f"“{said.cap.text}”没有算上这一条自己，看不出管哪几条，请写在“整本细则”的合计上限里")
    if any(rule.sign != said.rule.sign for rule in meant):
        raise Unclear(f"“{said.cap.text}”里又有加分的又有扣分的，看不出怎么合计")
    if len(codes) < 2:
        raise Unclear(f"“{said.cap.text}”只说到这一条自己")
    named = [rule.code for rule in known if rule.code in codes]
    return {**said.cap.limit, "sign": said.rule.sign, "rules": named}


def _item(number: str, said: Said, known: Sequence[RuleSpec]) -> RuleSpec:
    found = [rule for rule in known if (rule.number or "").strip("第项条款.、()（） ") == number]
    if len(found) != 1:
        why = "有几条" if found else "没有"
        raise Unclear(f"“{said.cap.text}”提到编号{number}，表里{why}这个编号的条目，请写在“整本细则”的合计上限里")
    return found[0]

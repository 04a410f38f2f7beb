"""A day rule as fields of a form: how it is meant, its number, the month, what happens on days off."""

from collections.abc import Mapping
from typing import Any

from django import forms

from jifen.clocks.dates.policy import CLOCKS
from jifen.clocks.days import After, MonthDay, PartyDay, Rule, WorkingDay, months_wording

USUAL = ("", "照镇里的日历")
KINDS = [
    ("day", "几日"),
    ("last", "最后一个工作日"),
    ("nth", "第几个工作日"),
    ("nth_last", "倒数第几个工作日"),
    ("party_day", "党日"),
    ("after", "上一环节后几天"),
    ("after_working", "上一环节后几个工作日"),
]
NUMBERS: Mapping[str, tuple[int, int]] = {
    "day": (1, 31),
    "nth": (1, 15),
    "nth_last": (1, 15),
    "after": (0, 60),
    "after_working": (0, 60),
}
"""The bounds of the number, for the kinds that have one."""
MONTHS = [("0", "当月（季末月、年末月）"), ("1", "次月"), ("2", "再下月")]
OFF = [("keep", "照常"), ("before", "提前到前一工作日"), ("after", "顺延到下一工作日")]
NUMBER_WRONG = "“{kind}”要填{least}到{most}之间的整数。"


def fields(prefix: str, label: str, *, may_follow_town: bool = False) -> dict[str, forms.Field]:
    """``may_follow_town``: a village's own rule, which need not be given."""
    kinds = [USUAL, *KINDS] if may_follow_town else KINDS
    return {
        f"{prefix}_kind": forms.ChoiceField(label=label, choices=kinds, required=not may_follow_town),
        f"{prefix}_number": forms.IntegerField(label=f"{label}：几日/第几个/几天", required=False),
        f"{prefix}_months": forms.ChoiceField(label=f"{label}：哪个月", choices=MONTHS, required=not may_follow_town),
        f"{prefix}_off": forms.ChoiceField(label=f"{label}：遇休息日", choices=OFF, required=not may_follow_town),
    }


def values(prefix: str, rule: Rule | None) -> dict[str, Any]:
    """The fields that show ``rule``."""
    if rule is None:
        return {f"{prefix}_kind": ""}
    found: dict[str, Any] = {"months": str(getattr(rule, "months", 0)), "off": getattr(rule, "off", "keep")}
    match rule:
        case MonthDay(day=day):
            found |= {"kind": "day", "number": day}
        case WorkingDay(number=-1):
            found |= {"kind": "last"}
        case WorkingDay(number=number):
            found |= {"kind": "nth" if number >= 0 else "nth_last", "number": abs(number)}
        case PartyDay():
            found |= {"kind": "party_day"}
        case After(days=days, working=working):
            found |= {"kind": "after_working" if working else "after", "number": days}
    return {f"{prefix}_{key}": value for key, value in found.items()}


def offer_months(form: forms.BaseForm, prefix: str, rule: Rule | None) -> None:
    """A month that only programs choose stays what it is."""
    months = getattr(rule, "months", 0)
    if str(months) not in dict(MONTHS):
        form.fields[f"{prefix}_months"].choices = [(str(months), months_wording(months)), *MONTHS]  # type: ignore[attr-defined]


def problem(prefix: str, cleaned: Mapping[str, Any]) -> str:
    """What is wrong with the number; empty when it is right or not asked for."""
    kind, number = cleaned.get(f"{prefix}_kind", ""), cleaned.get(f"{prefix}_number")
    if kind not in NUMBERS:
        return ""
    least, most = NUMBERS[kind]
    if number is not None and least <= number <= most:
        return ""
    return NUMBER_WRONG.format(kind=dict(KINDS)[kind], least=least, most=most)


def section(prefix: str, name: str, cleaned: Mapping[str, Any], kept: Rule | None) -> dict[str, Any] | None:
    """The rule as ``policy`` takes it; ``kept``, whole, where its fields say what they said."""
    shown = values(prefix, kept)
    if kept is not None and all(_text(cleaned.get(key)) == _text(value) for key, value in shown.items()):
        return kept.model_dump(mode="json")
    return _section(prefix, name, cleaned) if cleaned[f"{prefix}_kind"] else None


def _section(prefix: str, name: str, cleaned: Mapping[str, Any]) -> dict[str, Any]:
    kind, number = cleaned[f"{prefix}_kind"], cleaned[f"{prefix}_number"]
    months = int(cleaned[f"{prefix}_months"] or 0)
    if kind in ("after", "after_working"):
        before = CLOCKS[max(0, [*CLOCKS].index(name) - 1)]  # type: ignore[arg-type]
        return {"kind": "after", "event": before, "days": number, "working": kind == "after_working"}
    if kind == "day":
        return {"kind": "day", "day": number, "months": months, "off": cleaned[f"{prefix}_off"] or "keep"}
    if kind == "party_day":
        return {"kind": "party_day", "months": months}
    signed = {"last": -1, "nth": number, "nth_last": -(number or 0)}[kind]
    return {"kind": "working_day", "number": signed, "months": months}


def _text(value: Any) -> str:
    return "" if value is None else str(value)

"""Which households may join, as the seeds say. Pure: facts in, a ground or a refusal out.

local_hukou          seed 000: 本村(居)户籍村民
three_in             seed 001: 户在、房在、人在; others by the representatives' meeting
permanent_residents  seed 002: 常住村民; outsiders after six months, with 村两委 agreement
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Kind = Literal["local_hukou", "three_in", "permanent_residents"]
Outsiders = Literal["none", "representatives_meeting", "village_committees"]

BODIES = {"representatives_meeting": "村民代表会议", "village_committees": "村两委"}


@dataclass(frozen=True, slots=True)
class Rule:
    """``outsiders`` names who must agree to a household that does not qualify by itself; ``months``: lived here."""

    kind: Kind
    outsiders: Outsiders = "none"
    months: int | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    has_local_hukou: bool
    has_homestead: bool
    is_lived_in: bool
    resident_since: date | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """``ground`` when it may join; otherwise ``refusal`` (Chinese: what is missing and what would help)."""

    ground: str = ""
    refusal: str = ""


def judge(rule: Rule, facts: Facts, day: date, agreement: str = "") -> Verdict:
    """Whether a household may join on ``day``; ``agreement`` names the meeting that agreed to it, if any."""
    own = _own_ground(rule.kind, facts)
    if own:
        return Verdict(ground=own)
    lacking = "、".join(_lacking(rule.kind, facts))
    if rule.outsiders == "none":
        return Verdict(refusal=f"不符合加入条件：缺少{lacking}")
    if not facts.is_lived_in and rule.kind == "permanent_residents":
        return Verdict(refusal="不符合加入条件：不在本村常住")
    if rule.months and not _lived_here(facts.resident_since, rule.months, day):
        return Verdict(refusal=f"非本村户籍须居住满{rule.months}个月；请核对“居住起始”日期")
    body = BODIES[rule.outsiders]
    if not agreement.strip():
        return Verdict(refusal=f"缺少{lacking}，须经{body}同意；请写明是哪次会议同意的")
    return Verdict(ground=f"经{body}同意：{agreement.strip()}")


def months_later(day: date, months: int) -> date:
    """The same day ``months`` later, or the month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError


def _own_ground(kind: Kind, facts: Facts) -> str:
    if kind == "local_hukou":
        return "本村户籍家庭户" if facts.has_local_hukou else ""
    if kind == "three_in":
        return "户在、房在、人在" if facts.has_local_hukou and facts.has_homestead and facts.is_lived_in else ""
    return "行政村常住村民" if facts.has_local_hukou and facts.is_lived_in else ""


def _lacking(kind: Kind, facts: Facts) -> list[str]:
    wanted = {"local_hukou": ("户籍",), "three_in": ("户籍", "宅基地房屋", "常住人口")}.get(kind, ("户籍", "常住人口"))
    has = {"户籍": facts.has_local_hukou, "宅基地房屋": facts.has_homestead, "常住人口": facts.is_lived_in}
    return [f"本村{name}" if name == "户籍" else name for name in wanted if not has[name]]


def _lived_here(since: date | None, months: int, day: date) -> bool:
    return since is not None and months_later(since, months) <= day

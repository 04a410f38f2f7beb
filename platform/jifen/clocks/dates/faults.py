"""What is wrong in the shape of a calendar, in the words of the page on which it is set."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jifen.clocks.dates.policy import CLOCKS, NAMES, ClockName, TownCalendar
from jifen.clocks.days import Rule, WorkingDay

WORDS: Mapping[str, str] = {
    "party_day": "支部主题党日",
    "party_days": "各村党日",
    "villages": "各村例外",
    "village": "村",
    "clock": "环节",
    "opens": "开始",
    "due": "截止",
    "grace": "宽限几天",
    "before": "截止前几天提醒",
    "after": "超期第几天再提醒",
    "office": "超期几天告知镇办",
    "district": "超期几天区里标红",
    "kind": "怎么定",
    "day": "几日",
    "number": "第几个工作日",
    "days": "几天",
    "months": "哪个月",
    "off": "遇休息日",
    "event": "从哪个环节往后数",
    "working": "按工作日数",
    **NAMES,
}
BOUNDS: Mapping[str, str] = {
    "party_day": "1到31",
    "party_days": "1到31",
    "day": "1到31",
    "number": "1到15（倒数的填-1到-15）",
    "months": "-11到12",
    "days": "0到120",
}
USUAL = "0到60"
RULES = ("opens", "due")
NO_SUCH_DAY = "{place}“第几个工作日”要填1到15（倒数的填-1到-15）之间的整数。"


@dataclass(frozen=True, slots=True)
class Fault:
    """``field``: the path in the section, ``review.due.day``; ``text``: a sentence that names it."""

    field: str
    text: str


def told(problem: Mapping[str, Any]) -> Fault:
    """One of pydantic's errors."""
    path = _path(problem["loc"])
    return Fault(".".join(path), _sentence(problem, path))


def of_rules(calendar: TownCalendar) -> list[Fault]:
    """What the shape lets through: calendars kept earlier may say it and are read as the first working day."""
    return [
        Fault(f"{field}.number", NO_SUCH_DAY.format(place=place))
        for field, place, rule in _rules(calendar)
        if isinstance(rule, WorkingDay) and rule.number == 0
    ]


def _rules(calendar: TownCalendar) -> Iterator[tuple[str, str, Rule | None]]:
    """Path, place in words, rule."""
    for name in CLOCKS:
        for part in RULES:
            yield f"{name}.{part}", _place(name, part), getattr(calendar.clock(name), part)
    for number, own in enumerate(calendar.villages):
        for part in RULES:
            yield f"villages.{number}.{part}", f"{WORDS['villages']}的{_place(own.clock, part)}", getattr(own, part)


def _place(name: ClockName, part: str) -> str:
    return f"{NAMES[name]}{WORDS[part]}的"


def _path(loc: tuple[Any, ...]) -> list[str]:
    """Without the kind that pydantic names after a rule's own part."""
    path: list[str] = []
    is_kind = False
    for part in loc:
        if not is_kind:
            path.append(str(part))
        is_kind = part in RULES and not is_kind
    return path


def _sentence(problem: Mapping[str, Any], path: list[str]) -> str:
    if problem["type"] == "value_error":
        return f"{problem['ctx']['error']}。"
    named = [part for part in path if not part.lstrip("-").isdigit()]
    known = [WORDS[part] for part in named if part in WORDS]
    if len(known) < len(named):
        return f"日历里没有“{named[-1]}”这一项。"
    last = named[-1] if named else ""
    place = "".join(f"{word}的" for word in known[:-1])
    return f"{place}“{known[-1] if known else '日历'}”{_demand(problem['type'], last)}。"


def _demand(kind: str, last: str) -> str:
    bounds = BOUNDS.get(last, USUAL)
    if kind in ("greater_than_equal", "less_than_equal") or kind.startswith("int_"):
        return f"要填{bounds}之间的整数"
    return "没有填" if kind == "missing" else "填写不对，请从可选的里面选"

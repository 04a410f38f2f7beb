"""What a sample deed says when an item is tried: the blanks of the panel, each with a likely value."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.http import QueryDict

from jifen.kernel import clock, reading
from scoring.rules import asking, cases
from scoring.rules.base import plain
from scoring.rules.looking import mends
from scoring.rules.periods import months_on
from scoring.rules.spec import Input, Range, Rulebook, RuleSpec, ScoreCard, Tiers
from scoring.rules.spec_amounts import QUANTITY
from scoring.rules.spec_limits import EVERY
from scoring.rules.spec_sources import RATER_NAMES

MOST = 12
"""Deeds that are tried one after another."""
MONTHS = {"month": 1, "quarter": 3, "halfyear": 6, "year": 12}
DAYS = {"day": 1, "week": 7}
YES_NO = (("yes", "是"), ("no", "否"))
PEOPLE = {"person": "李四", "household": "李四家", "text": "见照片", "photo": "photo-1"}

SCORE, RATING = "score-", "rating-"
ZERO = Decimal(0)
SAME_DAY = "same"
GAPS = ((SAME_DAY, "都在同一天"), *((period, f"{EVERY[period]}一次") for period in (*DAYS, *MONTHS)))


@dataclass(frozen=True, slots=True)
class Ask:
    """One thing that a sample deed says."""

    name: str
    label: str
    value: str
    options: tuple[tuple[str, str], ...] = ()
    type: str = "text"
    number: bool = False


def asks(rule: RuleSpec, book: Rulebook, sent: QueryDict) -> list[Ask]:
    """What a deed under the rule says, with what was sent or a likely sample."""
    found = [Ask("date", "哪一天", clock.today().isoformat(), type="date"), *_of_figures(rule)]
    found += [_of_input(one) for one in rule.inputs]
    found += [*_of_people(rule), *_of_earlier(rule, book)]
    found.append(Ask("times", f"做几次（最多{MOST}次）", "1", number=True))
    found.append(Ask("gap", "做几次的，隔多久一次", rule.streak.period if rule.streak else SAME_DAY, GAPS))
    found.append(Ask("days", "日子不规则的，写第2次起各次的日期（空格隔开）", ""))
    return [_filled(one, sent) for one in found]


def days(told: Mapping[str, str]) -> list[str]:
    """The day of each of the deeds that are tried, as they are written."""
    first, times = told["date"] or clock.today().isoformat(), min(reading.whole(told["times"]) or 1, MOST)
    begun, written = reading.day(first), told["days"].split()
    if begun is None:
        return [first] * times
    regular = [_later(begun, told["gap"], place).isoformat() for place in range(times)]
    return [first, *written, *regular[len(written) + 1 :]][: max(times, len(written) + 1)][:MOST]


def _later(day: date, gap: str, place: int) -> date:
    if gap in MONTHS:
        return months_on(day, MONTHS[gap] * place)
    return day + timedelta(days=DAYS.get(gap, 0) * place)


def _of_people(rule: RuleSpec) -> list[Ask]:
    """Who acted and how many there are, where the item looks at it."""
    found: list[Ask] = []
    if rule.multipliers:
        roles = tuple((one.role, one.name) for one in rule.multipliers.roles)
        found.append(Ask("role", "谁做的", "", (("", "没有这些身份的人"), *roles)))
    portions = {portion.to for portion in rule.portions}
    if rule.heads != "none" or "every_member" in portions:
        found.append(Ask("heads", "家里几口人", "3", number=True))
    if "cell" in portions:
        found.append(Ask("cell", "联户组有几户", "10", number=True))
    return found


def _of_earlier(rule: RuleSpec, book: Rulebook) -> list[Ask]:
    """A deed under another item that was posted before: what is repaired has to have been taken."""
    others = cases.bearing_on(book, rule)
    if not others:
        return []
    mended = next((one.code for one in others if rule.repair and mends(rule.repair, one)), "")
    options = (("", "没有"), *((one.code, one.title) for one in others))
    return [
        Ask("before", "以前因哪一条扣过分" if rule.repair else "以前另记过哪一条", mended, options),
        Ask("before-points", "以前那一条扣（加）了几分", "5", number=True),
    ]


def _filled(ask: Ask, sent: QueryDict) -> Ask:
    value = sent.get(ask.name)
    if value is None or (ask.options and value not in dict(ask.options)):
        return ask
    return Ask(ask.name, ask.label, str(value), ask.options, ask.type, ask.number)


def _of_figures(rule: RuleSpec) -> list[Ask]:
    """The figures that the item counts, as its declarations tell them."""
    asked, amount = asking.figures(rule), rule.amount
    found: list[Ask] = []
    if isinstance(amount, Tiers):
        found.append(Ask("tier", "哪一档", amount.tiers[0].code, tuple((one.code, one.name) for one in amount.tiers)))
    if "points" in asked:
        found.append(_points(rule))
    if isinstance(amount, ScoreCard):
        full = amount.marks == "score"
        found += [Ask(f"{SCORE}{one.code}", one.name, plain(one.most) if full else "0", number=True)
                  for one in amount.items]  # fmt: skip
    if rule.rating:
        marks = plain(rule.rating.most)
        found += [Ask(f"{RATING}{one.who}", f"{RATER_NAMES[one.who]}的分数（几份的用空格隔开）",
                      " ".join([marks] * one.least)) for one in rule.rating.parts]  # fmt: skip
    if QUANTITY in asked:
        unit = asking.unit(rule)
        found.append(Ask(QUANTITY, f"多少{unit}" if unit else "数量", "10", number=True))
    if "precedent" in asked:
        found.append(Ask("precedent", "比照哪一条", "相近的一条"))
    return found


def _points(rule: RuleSpec) -> Ask:
    if isinstance(rule.amount, Tiers):
        spans = "、".join(f"{one.name}{one.text}" for one in rule.amount.tiers if one.is_open)
        return Ask("points", f"评议定几分（{spans}）", plain(rule.amount.tiers[0].ends[1]), number=True)
    most = rule.amount.most if isinstance(rule.amount, Range) else ZERO
    return Ask("points", "评议定几分", plain(most), number=True)


def _of_input(one: Input) -> Ask:
    name, label = f"in-{one.name}", f"{one.label}{f'（{one.unit}）' if one.unit else ''}"
    if one.kind == "choice":
        return Ask(name, label, one.choices[0], tuple((choice, choice) for choice in one.choices))
    if one.kind == "yes_no":
        return Ask(name, label, "yes", YES_NO)
    if one.kind == "date":
        return Ask(name, label, clock.today().isoformat(), type="date")
    if one.kind == "date_range":
        return Ask(name, label, _week(clock.today()))
    if one.kind in PEOPLE:
        return Ask(name, label, PEOPLE[one.kind])
    return Ask(name, label, plain(one.least) if one.least else "10", number=True)


def _week(day: date) -> str:
    return f"{day - timedelta(days=6)}/{day}"

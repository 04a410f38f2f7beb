"""Paper of a month's sheet: 审核决定表 to be signed at the meeting, 审核结果 to be read aloud on the party day."""

from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import QuerySet

from jifen.kernel import clock
from jifen.kernel.points import ZERO, plain
from jifen.web import pdf
from jifen.web.wording import date_cn, month_cn, points_text
from scoring.models import HearingOutcome, ItemVerdict, Review, ReviewItem, ReviewState
from scoring.selectors.hearings import left_of, standing_hearings
from scoring.selectors.meetings import Seat, meeting_of, seats, standing
from tenants.community import selectors as community
from tenants.community.models import TownProfile

TITLES = {"decision": "审核决定表", "results": "审核结果"}
DECIDED = (ItemVerdict.APPROVED, ItemVerdict.ADJUSTED)
SILENCED = (HearingOutcome.OPEN, HearingOutcome.DROPPED)
"""Deductions that are not read aloud: still being explained, or dropped."""

Told = tuple[ReviewItem, Decimal]
"""A deed of the sheet and what it comes to."""


def decision(review: Review) -> bytes:
    """审核决定表 as a PDF."""
    return pdf.compile("scoring/decision.typ", decision_told(review))


def results(review: Review) -> bytes:
    """审核结果 as a PDF."""
    return pdf.compile("scoring/results.typ", results_told(review))


PRINTS: dict[str, Callable[[Review], bytes]] = {"decision": decision, "results": results}


def name(kind: str, review: Review) -> str:
    """The file's name; ``kind`` is ``decision`` or ``results``."""
    return f"{review.village.name}{month_cn(review.month)}{TITLES[kind]}.pdf"


def decision_told(review: Review) -> dict[str, Any]:
    """The sheet with every deed and a line for each seat. What a reporter's deed was stays out (事由不公开)."""
    items = list(listed(review))
    meeting, found = meeting_of(review), standing(review)
    places = {item.pk: number for number, item in enumerate(items, start=1)}
    return {
        **_place(review),
        "state": review.get_state_display(),
        "printed_on": clock.today(),
        "held_on": date_cn(meeting.held_on) if meeting else "",
        "place": meeting.place if meeting else "",
        "minutes": meeting.minutes if meeting else "",
        "seats_total": found.seats,
        "present": found.present,
        "needed": found.needed,
        "unit": found.unit,
        "met": found.is_met,
        "mutual": review.is_mutual,
        "items": [_item(item, places[item.pk]) for item in items],
        "totals": _totals(items),
        "seats": [_seat(seat, places, weighted=found.is_weighted) for seat in seats(review)],
    }


def results_told(review: Review) -> dict[str, Any]:
    """Every household's points of the month, by group of the village; masked names of those who agreed.

    A deduction counts with what its hearing left of it: a dropped one is not read, one still being explained waits.
    """
    heard = standing_hearings(review)
    by_outcome = Counter(row.outcome for row in heard.values())
    verdicts: Counter[str] = Counter()
    by_household: dict[int, list[Told]] = {}
    for item in listed(review):
        hearing = heard.get(item.pk)
        if hearing is not None and hearing.outcome in SILENCED:
            continue
        verdicts[item.verdict] += 1
        if item.verdict in DECIDED:
            told = (item, left_of(hearing) if hearing else item.points)
            by_household.setdefault(item.declaration.household_id, []).append(told)
    heads = [one[0][0].declaration.household.head_id for one in by_household.values()]
    names = community.public_names(clock.today(), heads)
    rows = sorted(by_household.values(), key=lambda one: _order(one[0][0]))
    plus, minus = _sums(told for one in rows for told in one)
    return {
        **_place(review),
        "is_decided": review.state not in (ReviewState.OPEN, ReviewState.RETURNED),
        "count": verdicts.total() + by_outcome[HearingOutcome.DROPPED] + by_outcome[HearingOutcome.OPEN],
        "approved": verdicts[ItemVerdict.APPROVED],
        "adjusted": verdicts[ItemVerdict.ADJUSTED],
        "rejected": verdicts[ItemVerdict.REJECTED],
        "dropped": by_outcome[HearingOutcome.DROPPED],
        "waiting": by_outcome[HearingOutcome.OPEN],
        "plus": plain(plus),
        "minus": plain(minus),
        "households": len(rows),
        "groups": [
            {"name": name, "rows": [_result(one, names) for one in group]}
            for name, group in groupby(rows, key=lambda one: one[0][0].declaration.household.group.name)
        ],
    }


def listed(review: Review) -> QuerySet[ReviewItem]:
    """The sheet's deeds in the order of the paper, which numbers them from 1."""
    rows = review.items.select_related(
        "declaration__resident", "declaration__rule", "declaration__household__head", "declaration__household__group"
    )
    return rows.order_by("declaration__household__number", "declaration__happened_on", "pk")


def _place(review: Review) -> dict[str, str]:
    profile = TownProfile.objects.first()
    month = f"{review.month.year}年{review.month.month}月"
    return {"town": profile.name if profile else "", "village": review.village.name, "month": month}


def _item(item: ReviewItem, place: int) -> dict[str, Any]:
    told = item.declaration
    head = told.household.head
    who = [head.name if head else ""] + ([told.resident.name] if told.resident and told.resident != head else [])
    hidden = told.rule.is_sensitive
    decided = item.verdict != ItemVerdict.PENDING
    return {
        "place": str(place),
        "number": told.household.number,
        "who": "、".join(who),
        "day": f"{told.happened_on.month}月{told.happened_on.day}日",
        "title": f"{told.rule.category}（事由不公开）" if hidden else told.rule.title,
        "declared": points_text(told.points, signed=True),
        "decided": points_text(item.points, signed=True) if decided else "",
        "verdict": item.get_verdict_display() if decided else "",
        "reason": "" if hidden else item.reason,
    }


def _totals(items: list[ReviewItem]) -> list[str]:
    """As the table asks: deeds, passed, adjusted, refused, open, points given, points taken."""
    verdicts = [item.verdict for item in items]
    plus, minus = _sums((item, item.points) for item in items if item.verdict in DECIDED)
    kinds = (ItemVerdict.APPROVED, ItemVerdict.ADJUSTED, ItemVerdict.REJECTED, ItemVerdict.PENDING)
    return [str(len(items)), *(str(verdicts.count(kind)) for kind in kinds), plain(plus), plain(minus)]


def _sums(told: Iterable[Told]) -> tuple[Decimal, Decimal]:
    """(given, taken), both without sign."""
    plus = minus = ZERO
    for _, points in told:
        plus, minus = plus + max(points, ZERO), minus - min(points, ZERO)
    return plus, minus


def _seat(seat: Seat, places: dict[int, int], *, weighted: bool) -> dict[str, Any]:
    who = f"{seat.substitute}（替{seat.member}）" if seat.substitute else seat.member
    barred = "、".join(str(places[item]) for item in sorted(seat.barred, key=places.__getitem__))
    bounds = [f"只审{seat.group}" if seat.group else "", f"{seat.votes}票" if weighted else ""]
    name = f"{seat.seat}（{'，'.join(filter(None, bounds))}）" if any(bounds) else seat.seat
    return {"seat": name, "who": who, "presence": seat.word, "barred": barred, "signed": seat.signed}


def _order(item: ReviewItem) -> tuple[int, str]:
    household = item.declaration.household
    return household.group.number, household.number


def _result(told: list[Told], names: dict[int, str]) -> dict[str, str]:
    household = told[0][0].declaration.household
    plus, minus = _sums(told)
    name = names.get(household.head_id or 0)
    return {
        "who": f"{name}家" if name else f"{household.number}户",
        "plus": points_text(plus or None, signed=True),
        "minus": points_text(-minus if minus else None, signed=True),
        "sum": points_text(plus - minus, signed=True),
    }

"""Paper of a month's sheet: 审核决定表 to be signed at the meeting, 审核结果 to be read aloud on the party day."""

from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import QuerySet, Sum

from jifen.kernel import clock
from jifen.kernel.points import ZERO, plain
from jifen.web import pdf
from jifen.web.wording import date_cn, month_cn, points_text
from scoring.models import (
    DeclarationState,
    Entry,
    HearingOutcome,
    ItemVerdict,
    Measure,
    Review,
    ReviewItem,
    ReviewState,
)
from scoring.selectors.hearings import left_of, standing_hearings
from scoring.selectors.meetings import Seat, meeting_of, seats, standing
from tenants.community import selectors as community
from tenants.community.models import Household, TownProfile

TITLES = {"decision": "审核决定表", "results": "审核结果"}
DECIDED = (ItemVerdict.APPROVED, ItemVerdict.ADJUSTED)
SILENCED = (HearingOutcome.OPEN, HearingOutcome.DROPPED)
"""Deductions that are not read aloud: still being explained, or dropped."""


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

    What is posted counts as it stands in the ledger, below its caps and with whoever shares it. A deduction that is not
    counts with what its hearing left of it: a dropped one is not read, one still being explained waits.
    """
    heard, posted = standing_hearings(review), _posted(review)
    by_outcome = Counter(row.outcome for row in heard.values())
    verdicts: Counter[str] = Counter()
    by_household: dict[int, list[Decimal]] = {}
    unposted = 0
    for item in listed(review):
        hearing = heard.get(item.pk)
        if hearing is not None and hearing.outcome in SILENCED:
            continue
        verdicts[item.verdict] += 1
        if item.verdict not in DECIDED:
            continue
        told = item.declaration
        own = [(told.household_id, left_of(hearing) if hearing else item.points)]
        if told.state == DeclarationState.POSTED:
            own = posted.get(told.pk, [(told.household_id, ZERO)])
        else:
            unposted += 1
        for household, points in own:
            by_household.setdefault(household, []).append(points)
    homes = Household.objects.filter(pk__in=by_household, village=review.village_id)
    homes = homes.select_related("group").order_by("group__number", "number")
    names = community.public_names(clock.today(), [home.head_id for home in homes])
    plus, minus = _sums(points for home in homes for points in by_household[home.pk])
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
        "households": len(homes),
        "unposted": unposted,
        "groups": [
            {"name": name, "rows": [_result(home, by_household[home.pk], names) for home in group]}
            for name, group in groupby(homes, key=lambda home: home.group.name)
        ],
    }


def _posted(review: Review) -> dict[int, list[tuple[int, Decimal]]]:
    """(household, points) of each deed of the sheet that stands in the ledger, by declaration."""
    rows = Entry.objects.filter(
        posting__declaration__in=review.items.values("declaration"),
        posting__reversed_at=None,
        posting__reverses=None,
        measure=Measure.MERIT,
    )
    found: dict[int, list[tuple[int, Decimal]]] = {}
    told = rows.values_list("posting__declaration", "household").annotate(sum=Sum("amount"))
    for declaration, household, points in told.order_by("household__number"):
        found.setdefault(declaration, []).append((household, points))
    return found


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
    plus, minus = _sums(item.points for item in items if item.verdict in DECIDED)
    kinds = (ItemVerdict.APPROVED, ItemVerdict.ADJUSTED, ItemVerdict.REJECTED, ItemVerdict.PENDING)
    return [str(len(items)), *(str(verdicts.count(kind)) for kind in kinds), plain(plus), plain(minus)]


def _sums(told: Iterable[Decimal]) -> tuple[Decimal, Decimal]:
    """(given, taken), both without sign."""
    plus = minus = ZERO
    for points in told:
        plus, minus = plus + max(points, ZERO), minus - min(points, ZERO)
    return plus, minus


def _seat(seat: Seat, places: dict[int, int], *, weighted: bool) -> dict[str, Any]:
    who = f"{seat.substitute}（替{seat.member}）" if seat.substitute else seat.member
    barred = "、".join(str(places[item]) for item in sorted(seat.barred, key=places.__getitem__))
    bounds = [f"只审{seat.group}" if seat.group else "", f"{seat.votes}票" if weighted else ""]
    name = f"{seat.seat}（{'，'.join(filter(None, bounds))}）" if any(bounds) else seat.seat
    return {"seat": name, "who": who, "presence": seat.word, "barred": barred, "signed": seat.signed}


def _result(household: Household, told: list[Decimal], names: dict[int, str]) -> dict[str, str]:
    plus, minus = _sums(told)
    name = names.get(household.head_id or 0)
    return {
        "who": f"{name}家" if name else f"{household.number}户",
        "plus": points_text(plus or None, signed=True),
        "minus": points_text(-minus if minus else None, signed=True),
        "sum": points_text(plus - minus, signed=True),
    }

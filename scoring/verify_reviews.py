"""A closed sheet bears the signatures that its flow asks for; no sheet bears one of a post that its flow seats not."""

from collections.abc import Iterable, Iterator
from itertools import islice

from django.db import connection

from jifen.approvals import quorum
from jifen.approvals.definition import Step
from jifen.kernel.checks import Check
from jifen.web.wording import month_cn
from scoring.models import Review, ReviewSeat, ReviewState
from scoring.selectors import sitting
from scoring.selectors.sitting import Chair
from tenants.community.models import VillageRole

FIRST = 5
CLOSED = (ReviewState.DECIDED, ReviewState.SETTLED, ReviewState.POSTED)

_SIGNED = """
SELECT s.review_id, s.role_id FROM scoring_reviewseat s
UNION
SELECT m.review_id, a.role_id FROM scoring_meeting m
JOIN scoring_meetingseat a ON a.meeting_id = m.id AND a.presence <> 'absent' WHERE m.paper_id IS NOT NULL
"""
"""(sheet, post) of whoever signed; with the scan of the signed paper everybody who was there has."""


def checks() -> list[Check]:
    return [
        Check("I5", "审定的审核表签字够法定人数", run=lambda: sum(1 for _ in _short()), told=lambda: _first(_short())),
        Check(
            "I5", "审核表上签字的都有席位", run=lambda: sum(1 for _ in _chairless()), told=lambda: _first(_chairless())
        ),
    ]


def _first(found: Iterator[str]) -> list[str]:
    return list(islice(found, FIRST))


def _chairless() -> Iterator[str]:
    """The signatures of posts that the sheet's version of the flow does not name, in words."""
    steps: dict[int, Step] = {}
    seats = ReviewSeat.objects.select_related("role", "review__flow", "review__village").order_by("review", "pk")
    for seat in seats.iterator(chunk_size=2000):
        flow = seat.review.flow
        if flow.pk not in steps:
            steps[flow.pk] = sitting.step_of(seat.review)
        if not any(sitting.names(who, seat.role) for who in steps[flow.pk].who):
            where = f"{seat.review.village.name}{month_cn(seat.review.month)}"
            yield f"{where}：{seat.actor_name}在第{flow.version}版没有席位"


def _short() -> Iterator[str]:
    """The closed sheets that fall short, in words.

    Who sat on a seat before the day it was closed counts, and whoever signed: at what hour somebody was appointed on
    that day stands nowhere.
    """
    posts: dict[int, list[VillageRole]] = {}
    for row in VillageRole.objects.order_by("pk"):
        posts.setdefault(row.village_id, []).append(row)
    with connection.cursor() as cursor:
        cursor.execute(_SIGNED)
        signed = set(cursor.fetchall())
    for review in Review.objects.filter(state__in=CLOSED).select_related("flow", "village").order_by("pk"):
        names = {row.pk for row in posts.get(review.village_id, ()) if (review.pk, row.pk) in signed}
        step = sitting.step_of(review)
        sits = sitting.seated(_in_force(posts.get(review.village_id, ()), review, names), step)
        whole = sitting.of_all(sits)
        had, wanted = _weight(whole, names), quorum.needed(review.flow, sum(chair.weight for chair in whole))
        if had < wanted or _misses(step, sits, names):
            yield f"{review.village.name}{month_cn(review.month)}：{had}席签字，须{wanted}席"


def _in_force(rows: Iterable[VillageRole], review: Review, names: set[int]) -> list[VillageRole]:
    day = sitting.day_of(review)
    return [
        row for row in rows if row.pk in names or (row.from_date < day and (row.to_date is None or row.to_date > day))
    ]


def _weight(sits: Iterable[Chair], names: set[int]) -> int:
    return sum(chair.weight for chair in sits if chair.role_id in names)


def _misses(step: Step, sits: list[Chair], names: set[int]) -> bool:
    """Whether nobody of a required seat signed, though somebody held it, or the flow waits for one who does."""
    for line in sitting.required(step):
        held = [chair for chair in sits if line in chair.lines]
        if (held or step.empty == "block") and not any(chair.role_id in names for chair in held):
            return True
    return False

"""A month over all villages of the town: what has arrived, what is in it, what became of it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Min

from jifen.approvals.selectors import Stand, stands
from jifen.clocks.dates import selectors as dates
from jifen.kernel import clock
from scoring.models import Declaration, FilingState, Review, ReviewState, Year
from scoring.selectors.promptness import late_in

SUBJECT_KIND = "filing"
"""The kind under which a decided month goes through the town's flow."""
DECIDED = ("decided", "settled", "posted")


@dataclass(frozen=True, slots=True)
class MonthCell:
    """One village's month. ``plus`` and ``minus`` are what the committee decided; ``recusals`` counts a member and a
    deed she stands back from; ``hearings`` deductions still being explained; ``tardy`` deeds recorded late."""

    village_id: int
    village: str
    review_id: int | None
    state: str
    filing_id: int | None
    sent_at: datetime | None
    answered_at: datetime | None
    posted_at: datetime | None
    returns: int
    late: bool
    deeds: int
    pending: int
    adjusted: int
    rejected: int
    plus: Decimal
    minus: Decimal
    recusals: int
    hearings: int
    answer: str
    tardy: int = 0
    stand: Stand | None = None
    """Where it waits in the town's flow; none where one word of the office answers."""
    is_turn: bool = False
    """Whether it waits for the reader."""

    @property
    def arrived(self) -> bool:
        return self.state in DECIDED

    @property
    def overdue(self) -> bool:
        return self.late and not self.arrived

    @property
    def step(self) -> str:
        """Where it waits, in words: the step's name, or that its item rests."""
        if self.stand is None:
            return ""
        return "、".join(self.stand.steps) if self.stand.is_open else self.stand.label

    @property
    def asked(self) -> str:
        """Who is asked there, by name."""
        return "、".join(self.stand.people.values()) if self.stand and self.stand.is_open else ""

    @property
    def label(self) -> str:
        if self.state == ReviewState.SETTLED and self.posted_at:
            return "已记账，扣分待说明" if self.hearings else "已记账，还有几件没到时候"
        if self.state == ReviewState.SETTLED and self.answer in FilingState.values:
            return FilingState(self.answer).label
        return ReviewState(self.state).label if self.state in ReviewState.values else "未开始"


_BOARD = """
WITH sheet AS (SELECT * FROM scoring_review WHERE month = %(month)s),
item AS (
    SELECT i.review_id, count(*) AS deeds, count(*) FILTER (WHERE i.verdict = 'pending') AS pending,
        count(*) FILTER (WHERE i.verdict = 'adjusted') AS adjusted,
        count(*) FILTER (WHERE i.verdict = 'rejected') AS rejected,
        sum(i.points) FILTER (WHERE i.points > 0 AND i.verdict IN ('approved', 'adjusted')) AS plus,
        -sum(coalesce(h.decided_points, i.points)) FILTER (WHERE i.points < 0 AND i.verdict IN ('approved', 'adjusted')
            AND h.outcome IS DISTINCT FROM 'dropped') AS minus,
        count(*) FILTER (WHERE h.outcome = 'open') AS hearings
    FROM sheet JOIN scoring_reviewitem i ON i.review_id = sheet.id
    LEFT JOIN scoring_hearing h ON h.item_id = i.id AND h.outcome <> 'void'
    GROUP BY i.review_id
),
kin AS (
    SELECT sheet.id AS review_id, s.id AS resident_id FROM sheet CROSS JOIN LATERAL scoring_sitters(sheet.id) AS s (id)
),
recusal AS (
    SELECT kin.review_id, count(*) AS recusals
    FROM kin CROSS JOIN LATERAL scoring_stands_back(kin.review_id, kin.resident_id) AS back (item)
    GROUP BY kin.review_id
),
filing AS (
    SELECT f.review_id, min(f.sent_at) AS sent_at,
        max(f.answered_at) FILTER (WHERE f.state <> 'returned') AS answered_at,
        count(*) FILTER (WHERE f.state = 'returned') AS returns, max(f.id) FILTER (WHERE f.state = 'sent') AS waiting,
        max(f.state) FILTER (WHERE f.state NOT IN ('returned', 'sent')) AS answer
    FROM sheet JOIN scoring_filing f ON f.review_id = sheet.id GROUP BY f.review_id
)
SELECT v.id, v.name, r.id, coalesce(r.state, 'missing'), filing.waiting, filing.sent_at, filing.answered_at,
    r.posted_at, coalesce(filing.returns, 0),
    coalesce((filing.sent_at AT TIME ZONE 'Asia/Shanghai')::date, %(today)s) > coalesce(own.due, %(due)s),
    coalesce(item.deeds, 0), coalesce(item.pending, 0), coalesce(item.adjusted, 0), coalesce(item.rejected, 0),
    coalesce(item.plus, 0), coalesce(item.minus, 0), coalesce(recusal.recusals, 0), coalesce(item.hearings, 0),
    coalesce(filing.answer, '')
FROM community_village v
LEFT JOIN sheet r ON r.village_id = v.id
LEFT JOIN item ON item.review_id = r.id
LEFT JOIN recusal ON recusal.review_id = r.id
LEFT JOIN filing ON filing.review_id = r.id
LEFT JOIN unnest(%(villages)s::bigint[], %(dues)s::date[]) AS own (village, due) ON own.village = v.id
ORDER BY v.code
"""


def board(month: date, *, today: date, due: date, own: Mapping[int, date] | None = None) -> list[MonthCell]:
    """All villages of the town for ``month``; late is what came, or has not come, after ``due``.

    ``own``: the last days of villages (ids) that have others.
    """
    days = own or {}
    values: dict[str, Any] = {"month": month, "today": today, "due": due, "villages": [*days], "dues": [*days.values()]}
    with connection.cursor() as cursor:
        cursor.execute(_BOARD, values)
        return [MonthCell(*row) for row in cursor.fetchall()]


def villages_in(month: date, states: Iterable[str]) -> list[int]:
    """The villages whose sheet of ``month`` is in one of ``states``."""
    return list(Review.objects.filter(month=month, state__in=list(states)).values_list("village_id", flat=True))


def month_in_hand(day: date) -> date:
    """The month that is reviewed on ``day``: the one before, but none from before the town began, unless something
    was told of it."""
    month = clock.month_start(clock.month_start(day) - timedelta(days=1))
    began = Year.objects.aggregate(first=Min("opened_at"))["first"]
    first = clock.month_start(began.astimezone(clock.TIME_ZONE).date()) if began else month
    if month >= first or Declaration.objects.filter(happened_on__lt=clock.next_month(month)).exists():
        return month
    return min(first, clock.month_start(day))


def due_day(month: date, village: int | None = None) -> date:
    """The last day on which the month's sheets arrive in time, by the town's calendar, or by the village's own."""
    return dates.dates("filing", f"{month:%Y-%m}", village).late_from - timedelta(days=1)


def own_due_days(month: date) -> dict[int, date]:
    """``due_day`` of the villages (ids) that have one of their own."""
    apart = dates.calendar_of(f"{month:%Y-%m}").exceptions("filing")
    return {village: due_day(month, village) for village in apart}


def month_board(month: date, *, user: int | None = None) -> list[MonthCell]:
    """``board`` as it stands today, with the step at which each month waits and whether that is ``user``'s."""
    tardy = late_in(month)
    cells = board(month, today=clock.today(), due=due_day(month), own=own_due_days(month))
    waiting = [one.filing_id for one in cells if one.filing_id]
    standing = stands(SUBJECT_KIND, waiting) if waiting else {}
    return [_placed(one, standing.get(one.filing_id or 0), user, tardy.get(one.village_id, 0)) for one in cells]


def _placed(cell: MonthCell, stand: Stand | None, user: int | None, tardy: int) -> MonthCell:
    is_turn = cell.filing_id is not None and (stand is None or stand.waits_for(user or 0))
    return replace(cell, tardy=tardy, stand=stand, is_turn=is_turn)


@dataclass(frozen=True, slots=True)
class MonthTotal:
    """What the board comes to: villages by how far they are, and the sums of their sheets."""

    villages: int
    arrived: int
    waiting: int
    late: int
    returned: int
    missing: int
    posted: int
    deeds: int
    adjusted: int
    rejected: int
    plus: Decimal
    minus: Decimal
    recusals: int
    hearings: int

    @property
    def villages_text(self) -> str:
        return f"{self.villages}村"


GROUPS: dict[str, Callable[[MonthCell], bool]] = {
    "arrived": lambda one: one.arrived,
    "waiting": lambda one: one.filing_id is not None,
    "returned": lambda one: one.state == ReviewState.RETURNED,
    "late": lambda one: one.overdue,
    "missing": lambda one: not one.arrived and not one.overdue and one.state != ReviewState.RETURNED,
    "posted": lambda one: one.state == ReviewState.POSTED,
}
"""Which villages a figure of ``MonthTotal`` counts."""


def total(cells: list[MonthCell]) -> MonthTotal:
    """``missing``: not arrived, neither late nor returned."""
    sums = {
        name: sum((getattr(one, name) for one in cells), type(getattr(cells[0], name))() if cells else 0)
        for name in ("deeds", "adjusted", "rejected", "plus", "minus", "recusals", "hearings")
    }
    counts: dict[str, Any] = {name: sum(belongs(one) for one in cells) for name, belongs in GROUPS.items()}
    return MonthTotal(
        villages=len(cells),
        **counts,
        **sums,
    )

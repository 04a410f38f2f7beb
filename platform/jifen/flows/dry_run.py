"""What closing a year would do, before anybody does it: what is sealed, what expires, what stands in the way."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse

from jifen.clocks.dates import selectors as dates
from jifen.kernel import clock
from jifen.web.wording import date_cn, period_cn
from redemption import selectors as redemption
from reporting.selectors import year as reporting
from scoring.selectors import closing
from scoring.selectors.closing import Debtor

SHOWN = 8
"""How many of a kind of blocks are named one by one."""


@dataclass(frozen=True, slots=True)
class Block:
    """One thing that must be done first, and where; ``url`` may be empty when only time helps."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """The dry run; ``closing`` holds the figures, ``request`` what the town's people asked for.

    ``debtors``: the households whose debt goes into the next year, all of them."""

    year: Any
    day: date
    earliest: date
    latest: date
    closing: closing.Closing
    blocks: list[Block]
    request: Any
    debtors: list[Debtor]

    @property
    def is_due(self) -> bool:
        return clock.today() >= self.day

    @property
    def is_late(self) -> bool:
        """The day is over and nobody has approved."""
        approved = self.request is not None and self.request.state == "confirmed"
        return clock.today() > self.day and not approved and self.year.state == "open"


def preview(year: Any) -> Preview:
    """The dry run of ``year`` as things stand now."""
    return Preview(
        year=year,
        day=close_day(year),
        earliest=earliest(year.number),
        latest=latest(year.number),
        closing=closing.closing(year),
        blocks=blocks(year),
        request=closing.open_request(year),
        debtors=closing.debtors(year),
    )


def close_day(year: Any) -> date:
    """As the town has set it, else its calendar's day; the first possible one when that is later."""
    return max(year.closes_on or dates.dates("year", str(year.number)).due, earliest(year.number))


def earliest(number: int) -> date:
    """The first day on which the fourth notice, its objections and the last exchange of ``number`` are over."""
    windows = redemption.last_window_day(number)
    after = [date(number + 1, 1, 1), reporting.fourth_notice_over(number)]
    return max([*after, windows + timedelta(days=1)] if windows else after)


def latest(number: int) -> date:
    """The end of the year after ``number``; where the close is late already, a month is left to do it."""
    late = max(earliest(number), clock.today()) + timedelta(days=31)
    return max(date(number + 1, 12, 31), late)


def blocks(year: Any) -> list[Block]:
    """What still stands in the way, each with the place where it is dealt with."""
    found = [*_sheets(year), *_notices(year.number), *_objections(year.number)]
    day = close_day(year)
    if clock.today() < day:
        found.append(Block(f"封账日是{date_cn(day)}，还没有到"))
    return found


def _sheets(year: Any) -> list[Block]:
    rows = list(closing.unposted_sheets(year)[: SHOWN + 1])
    told = [
        Block(
            f"{row.village.name}{period_cn(row.month)}的审核表没有记账（{row.get_state_display()}）",
            reverse("scoring:sheet", args=[row.pk]),
        )
        for row in rows[:SHOWN]
    ]
    return [*told, Block("还有别的审核表没有记账", reverse("scoring:months"))] if len(rows) > SHOWN else told


def _notices(number: int) -> list[Block]:
    names = list(reporting.without_fourth_notice(number).values_list("name", flat=True))
    if not names:
        return []
    shown = "、".join(names[:SHOWN]) + ("等" if len(names) > SHOWN else "")
    return [Block(f"{shown}{len(names)}个村没有张贴四季度公示", reverse("reporting:office-notices"))]


def _objections(number: int) -> list[Block]:
    rows = list(reporting.open_objections(number).order_by("answer_by")[: SHOWN + 1])
    url = reverse("reporting:office-objections")
    return [Block(f"{row.village.name}有一件异议没有答复，期限{date_cn(row.answer_by)}", url) for row in rows]

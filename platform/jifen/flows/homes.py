"""What the first pages show: work in hand and where it stands, across rooms."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from jifen.flows import dry_run
from jifen.kernel import clock
from jifen.kernel.permissions import Permission, grants_of
from reporting.selectors import objections
from scoring import selectors as scoring
from scoring.permissions import ScoringPermission
from scoring.selectors import closing, hearings
from scoring.selectors.months import month_in_hand
from scoring.selectors.verifying import verify_queue
from tenants.community import selectors as community
from tenants.community.models import Village


@dataclass(frozen=True, slots=True)
class Work:
    """What waits in some villages; ``month`` is the one whose sheets are on the table."""

    villages: list[Village]
    joined: int
    total: int
    month: date
    to_verify: int
    """By the reader herself where she verifies, else by anybody."""
    untold: int
    unanswered: int
    open_sheets: list[Any]
    returned: list[Any]
    arrived: int
    objections: list[Any]

    @property
    def share(self) -> Decimal:
        return Decimal(self.joined) / self.total if self.total else Decimal(0)

    @property
    def undecided(self) -> int:
        """Sheets on the committees' tables, those that the town sent back among them."""
        return len(self.open_sheets) + len(self.returned)

    @property
    def undecided_text(self) -> str:
        return f"其中{len(self.returned)}张被退回，改好再报" if self.returned else "审核委员会每月一审"

    @property
    def participation_text(self) -> str:
        return f"{self.joined}户参加，共{self.total}户"

    @property
    def nothing_waits(self) -> bool:
        return not (self.to_verify or self.untold or self.unanswered or self.undecided or self.objections)


def work(user: Any, permission: Permission) -> Work:
    """Over the villages in which ``user`` holds ``permission``."""
    villages = list(community.villages_for(user, permission).order_by("code"))
    ids = [village.pk for village in villages]
    day = clock.today()
    verifier = user.pk if grants_of(user).allows(ScoringPermission.RECORD) else None
    states = [figure for _, figure in community.participation_by_village(day, villages)]
    return Work(
        villages=villages,
        joined=sum(figure.joined for figure in states),
        total=sum(figure.total for figure in states),
        month=month_in_hand(day),
        to_verify=verify_queue(set(ids), verifier).count(),
        untold=hearings.untold_in(ids).count(),
        unanswered=hearings.unanswered_in(ids).count(),
        open_sheets=scoring.open_sheets(ids),
        returned=scoring.returned_sheets(ids),
        arrived=scoring.arrived_sheets(ids),
        objections=objections.as_seen(objections.open_ones(objections.for_staff(user))[:8], user),
    )


@dataclass(frozen=True, slots=True)
class YearLine:
    """One points year, and what comes next for it."""

    number: int
    state: str
    label: str
    day: date
    next_step: str
    seal: Any


def year_lines() -> list[YearLine]:
    """Newest first."""
    return [
        YearLine(
            number=year.number,
            state=year.state,
            label=year.get_state_display(),
            day=dry_run.close_day(year),
            next_step=_next_step(year),
            seal=scoring.closing_seal(year),
        )
        for year in scoring.years()
    ]


def _next_step(year: Any) -> str:
    asked = closing.open_request(year)
    if asked is not None:
        word = asked.get_kind_display()
        return f"{word}等第二人批准" if asked.state == "proposed" else f"{word}已批准"
    if year.state == "sealed":
        return ""
    if clock.today().year <= year.number:
        return "正在记分"
    return "可以提出封账" if not dry_run.blocks(year) else "还有事没办完"

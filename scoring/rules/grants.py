"""基础分: what a household is given without a deed, whole or for the part of the period it takes part."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal

from scoring.rules import periods
from scoring.rules.base import plain
from scoring.rules.spec import BaseGrant, Fractions, MemberPoints, Settings

ZERO = Decimal("0.00")
ANYBODY = "member"
"""The member type of whoever has none that the grant names."""

_MODES = {"nearest": ROUND_HALF_UP, "down": ROUND_DOWN, "up": ROUND_UP}
NAMES = {"joining": "参加时", "month": "每月", "quarter": "每季度", "year": "每年"}
MONTHS = {"month": 1, "quarter": 3, "year": 12}


@dataclass(frozen=True, slots=True)
class Granted:
    """Points for a household; ``explanation`` is the sum in words."""

    points: Decimal
    redeemable: Decimal
    explanation: str


def grant(
    base: BaseGrant,
    *,
    day: date,
    joined: date,
    members: Sequence[str] = (),
    settings: Settings | None = None,
    since: date = date.min,
) -> Granted:
    """What ``base`` gives for the period that holds ``day`` to a household that joined on ``joined``.

    ``members`` are the member types of its people, one each. Nothing for a period that ended before it joined.
    ``since``: the day from which the rulebook grants it; a period that had begun by then counts from that day.
    """
    fractions = settings.fractions if settings else Fractions()
    whole, told = _whole(base, members)
    part, of, unit = _part(base, day, max(joined, since))
    points = (whole * part / of).quantize(Decimal(1).scaleb(-fractions.places), _MODES[fractions.rounding]) + ZERO
    share = "" if part == of else f"，按{part}/{of}{unit}折算" if part else "，参加以前的不发"
    if share and part and since > joined:
        share = f"，细则自{since.year}年{since.month}月{since.day}日起发放{share}"
    sentence = f"基础分（{NAMES[base.when]}）：{told}{share}，计{plain(points)}分"
    return Granted(points, points if base.redeemable else ZERO, sentence)


def _whole(base: BaseGrant, members: Sequence[str]) -> tuple[Decimal, str]:
    """The points of a whole period, and how they come about."""
    parts = [f"每户{plain(base.points)}分"] if base.points else []
    total = base.points
    named = {one.member for one in base.members}
    for kind in base.members:
        heads = _heads(kind, named, members)
        if heads:
            total += kind.points * heads
            parts.append(f"{kind.name}{plain(kind.points)}分 × {heads}人")
    return total, " + ".join(parts) or "没有符合的成员"


def _heads(kind: MemberPoints, named: set[str], members: Sequence[str]) -> int:
    if kind.member != ANYBODY:
        return sum(member == kind.member for member in members)
    return sum(member == ANYBODY or member not in named for member in members)


def _part(base: BaseGrant, day: date, joined: date) -> tuple[int, int, str]:
    """(units that count, units of the whole period, their name)."""
    if base.when == "joining":
        return 1, 1, ""
    start = periods.start(base.when, day)
    end = periods.months_on(start, MONTHS[base.when])
    if joined >= end:
        return 0, 1, ""
    if joined <= start or base.pro_rata == "none":
        return 1, 1, ""
    if base.pro_rata == "days":
        return (end - joined).days, (end - start).days, "天"
    gone = periods.place("month", joined) - periods.place("month", start)
    return MONTHS[base.when] - gone, MONTHS[base.when], "个月"


def last_day(base: BaseGrant, day: date) -> date:
    """The last day of the period that a grant for ``day`` is for; the day itself for one at joining."""
    if base.when == "joining":
        return day
    return periods.months_on(periods.start(base.when, day), MONTHS[base.when]) - timedelta(days=1)

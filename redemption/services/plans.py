"""兑换方案: when a village's or the town's households may exchange, from how many points on, by which resolution."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction

from jifen.audit import services as audit
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from redemption import errors, policies, windows
from redemption.models import RedemptionPlan, RedemptionWindow
from redemption.windows import Days
from tenants.community.models import Village


@transaction.atomic
def make(
    *,
    village: Village | None,
    windows: Sequence[Days],
    title: str,
    resolution: str,
    effective_from: date,
    by: Actor,
    threshold: Decimal | None = None,
) -> RedemptionPlan:
    """A dated plan; the newest in force counts, a village's own before the town's.

    Args:
        windows: first and last days, both included.
        threshold: the least available points; the scheme's when left out.

    Raises:
        PlanWrong, NoWindows, WindowsWrong, TooLateInYear, PlanExists: nothing is written.
    """
    policy = policies.on(effective_from)
    _check(policy, windows, title=title, resolution=resolution, effective_from=effective_from)
    if RedemptionPlan.objects.filter(village=village, effective_from=effective_from).exists():
        raise errors.PlanExists
    plan = RedemptionPlan.objects.create(
        village=village,
        title=title.strip(),
        resolution=resolution.strip(),
        effective_from=effective_from,
        threshold=policy.threshold if threshold is None else threshold,
        **by.columns(),
    )
    RedemptionWindow.objects.bulk_create(
        RedemptionWindow(plan=plan, opens_on=opens, closes_on=closes) for opens, closes in sorted(windows)
    )
    audit.record(by=by, action="redemption.plan", subject=plan, village_id=village.pk if village else None)
    return plan


def standard_windows(year: int) -> list[Days]:
    """What the town's scheme states for ``year``: a proposal for the plan's form."""
    return windows.of_year(policies.on(clock.today()).redemption, year)


def _check(
    policy: policies.Exchange, days: Sequence[Days], *, title: str, resolution: str, effective_from: date
) -> None:
    if not title.strip() or not resolution.strip():
        raise errors.PlanWrong
    if not days:
        raise errors.NoWindows
    if not windows.apart(days):
        raise errors.WindowsWrong
    before = policy.yearly_before
    if before is None or before.before_month is None:
        return
    limit = date(effective_from.year, before.before_month, 1)
    if effective_from < limit and min(opens for opens, _ in days) >= limit:
        raise errors.TooLateInYear(before_month=before.before_month)

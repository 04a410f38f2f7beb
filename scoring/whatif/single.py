"""One real deed once more under a draft's item: what it would bring, and what it brought."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum

from scoring.models import (
    Cause,
    Declaration,
    DeclarationState,
    HearingOutcome,
    ItemVerdict,
    Measure,
    Posting,
    Rule,
    VersionState,
)
from scoring.rules.asking import needs_people
from scoring.rules.facts import People
from scoring.rules.spec import Rulebook, RuleSpec
from scoring.selectors.people import Doer, around
from scoring.whatif.replay import ZERO, Past, Replayed, replay

MOST = 10
"""Deeds that are offered."""
TOGETHER = datetime.min.replace(tzinfo=UTC)
"""Posted in one act, as far as their order goes: by day, some of them are not posted yet."""
_GONE = (DeclarationState.WITHDRAWN, DeclarationState.REJECTED)


@dataclass(frozen=True, slots=True)
class Once:
    """A deed that was told: what it would bring now, and what it brought; ``got`` is None while it is not posted."""

    deed: Declaration
    now: Replayed
    got: Decimal | None
    got_why: str


def recent(code: str, village_id: int | None) -> list[Declaration]:
    """The last deeds told of the item in the village (None: in the town)."""
    return list(_told(code, village_id).order_by("-happened_on", "-pk")[:MOST])


def is_known(code: str, village_id: int | None) -> bool:
    """Whether the item has stood in a rulebook of the town's, or of the village's own, before this draft."""
    here = Q(version__rulebook__village=None) | Q(version__rulebook__village=village_id)
    return Rule.objects.filter(here, code=code).exclude(version__state=VersionState.DRAFT).exists()


def once_more(book: Rulebook, deed: Declaration) -> Once:
    """The deed under ``book``, after those that the household had told of the item before it."""
    earlier = Q(happened_on__lt=deed.happened_on) | Q(happened_on=deed.happened_on, pk__lte=deed.pk)
    told = _told(deed.rule.code, deed.village_id).filter(earlier, household=deed.household_id)
    rows = told.order_by("happened_on", "pk")
    now = replay(book, map(_past, rows), people=_people(book.rule(deed.rule.code), deed))[-1]
    posting = _posting(deed)
    got = _sum(posting, Measure.MERIT) if posting else None
    return Once(deed, now, got, (posting.explanation if posting else "") or deed.explanation)


def _told(code: str, village_id: int | None) -> QuerySet[Declaration]:
    rows = Declaration.objects.filter(rule__code=code).exclude(state__in=_GONE)
    rows = rows.select_related("household__head", "village", "rule")
    return rows if village_id is None else rows.filter(village=village_id)


def _past(row: Declaration) -> Past:
    posting = _posting(row)
    merit, redeemable = (
        (_sum(posting, measure) for measure in (Measure.MERIT, Measure.REDEEMABLE)) if posting else (ZERO, ZERO)
    )
    return Past(
        row.pk, row.rule.code, row.household_id, row.village_id, row.resident_id, row.happened_on, row.facts,
        row.points, _decided(posting), merit, redeemable, point_class="", recorded=row.household_id, joined=True,
        posted_at=TOGETHER, reckoned=None, bounded=False,
    )  # fmt: skip


def _posting(row: Declaration) -> Posting | None:
    found = row.postings.filter(cause=Cause.DECLARATION, reversed_at=None)
    return found.select_related("review_item").first()


def _sum(posting: Posting, measure: str) -> Decimal:
    total = posting.entries.filter(measure=measure).aggregate(total=Sum("amount"))["total"]
    return total or ZERO


def _decided(posting: Posting | None) -> Decimal | None:
    """What people made of it, signed."""
    item = posting.review_item if posting else None
    if item is None:
        return None
    lowered = item.hearings.filter(outcome=HearingOutcome.LOWERED).first()
    if lowered is not None:
        return Decimal(lowered.decided_points)
    return item.points if item.verdict == ItemVerdict.ADJUSTED else None


def _people(rule: RuleSpec, deed: Declaration) -> dict[int, People]:
    """Who lives there today, for a deed told before the rule asked."""
    if not needs_people(rule):
        return {}
    return {deed.household_id: around([Doer(deed.household, deed.resident)], deed.happened_on)[0].people}

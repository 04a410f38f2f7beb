"""One real deed once more under a draft's item: what it would bring, and what it brought."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import DecimalField, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

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
from scoring.rules.sequence import bearing
from scoring.rules.spec import Rulebook
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
    return list(_told([code], village_id).order_by("-happened_on", "-pk")[:MOST])


def is_known(code: str, village_id: int | None) -> bool:
    """Whether the item has stood in a rulebook of the town's, or of the village's own, before this draft."""
    here = Q(version__rulebook__village=None) | Q(version__rulebook__village=village_id)
    return Rule.objects.filter(here, code=code).exclude(version__state=VersionState.DRAFT).exists()


def once_more(book: Rulebook, deed: Declaration) -> Once:
    """The deed under ``book``, after those that the household had told before it and that bear on it."""
    earlier = Q(happened_on__lt=deed.happened_on) | Q(happened_on=deed.happened_on, pk__lte=deed.pk)
    since = {**bearing(book, deed.happened_on), deed.rule.code: date.min}
    rows = _told(list(since), deed.village_id).filter(earlier, household=deed.household_id)
    known = [row for row in rows.order_by("happened_on", "pk") if row.happened_on >= since[row.rule.code]]
    postings = _postings(known)
    pasts = [_past(row, postings.get(row.pk)) for row in known]
    now = replay(book, pasts, people=_people(book, deed, {row.rule.code for row in known}))[-1]
    posting = postings.get(deed.pk)
    got = posting.merit if posting else None
    return Once(deed, now, got, (posting.explanation if posting else "") or deed.explanation)


def _told(codes: Sequence[str], village_id: int | None) -> QuerySet[Declaration]:
    rows = Declaration.objects.filter(rule__code__in=codes).exclude(state__in=_GONE)
    rows = rows.select_related("household__head", "village", "rule")
    return rows if village_id is None else rows.filter(village=village_id)


def _past(row: Declaration, posting: Any) -> Past:
    merit, redeemable = (posting.merit, posting.spendable) if posting else (ZERO, ZERO)
    return Past(
        row.pk, row.rule.code, row.household_id, row.village_id, row.resident_id, row.happened_on, row.facts,
        row.points, _decided(posting), merit, redeemable, point_class="", recorded=row.household_id, joined=True,
        posted_at=TOGETHER, reckoned=None, bounded=False,
    )  # fmt: skip


def _postings(rows: Sequence[Declaration]) -> dict[int | None, Any]:
    """By declaration what stands in the ledger for it, with its sums ``merit`` and ``spendable``."""
    found = Posting.objects.filter(declaration__in=rows, cause=Cause.DECLARATION, reversed_at=None)
    found = found.annotate(merit=_sum(Measure.MERIT), spendable=_sum(Measure.REDEEMABLE))
    found = found.select_related("review_item").prefetch_related("review_item__hearings")
    return {one.declaration_id: one for one in found.order_by("-pk")}


def _sum(measure: str) -> Coalesce:
    return Coalesce(Sum("entries__amount", filter=Q(entries__measure=measure)), ZERO, output_field=DecimalField())


def _decided(posting: Posting | None) -> Decimal | None:
    """What people made of it, signed."""
    item = posting.review_item if posting else None
    if item is None:
        return None
    lowered = next((one for one in item.hearings.all() if one.outcome == HearingOutcome.LOWERED), None)
    if lowered is not None:
        return Decimal(lowered.decided_points)
    return item.points if item.verdict == ItemVerdict.ADJUSTED else None


def _people(book: Rulebook, deed: Declaration, codes: Collection[str]) -> dict[int, People]:
    """Who lives there today, for a deed told before its rule asked."""
    if not any(needs_people(rule) for rule in book.rules if rule.code in codes):
        return {}
    return {deed.household_id: around([Doer(deed.household, deed.resident)], deed.happened_on)[0].people}

"""Reading the ledger: balances, passbooks, standings, and why an entry is there."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import F, Sum

from jifen.files.models import File
from jifen.kernel import clock
from jifen.kernel.points import ZERO
from scoring.models import Balance, Cause, Declaration, Entry, Measure, Posting, Review, RulebookVersion
from scoring.selectors import classes
from scoring.selectors.books import settings_of
from scoring.selectors.classes import Weighted
from scoring.selectors.rules import spec_of, versions_dated
from scoring.sql import bounds
from tenants.community.models import Household


def available(household: Household, year: int | None = None) -> Decimal:
    """What can be exchanged of ``year`` (this one): redeemable points posted and not held, above the base where only
    those count; a debt is negative."""
    row = (
        Balance.objects.filter(
            account__household=household, year__number=year or clock.today().year, measure=Measure.REDEEMABLE
        )
        .annotate(free=F("posted") - F("held"))
        .first()
    )
    return exchangeable(household, row.free, year or clock.today().year) if row else ZERO


def exchangeable(household: Household, free: Decimal, year: int) -> Decimal:
    """What of the ``free`` points can be exchanged."""
    base = kept_base(household, year)
    return max(free - base, min(free, ZERO)) if base else free


def kept_base(household: Household, year: int) -> Decimal:
    """Base points of ``year`` that cannot be exchanged, where the rules say that only what is above them can."""
    version = RulebookVersion.objects.filter(pk__in=versions_dated(household.village_id, clock.today())[:1]).first()
    if version is None or not settings_of(version).redeem_above_base:
        return ZERO
    with connection.cursor() as cursor:
        cursor.execute(bounds.BASE, {"household": household.pk, "year": year})
        [found] = cursor.fetchone() or (ZERO,)
    return max(found, ZERO)


def posting_of_redemption(redemption_id: int) -> Posting:
    """The posting that spent its points."""
    return Posting.objects.get(redemption_id=redemption_id, cause=Cause.REDEMPTION)


@dataclass(frozen=True, slots=True)
class PassbookRow:
    """One posting as a household reads it. ``reason`` is withheld for sensitive rules (举报类)."""

    posting_id: int
    day: date
    title: str
    reason: str
    who: str
    cause: str
    merit: Decimal
    redeemable: Decimal
    explanation: str
    is_reversed: bool
    posted_at: datetime


@dataclass(frozen=True, slots=True)
class Passbook:
    """积分存折 of one household and year. ``merit`` = ``positive`` − ``negative``; ``weighted``: by named class."""

    year: int
    merit: Decimal
    positive: Decimal
    negative: Decimal
    available: Decimal
    held: Decimal
    rows: list[PassbookRow]
    weighted: Weighted | None = None


_ROWS = """
SELECT p.id, min(e.happened_on),
    CASE WHEN p.cause = 'zeroing' THEN '积分清零：' ELSE '' END
        || coalesce(CASE WHEN r.is_sensitive THEN r.category || '（事由不公开）' ELSE r.title END,
        CASE p.cause WHEN 'redemption' THEN '积分兑换' WHEN 'base_grant' THEN '基础分'
        WHEN 'opening' THEN '期初积分' WHEN 'expiry' THEN '年终清零' WHEN 'lapse' THEN '积分到期' ELSE '更正' END),
    CASE WHEN r.is_sensitive THEN '' ELSE p.reason END, coalesce(who.name, ''), p.cause,
    coalesce(sum(e.amount) FILTER (WHERE e.measure = 'merit'), 0),
    coalesce(sum(e.amount) FILTER (WHERE e.measure = 'redeemable'), 0),
    CASE WHEN r.is_sensitive THEN '' ELSE p.explanation END, p.reversed_at IS NOT NULL, p.posted_at
FROM scoring_entry e
JOIN scoring_posting p ON p.id = e.posting_id
JOIN scoring_year y ON y.id = e.year_id
LEFT JOIN scoring_posting first ON first.id = p.reverses_id
LEFT JOIN scoring_declaration d ON d.id = coalesce(p.declaration_id, first.declaration_id)
LEFT JOIN community_resident who ON who.id = d.resident_id
LEFT JOIN scoring_rule r ON r.id = e.rule_id
WHERE e.household_id = %(household)s AND y.number = %(year)s
GROUP BY p.id, r.id, who.name
ORDER BY min(e.happened_on) DESC, p.id DESC
"""

_SUMS = """
SELECT coalesce(sum(b.positive) FILTER (WHERE b.measure = 'merit'), 0),
    coalesce(sum(b.negative) FILTER (WHERE b.measure = 'merit'), 0)
FROM (SELECT e.measure, CASE WHEN (e.amount > 0) = (e.reverses_id IS NULL) THEN e.amount ELSE 0 END AS positive,
        CASE WHEN (e.amount > 0) = (e.reverses_id IS NULL) THEN 0 ELSE -e.amount END AS negative
    FROM scoring_entry e JOIN scoring_year y ON y.id = e.year_id
    WHERE e.household_id = %(household)s AND y.number = %(year)s) b
"""


def passbook(household: Household, year: int) -> Passbook:
    """The household's own entries and its members', newest first, with the year's sums (I9)."""
    values = {"household": household.pk, "year": year}
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, values)
        rows = [PassbookRow(*row) for row in cursor.fetchall()]
        cursor.execute(_SUMS, values)
        positive, negative = cursor.fetchone() or (ZERO, ZERO)
    balance = Balance.objects.filter(
        account__household=household, year__number=year, measure=Measure.REDEEMABLE
    ).first()
    held = balance.held if balance else ZERO
    free = exchangeable(household, balance.posted - balance.held, year) if balance else ZERO
    weighted = classes.weighted(household, year)
    return Passbook(year, positive - negative, positive, negative, free, held, rows, weighted)


@dataclass(frozen=True, slots=True)
class Why:
    """Everything behind a posting: the deed, the rule, the sum, who decided, the proof.

    A deed was decided by its committee, never by one neighbour: ``signers`` are for staff alone.
    """

    posting: Posting
    entries: list[Entry]
    declaration: Declaration | None
    rule_text: str
    rule_price: str
    rule_source: str
    is_example: bool
    is_sensitive: bool
    evidence: list[File]
    decided_by: str
    decided_at: datetime | None
    signers: list[str]
    reversal: Posting | None


def why(entry: Entry) -> Why:
    """Why ``entry`` is there."""
    return why_posted(entry.posting)


def why_posted(posting: Posting) -> Why:
    """Why the entries of ``posting`` are there; a reversal tells of what it took back, a zeroing of its deed."""
    told = posting.reverses or posting
    deed = told.follows or told
    declaration, item = deed.declaration, posting.review_item
    signers = _signers(item.review) if item else []
    rule = declaration.rule if declaration else None
    spec = spec_of(rule) if rule else None
    return Why(
        posting=posting,
        entries=list(posting.entries.select_related("account__resident", "household", "year").order_by("measure")),
        declaration=declaration,
        rule_text=rule.text if rule else "",
        rule_price=spec.price_text if spec else "",
        rule_source=spec.source.section if spec else "",
        is_example=bool(rule and rule.is_example),
        is_sensitive=bool(rule and rule.is_sensitive),
        evidence=[row.file for row in declaration.evidence.select_related("file")] if declaration else [],
        decided_by=_committee(item.review, len(signers)) if item else posting.actor_name,
        decided_at=item.decided_at if item else posting.posted_at,
        signers=signers,
        reversal=Posting.objects.filter(reverses=posting).first(),
    )


def _signers(review: Review) -> list[str]:
    return list(review.seats.order_by("signed_at", "pk").values_list("actor_name", flat=True))


def _committee(review: Review, signatures: int) -> str:
    return f"{review.village.name}审核委员会" + (f"（{signatures}人签字）" if signatures else "")


@dataclass(frozen=True, slots=True)
class Standing:
    """Gross positive, gross negative and net merit of a household or a resident."""

    id: int
    positive: Decimal
    negative: Decimal

    @property
    def net(self) -> Decimal:
        return self.positive - self.negative


_RANKINGS = """
SELECT {who},
    round(coalesce(sum(e.amount * coalesce(w.weight, 1))
        FILTER (WHERE (e.amount > 0) = (e.reverses_id IS NULL)), 0), 2),
    round(sum(e.amount * coalesce(w.weight, 1)), 2)
FROM scoring_entry e
JOIN scoring_year y ON y.id = e.year_id
JOIN scoring_account a ON a.id = e.account_id
JOIN community_household h ON h.id = e.household_id
LEFT JOIN unnest(%(weighty)s::bigint[], %(codes)s::text[], %(weights)s::numeric[]) AS w (village_id, code, weight)
    ON w.village_id = h.village_id AND w.code = e.point_class
WHERE y.number = %(year)s AND e.measure = 'merit' AND e.concerns_year IS NULL AND e.month BETWEEN %(first)s AND %(last)s
    AND (%(villages)s::bigint[] IS NULL OR h.village_id = ANY(%(villages)s)) AND {who} IS NOT NULL
GROUP BY 1
"""


def rankings(
    *,
    year: int,
    villages: Collection[int] | None = None,
    subject: str = "household",
    months: tuple[int, int] = (1, 12),
) -> list[Standing]:
    """Merit of every household (or ``resident``) with entries in those months, highest net first.

    Points of a class count by its weight.
    """
    who = "a.resident_id" if subject == "resident" else "e.household_id"
    weighed = classes.weights(classes.last_day(year))
    values: dict[str, Any] = {
        "weighty": weighed.villages,
        "codes": weighed.codes,
        "weights": weighed.weights,
        "year": year,
        "first": months[0],
        "last": months[1],
        "villages": None if villages is None else sorted(villages),
    }
    with connection.cursor() as cursor:
        cursor.execute(_RANKINGS.format(who=who), values)
        found = [Standing(pk, positive, positive - net) for pk, positive, net in cursor.fetchall()]
    return sorted(found, key=lambda row: (-row.net, row.id))


def merit_total(year: int) -> Decimal:
    """The town's merit of ``year``."""
    found = Balance.objects.filter(year__number=year, measure=Measure.MERIT).aggregate(total=Sum("posted"))["total"]
    return found or ZERO

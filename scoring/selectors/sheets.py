"""A month's sheet as the committee sees it: what needs a look deed by deed, the rest folded into groups."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.reading import whole
from scoring import policies
from scoring.models import Declaration, DeclarationState, ItemVerdict, Review, ReviewItem, ReviewState
from scoring.selectors.exceptions import Hint, remembered
from scoring.selectors.hearings import returned_items
from scoring.selectors.reviews import elsewhere, stood_back


@dataclass(frozen=True, slots=True)
class Silent:
    """Ids of the sheet's items on which the reader says nothing: from which she stands back, of other groups.

    ``returned``: those that the town sent back alone, the others keep their decision; empty: nothing is kept.
    """

    barred: Collection[int]
    elsewhere: Collection[int]
    returned: Collection[int] = ()

    @property
    def all(self) -> set[int]:
        return {*self.barred, *self.elsewhere}


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One deed of a sheet; ``exceptions`` say why a person should look at it first.

    ``kept``: the town has sent others back, and what was decided on this one stays.
    """

    item: ReviewItem
    exceptions: tuple[Hint, ...]
    barred: bool
    elsewhere: bool
    kept: bool = False

    @property
    def is_waiting(self) -> bool:
        """Whether the reader herself still has to decide on it."""
        return self.item.verdict == ItemVerdict.PENDING and not self.barred and not self.elsewhere


@dataclass(frozen=True, slots=True)
class Group:
    """Plain deeds recorded together (``batch_id``) or of one rule."""

    batch_id: int | None
    rule_code: str
    title: str
    note: str
    count: int
    pending: int
    barred: int
    points: Decimal

    @property
    def key(self) -> str:
        return f"{self.batch_id or 0}-{self.rule_code}"


@dataclass(frozen=True, slots=True)
class Left:
    """What waits for the reader herself: ``attention`` deeds to look at, ``plain`` ones to pass in one act."""

    attention: int
    plain: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """``attention``: what needs a look, deed by deed; ``groups``: the rest, folded."""

    attention: list[SheetLine]
    groups: list[Group]
    left: Left


def sheet(review: Review, by: Actor) -> Sheet:
    """The sheet for ``by``: exceptions first, in the order of their days; the rest by list and rule."""
    found = remembered(review, anew=True)
    silent = _silent(review, by)
    attention = _lines(review.items.filter(pk__in=found), found, silent)
    groups = _groups(review.items.exclude(pk__in=found), silent.all)
    return Sheet(sorted(attention, key=lambda line: not line.is_waiting), groups, _left(review, found, silent.all))


def left(review: Review, by: Actor) -> Left:
    """How much still waits for ``by``."""
    return _left(review, remembered(review), _silent(review, by).all)


def _silent(review: Review, by: Actor) -> Silent:
    returned = returned_items(review) if review.state == ReviewState.RETURNED else ()
    return Silent(stood_back(review, by), elsewhere(review, by), returned)


def _left(review: Review, found: Collection[int], barred: Collection[int]) -> Left:
    mine = review.items.filter(verdict=ItemVerdict.PENDING).exclude(pk__in=barred)
    total, attention = mine.count(), mine.filter(pk__in=found).count()
    return Left(attention, total - attention)


def line(item: ReviewItem, by: Actor) -> SheetLine:
    """One deed of the sheet."""
    [only] = _lines(ReviewItem.objects.filter(pk=item.pk), remembered(item.review), _silent(item.review, by))
    return only


def group_lines(review: Review, key: str, by: Actor) -> list[SheetLine]:
    """The plain deeds of the group with ``key``, by household."""
    batch, _, code = key.partition("-")
    number = whole(batch)
    if number is None:
        return []
    rows = review.items.filter(declaration__rule__code=code, declaration__batch=number or None)
    rows = rows.exclude(pk__in=remembered(review))
    return _lines(rows.order_by("declaration__household__number", "pk"), {}, _silent(review, by))


def _lines(rows: QuerySet[ReviewItem], found: dict[int, tuple[Hint, ...]], silent: Silent) -> list[SheetLine]:
    rows = rows.select_related(
        "declaration__household__head", "declaration__resident", "declaration__rule", "declaration__batch"
    ).prefetch_related("declaration__evidence__file")
    if not rows.ordered:
        rows = rows.order_by("declaration__happened_on", "pk")
    back, away, sent = silent.barred, silent.elsewhere, silent.returned
    return [
        SheetLine(row, found.get(row.pk, ()), row.pk in back, row.pk in away, bool(sent) and row.pk not in sent)
        for row in rows
    ]


def _groups(plain: QuerySet[ReviewItem], barred: Collection[int]) -> list[Group]:
    told = "declaration__"
    waiting = Q(verdict=ItemVerdict.PENDING)
    rows = plain.values(f"{told}batch_id", f"{told}batch__title", f"{told}rule__code", f"{told}rule__title").annotate(
        count=Count("pk"),
        pending=Count("pk", filter=waiting),
        barred=Count("pk", filter=waiting & Q(pk__in=barred)),
        sum=Sum("points"),
    )
    return [_group(row) for row in rows.order_by("-count", f"{told}rule__code")]


def _group(row: dict[str, Any]) -> Group:
    batch = row["declaration__batch__title"] or ""
    return Group(
        batch_id=row["declaration__batch_id"],
        rule_code=row["declaration__rule__code"],
        title=row["declaration__rule__title"],
        note=batch or "逐件登记",
        count=row["count"],
        pending=row["pending"],
        barred=row["barred"],
        points=row["sum"],
    )


def newcomers(review: Review) -> int:
    """How many deeds wait that an open sheet would take in if it were gathered again."""
    return _waiting(review).count()


def latecomers(review: Review) -> int:
    """How many of the ``newcomers`` happened before the sheet's month, whose own sheet does not take them any more."""
    return _waiting(review).filter(happened_on__lt=review.month).count()


def _waiting(review: Review) -> QuerySet[Declaration]:
    if review.state != ReviewState.OPEN:
        return Declaration.objects.none()
    rows = Declaration.objects.filter(village=review.village_id, state=DeclarationState.READY)
    rows = rows.filter(happened_on__lt=clock.next_month(review.month))
    last = policies.recorded_before(review.month)
    return rows if last is None else rows.filter(recorded_at__lt=last)

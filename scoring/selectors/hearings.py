"""Deductions before they post, and what the town sent back."""

from collections.abc import Collection
from decimal import Decimal

from django.db.models import F, Q, QuerySet

from jifen.kernel import clock
from jifen.kernel.points import ZERO
from scoring.models import Filing, FilingState, Hearing, HearingOutcome, ReturnedItem, Review, ReviewItem
from tenants.community.models import Household, HouseholdMember


def hearings_of(household: Household) -> QuerySet[Hearing]:
    """What the household was told of or has yet to be, the newest first; also what was decided anew after it knew."""
    rows = Hearing.objects.filter(household=household).exclude(outcome=HearingOutcome.VOID, told_at=None)
    return rows.select_related("declaration__rule", "declaration__resident").order_by("-opened_at", "-pk")


def hearings_in(village_ids: Collection[int]) -> QuerySet[Hearing]:
    """Of these villages: whom nobody has told first, then by their last day."""
    rows = Hearing.objects.filter(declaration__village__in=village_ids).exclude(outcome=HearingOutcome.VOID)
    rows = rows.order_by(F("until").asc(nulls_first=True), "pk")
    return rows.select_related(
        "declaration__rule", "declaration__resident", "declaration__village", "household__head", "item__review__flow"
    )


def untold_in(village_ids: Collection[int]) -> QuerySet[Hearing]:
    """Deductions of which nobody has told the household yet: no message reaches it."""
    return hearings_in(village_ids).filter(outcome=HearingOutcome.OPEN, told_at=None)


def unanswered_in(village_ids: Collection[int]) -> QuerySet[Hearing]:
    """What households have said and the committee has not answered, the oldest first."""
    rows = hearings_in(village_ids).filter(outcome=HearingOutcome.OPEN).exclude(statement="")
    return rows.order_by("stated_at", "pk")


def open_hearings(household: Household) -> int:
    """How many deductions the household may still explain, or waits for an answer to."""
    return hearings_of(household).filter(outcome=HearingOutcome.OPEN).count()


def standing_hearings(review: Review) -> dict[int, Hearing]:
    """The hearings of what the committee has decided on the sheet and not anew since, by item id."""
    rows = Hearing.objects.filter(item__review=review).exclude(outcome=HearingOutcome.VOID)
    return {row.item_id: row for row in rows.filter(item__decided_at__lte=F("opened_at"))}


def left_of(hearing: Hearing) -> Decimal:
    """What would be taken, or was: as the household was told, or what the committee left of it."""
    if hearing.outcome == HearingOutcome.DROPPED:
        return ZERO
    left: Decimal = hearing.points if hearing.decided_points is None else hearing.decided_points
    return left


def accounts_of(households: Collection[int]) -> dict[int, set[int]]:
    """The accounts of the people of these households today, by household."""
    rows = HouseholdMember.objects.filter(household__in=households, from_date__lte=clock.today())
    rows = rows.filter(Q(to_date=None) | Q(to_date__gt=clock.today())).exclude(resident__user=None)
    found: dict[int, set[int]] = {}
    for household, user in rows.values_list("household", "resident__user"):
        found.setdefault(household, set()).add(user)
    return found


def is_kept(item: ReviewItem) -> bool:
    """Whether the town has sent back other deeds of the sheet than this one."""
    last = Filing.objects.filter(review=item.review_id).order_by("pk").last()
    if last is None or last.state != FilingState.RETURNED:
        return False
    returned = ReturnedItem.objects.filter(filing=last)
    return returned.exists() and not returned.filter(item=item).exists()


def returned_items(review: Review) -> dict[int, str]:
    """The town's word on single deeds that it sent back last, by item id."""
    last = Filing.objects.filter(review=review).order_by("pk").last()
    return dict(ReturnedItem.objects.filter(filing=last).values_list("item_id", "note")) if last else {}

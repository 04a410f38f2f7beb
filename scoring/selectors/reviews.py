"""What the committee and the town see of a month."""

from collections.abc import Collection

from django.db import connection
from django.db.models import Count, Q, QuerySet

from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.tenancy import current_schema
from scoring.models import ItemVerdict, Review, ReviewItem, ReviewState
from scoring.selectors import sitting
from scoring.sql import reviews as sql
from tenants.community.models import Resident, VillageRole


def resident_of(by: Actor) -> int | None:
    """The villager behind the account, if there is one."""
    if by.resident_id is not None or by.realm != current_schema():
        return by.resident_id
    return Resident.objects.filter(user_id=by.id).values_list("pk", flat=True).first()


def stood_back(review: Review | int, by: Actor) -> set[int]:
    """Ids of the sheet's items on which she decides nothing (I11): of her own household and her relatives', and, where
    the town says so, of those who decide on hers in the same sheet."""
    resident = resident_of(by)
    if resident is None:
        return set()
    values = {"review": review if isinstance(review, int) else review.pk, "resident": resident}
    with connection.cursor() as cursor:
        cursor.execute(sql.STANDS_BACK, values)
        return {item for (item,) in cursor.fetchall()}


def elsewhere(review: Review, by: Actor) -> set[int]:
    """Ids of the sheet's items that are not hers to decide, as she sits for the households of her group alone."""
    group = sitting.group_of(by.id, review) if by.realm == current_schema() and by.id is not None else None
    if group is None:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(sql.ELSEWHERE, {"review": review.pk, "group": group})
        return {item for (item,) in cursor.fetchall()}


def is_barred(item: ReviewItem, by: Actor) -> bool:
    """I11: she stands back from this deed."""
    return item.pk in stood_back(item.review_id, by)


def is_related(item: ReviewItem, by: Actor) -> bool:
    """Whether that is because her own household or a declared relative's, then or now, gets or bears a part of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT scoring_is_barred_from(%s, %s)", [resident_of(by), item.declaration_id])
        [related] = cursor.fetchone() or (False,)
    return bool(related)


def is_seat_of(role: VillageRole, review: Review) -> bool:
    """Whether it is a seat of the sheet today: one that its flow names."""
    today = clock.today()
    is_now = role.from_date <= today and (role.to_date is None or role.to_date > today)
    lines = sitting.step_of(review).who
    return is_now and role.village_id == review.village_id and any(sitting.names(who, role) for who in lines)


def unposted_reviews(year: int) -> int:
    """Sheets of months of ``year`` that are not posted, and deeds of it that wait for a sheet's end."""
    return Review.objects.filter(year__number=year).exclude(state=ReviewState.POSTED).count()


def reviews_of(village_id: int) -> QuerySet[Review]:
    """The village's sheets, newest first, with how many deeds are on them and how many wait."""
    return (
        Review.objects.filter(village_id=village_id)
        .select_related("village")
        .annotate(
            total=Count("items"),
            pending=Count("items", filter=Q(items__verdict=ItemVerdict.PENDING)),
        )
        .order_by("-month")
    )


def sheets_in(state: ReviewState, village_ids: Collection[int]) -> QuerySet[Review]:
    """The sheets of these villages that stand in ``state``, oldest month first."""
    found = Review.objects.filter(state=state, village__in=village_ids).select_related("village")
    return found.order_by("month", "village__code")


def open_sheets(village_ids: Collection[int]) -> list[Review]:
    return list(sheets_in(ReviewState.OPEN, village_ids))


def returned_sheets(village_ids: Collection[int]) -> list[Review]:
    return list(sheets_in(ReviewState.RETURNED, village_ids))


def arrived_sheets(village_ids: Collection[int]) -> int:
    """How many months wait for the town's answer."""
    return sheets_in(ReviewState.DECIDED, village_ids).count()

"""What the committee and the town see of a month."""

from collections.abc import Collection
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet

from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.tenancy import current_schema
from scoring.models import Declaration, ItemVerdict, Review, ReviewItem, ReviewState
from tenants.community.models import Resident, Role, VillageRole


def resident_of(by: Actor) -> int | None:
    """The villager behind the account, if there is one."""
    if by.resident_id is not None or by.realm != current_schema():
        return by.resident_id
    return Resident.objects.filter(user_id=by.id).values_list("pk", flat=True).first()


def is_barred(item: ReviewItem, by: Actor) -> bool:
    """I11: the deed is of her own household or a declared relative's, then or now."""
    resident = resident_of(by)
    if resident is None:
        return False
    declaration = item.declaration
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT scoring_is_barred(%s, %s, %s)", [resident, declaration.household_id, declaration.happened_on]
        )
        [barred] = cursor.fetchone() or (False,)
    return bool(barred)


def recusals(review: Review) -> list[tuple[str, int]]:
    """(committee member's name, how many of the sheet's deeds she stands back from), for those who do."""
    with connection.cursor() as cursor:
        cursor.execute(_RECUSALS, [review.pk])
        return [(name, count) for name, count in cursor.fetchall()]


_RECUSALS = """
SELECT u.display_name, count(*)
FROM scoring_review v
JOIN scoring_reviewitem i ON i.review_id = v.id
JOIN scoring_declaration d ON d.id = i.declaration_id
JOIN community_villagerole vr ON vr.village_id = v.village_id AND vr.role = 'committee' AND vr.to_date IS NULL
JOIN accounts_user u ON u.id = vr.user_id
JOIN community_resident p ON p.user_id = u.id
WHERE v.id = %s AND scoring_is_barred(p.id, d.household_id, d.happened_on)
GROUP BY u.display_name ORDER BY u.display_name
"""


def seat_of(user: Any, review: Review) -> VillageRole | None:
    """The person's seat in the committee of the sheet's village today."""
    today = clock.today()
    seats = VillageRole.objects.filter(user=user, village=review.village_id, role=Role.COMMITTEE, from_date__lte=today)
    return seats.exclude(to_date__lte=today).first()


def is_seat_of(role: VillageRole, review: Review) -> bool:
    """Whether it is a seat of the committee of the sheet's village today."""
    today = clock.today()
    is_now = role.from_date <= today and (role.to_date is None or role.to_date > today)
    return is_now and role.role == Role.COMMITTEE and role.village_id == review.village_id


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


def verify_queue(village_ids: set[int] | None) -> QuerySet[Declaration]:
    """Villagers' declarations that wait for the steward, oldest first."""
    found = Declaration.objects.filter(state="submitted").select_related("household", "resident", "rule", "declarer")
    if village_ids is not None:
        found = found.filter(village_id__in=village_ids)
    return found.prefetch_related("evidence__file").order_by("recorded_at")

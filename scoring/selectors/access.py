"""Which sheets an account sees, and on which it has a word: for pages and API alike.

The village's committee has a word on every sheet of the village; whom a sheet's flow seats beside it, on that sheet.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from jifen.kernel.errors import Forbidden
from jifen.kernel.permissions import grants_of
from scoring.models import Hearing, Review
from scoring.permissions import ScoringPermission as May
from scoring.selectors import sitting


def sheets_for(user: Any) -> QuerySet[Review]:
    """The sheets of villages whose ledger she reads, and those on which she sits."""
    rows = Review.objects.select_related("village", "flow")
    villages = grants_of(user).scope(May.READ_LEDGER, "village")
    return rows if villages is None else rows.filter(Q(village__in=villages) | sitting.seating(user.pk))


def sees_sheets(user: Any) -> bool:
    """Whether the menu leads her to them: she reads a ledger or reviews, or the flow in force seats her.

    Asked once per request (kept on the user object).
    """
    kept: bool | None = getattr(user, "_jifen_sees_sheets", None)
    if kept is None:
        held = grants_of(user)
        kept = held.allows(May.READ_LEDGER) or held.allows(May.REVIEW) or sitting.sits(user.pk)
        user._jifen_sees_sheets = kept
    return kept


def hearings_for(user: Any) -> QuerySet[Hearing]:
    """What was told of the deeds of those sheets."""
    rows = Hearing.objects.select_related("household", "declaration__rule", "item__declaration", "item__review__flow")
    villages = grants_of(user).scope(May.READ_LEDGER, "village")
    if villages is None:
        return rows
    seated = Review.objects.filter(sitting.seating(user.pk)).values("pk")
    return rows.filter(Q(declaration__village__in=villages) | Q(item__review__in=seated))


def has_word(user: Any, review: Review) -> bool:
    """Whether she decides on the sheet's deeds."""
    if grants_of(user).allows(May.REVIEW, village=review.village_id):
        return True
    return sitting.chair_of(user.pk, review) is not None


def words_on(user: Any, reviews: Iterable[Review]) -> set[int]:
    """Ids of those of the sheets on which she decides."""
    held = grants_of(user).scope(May.REVIEW, "village")
    asked = {review.pk: review.village_id for review in reviews}
    seated = Review.objects.filter(sitting.seating(user.pk), pk__in=asked).values_list("pk", flat=True)
    return {pk for pk, village in asked.items() if held is None or village in held} | set(seated)


def require_word(user: Any, review: Review) -> None:
    """Raises:
    Forbidden: she decides nothing on the sheet.
    """
    if not has_word(user, review):
        raise Forbidden(permission=str(May.REVIEW))

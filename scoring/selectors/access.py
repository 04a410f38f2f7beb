"""Which sheets an account sees, and on which it has a word: for pages and API alike.

Who has a chair on a sheet decides on it, the village's committee too (decision 37); the committee sees it in any case.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from jifen.kernel.permissions import grants_of
from scoring import meeting_errors
from scoring.models import Hearing, Review
from scoring.permissions import ScoringPermission as May
from scoring.selectors import sitting
from tenants.community.models import VillageRole

NAMED = 8
"""So many of those who decide are named."""


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
    return sitting.chair_of(user.pk, review) is not None


def words_on(user: Any, reviews: Iterable[Review]) -> set[int]:
    """Ids of those of the sheets on which she decides."""
    return sitting.sits_on(user.pk, list(reviews))


def require_word(user: Any, review: Review) -> VillageRole:
    """The post with which she sits on the sheet.

    Raises:
        NoChair: she decides nothing on it; says who does.
    """
    post = sitting.chair_of(user.pk, review)
    if post is None:
        raise no_chair(review)
    return post


def no_chair(review: Review) -> meeting_errors.NoChair:
    """Why somebody decides nothing on the sheet, and who does."""
    names = sitting.sitters(review)
    told = "、".join(names[:NAMED]) + (f"等{len(names)}人" if len(names) > NAMED else "")
    return meeting_errors.NoChair(who=told or "（现在没有人）")

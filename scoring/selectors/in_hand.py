"""What of a month's work somebody has in hand by her posts: sheets, deductions, rounds."""

from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import Count, Q

from jifen.accounts.models import User
from jifen.kernel import clock
from jifen.kernel.permissions import grants_of
from jifen.web.wording import period_cn
from scoring.models import Review, ReviewState, RoundState
from scoring.permissions import ScoringPermission as May
from scoring.selectors import rounds
from scoring.selectors.hearings import unanswered_in, untold_in
from scoring.selectors.sitting import seating, sits_on
from tenants.community import selectors as community
from tenants.community.in_hand import Open
from tenants.community.models import Village

UNDECIDED = (ReviewState.OPEN, ReviewState.RETURNED)


def work_of(user: User) -> Iterator[Open]:
    yield from _sheets(user)
    tells, records = (_villages(user, may) for may in (May.TELL, May.RECORD))
    yield Open("扣分待告知当事户", untold_in(tells).count())
    yield Open("扣分说明待答复", _unanswered(user))
    yield from _rounds(records)


def _sheets(user: User) -> Iterator[Open]:
    pending = Count("items", filter=Q(items__verdict="pending"))
    rows = Review.objects.filter(seating(user.pk), state__in=UNDECIDED).select_related("village")
    for row in rows.annotate(pending=pending).order_by("month", "village__code"):
        left = f"还有{row.pending}件没有审定" if row.pending else "各件都已审定，等签字上报"
        yield Open(f"{row.village.name}{period_cn(row.month)}审核表", 1, left)


def _unanswered(user: User) -> int:
    """Explanations of deeds on whose sheets she sits."""
    posts = community.roles_on(clock.today()).filter(user=user)
    sheets = [row.item.review for row in unanswered_in(set(posts.values_list("village", flat=True)))]
    hers = sits_on(user.pk, sheets)
    return sum(sheet.pk in hers for sheet in sheets)


def _seen(inspection: Any) -> int:
    """Houses walked to, those where nobody was at home too, as the walk counts them."""
    return int(inspection.marked + inspection.absent)


def _rounds(villages: Collection[int]) -> Iterator[Open]:
    for inspection in rounds.inspections(villages).filter(state=RoundState.OPEN):
        yield Open(f"入户检查“{inspection.title}”", 1, f"已查{_seen(inspection)}户，没有提交")
    for activity in rounds.activities(villages).filter(state=RoundState.OPEN):
        yield Open(f"活动“{activity.title}”", 1, "没有提交")


def _villages(user: User, may: May) -> list[int]:
    scope = grants_of(user).scope(may, "village")
    return list(Village.objects.values_list("pk", flat=True)) if scope is None else list(scope)

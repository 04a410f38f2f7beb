"""What of the flows is somebody's today, and goes to whoever takes her post over."""

from django.db.models import Q, QuerySet

from jifen.approvals import registry
from jifen.approvals.models import OPEN_WORK, UNDER_WAY, Assignment, Item, Origin, StageState
from jifen.approvals.selectors.veils import veil
from jifen.kernel.tenancy import current_schema


def work_of(user_id: int) -> QuerySet[Assignment]:
    """Her open work, be it her turn or not yet: what somebody does in her place, too, and not what she does for others
    as long as they are away."""
    rows = Assignment.objects.filter(stage__state=StageState.ACTIVE, state__in=OPEN_WORK)
    return rows.filter(Q(user=user_id) & ~Q(origin=Origin.DELEGATE) | Q(holder_id=user_id, origin=Origin.DELEGATE))


def with_work(user_id: int) -> list[Item]:
    """Items under way, resting ones too, at which she has work of her own; in lock order."""
    rows = work_of(user_id)
    items = Item.objects.filter(pk__in=rows.values("stage__item"), state__in=UNDER_WAY)
    return list(items.select_related("flow").order_by("pk"))


def begun_by(user_id: int) -> QuerySet[Item]:
    """Items under way that she started, in lock order."""
    return Item.objects.filter(finished_at=None, starter_realm=current_schema(), starter_id=user_id).order_by("pk")


def is_of_post(item: Item) -> bool:
    """Whether who started it did so by her post, known to those who decide: the list that is signed names her."""
    return not veil(item) and registry.subject(item.subject_kind).is_of_post(item)


def in_hand(user_id: int) -> list[Item]:
    """What a hand-over moves, each item once: her work, and what she started.

    Not what she started as a villager, or unknown to those who decide.
    """
    found = {item.pk: item for item in with_work(user_id)}
    found |= {item.pk: item for item in begun_by(user_id).select_related("flow") if is_of_post(item)}
    return [found[pk] for pk in sorted(found)]

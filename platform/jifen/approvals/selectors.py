"""Who decides what, and what waits."""

from collections.abc import Iterable

from django.db.models import QuerySet

from jifen.accounts import selectors as accounts
from jifen.accounts.models import SiteRole, User
from jifen.approvals import registry, steps
from jifen.approvals.definition import Who
from jifen.approvals.models import Item, ItemState
from jifen.kernel.actors import Actor


def open_item(subject_kind: str, subject_id: int) -> Item | None:
    """The item under way for a subject; there is at most one."""
    return Item.objects.filter(subject_kind=subject_kind, subject_id=subject_id, state=ItemState.OPEN).first()


def open_items(subject_kind: str, village_ids: Iterable[int] | None = None) -> QuerySet[Item]:
    """Items under way, oldest first; of some villages or of all."""
    found = Item.objects.filter(subject_kind=subject_kind, state=ItemState.OPEN).order_by("started_at", "id")
    return found if village_ids is None else found.filter(village_id__in=village_ids)


def current_step(item: Item) -> steps.Step:
    return steps.parse(item.flow.steps)[item.step]


def may_decide(item: Item, actor: Actor) -> bool:
    """Whether ``actor`` holds the current step and need not stand back."""
    return actor.id in holders(item) and not barred(item, {actor.id})


def seats(item: Item) -> set[int]:
    """The accounts that may vote on the current step, without the recused."""
    users = set(User.objects.filter(pk__in=holders(item), is_active=True).values_list("pk", flat=True))
    return users - barred(item, users)


def barred(item: Item, users: set[int]) -> set[int]:
    """Which of the accounts must stand back (I11)."""
    return registry.subject(item.subject_kind).bars(item, users)


def site_holders(who: Who, place: registry.Place) -> Iterable[int]:
    """Holders of town-wide roles."""
    if who.role in SiteRole.values:
        return accounts.holders(SiteRole(who.role)).values_list("pk", flat=True)
    return []


def holders(item: Item) -> set[int]:
    """Who holds the current step."""
    who = Who.model_validate(current_step(item).who.model_dump(exclude_none=True))
    return set(who.named()) | registry.holders(who, registry.Place(item.village_id))

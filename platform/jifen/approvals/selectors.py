"""Who decides what, and what waits."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import QuerySet

from jifen.accounts import selectors as accounts
from jifen.accounts.models import SiteRole, User
from jifen.approvals import registry, steps
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
    return actor.id in _holders(item) and not registry.is_barred(item, actor)


def seats(item: Item) -> set[int]:
    """The accounts that may vote on the current step, without the recused."""
    users = User.objects.filter(pk__in=_holders(item), is_active=True)
    return {user.pk for user in users if not registry.is_barred(item, Actor.of(user))}


def site_holders(who: Mapping[str, Any], village_id: int | None) -> Iterable[int]:
    """Holders of town-wide roles, and a named account."""
    if who.get("user") is not None:
        return [who["user"]]
    if who.get("role") in SiteRole.values:
        return accounts.holders(SiteRole(who["role"])).values_list("pk", flat=True)
    return []


def _holders(item: Item) -> set[int]:
    return registry.holders(current_step(item).who.model_dump(exclude_none=True), item.village_id)

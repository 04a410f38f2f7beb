"""A village whose posts change hands while items are under way: roles, seats, leaders, and who stands above."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from hypothesis import strategies as st

from jifen.accounts.models import User
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from tenants.community import selectors
from tenants.community.models import Role, VillageRole
from tenants.community.services import roles
from tests.cast import SINCE, Cast

POSTS: tuple[tuple[Role, str], ...] = (
    (Role.STEWARD, ""), (Role.COMMITTEE, "主任"), (Role.COMMITTEE, "委员"), (Role.GROUP_LEADER, ""),
)  # fmt: skip
BY_POST: st.SearchStrategy[dict[str, Any]] = st.sampled_from([
    {"role": "steward"}, {"role": "committee"}, {"role": "committee", "level": "town"}, {"seat": "主任"},
    {"seat": "委员", "level": "town"}, {"leader": True}, {"role": "group_leader", "level": "group"},
    {"superior": True}, {"role": "town_officer"},
])  # fmt: skip
"""Whom a step may name without naming anybody."""


class Village:
    """Five villagers of one group: each holds one post, the last none; a sixth, without a post, starts what there is
    to decide, so that the group's leader stands above her."""

    def __init__(self, cast: Cast) -> None:
        self.place = cast.village()
        self.group = cast.group(self.place)
        self.users = [cast.villager(cast.household(self.place, name=name)) for name in "一二三四五"]
        self.people = [Actor.of(user) for user in self.users]
        self.starter = Actor.of(cast.villager(cast.household(self.place, name="申报人")))
        for user, post in zip(self.users, POSTS, strict=False):
            self._appoint(user, post, from_date=SINCE)

    @property
    def where(self) -> dict[str, int]:
        return {"village_id": self.place.pk, "group_id": self.group.pk}

    def changes(self, who: int, post: int) -> None:
        """The person gets the post, or loses what she has of its role."""
        user, wanted = self.users[who % len(self.users)], POSTS[post]
        held = selectors.roles_on(clock.today()).filter(user=user, role=wanted[0]).first()
        if held is None:
            self._appoint(user, wanted)
        else:
            roles.end(role=held, on=clock.today(), by=SYSTEM)

    def ends_soon(self, who: int, days: int) -> None:
        """What the person holds ends in some days, by itself."""
        user = self.users[who % len(self.users)]
        for held in selectors.roles_on(clock.today()).filter(user=user):
            roles.end(role=held, on=clock.today() + timedelta(days=days), by=SYSTEM)

    def fill(self) -> None:
        """Somebody holds every post today; what was to begin later does not."""
        VillageRole.objects.filter(from_date__gt=clock.today()).delete()
        for post in POSTS:
            role, seat = post
            held = selectors.roles_on(clock.today()).filter(role=role, seat=seat, user__is_active=True)
            for user in self.users:
                if held.exists():
                    break
                self._try(user, post)

    def _try(self, user: User, post: tuple[Role, str]) -> None:
        """One who has the role already is passed over."""
        if not user.village_roles.filter(role=post[0]).exclude(to_date__lte=clock.today()).exists():
            with transaction.atomic():
                self._appoint(user, post)

    def _appoint(self, user: User, post: tuple[Role, str], **more: Any) -> None:
        role, seat = post
        group = self.group if role == Role.GROUP_LEADER else None
        roles.appoint(user=user, village=self.place, role=role, seat=seat, group=group, by=SYSTEM, **more)

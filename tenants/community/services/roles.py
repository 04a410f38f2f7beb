"""Who does what in a village, from when to when."""

from datetime import date

from django.db import transaction

from jifen.accounts.models import User
from jifen.audit import services as audit
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from tenants.community import errors
from tenants.community.models import Group, Role, Village, VillageRole

DECIDING = (Role.STEWARD, Role.COMMITTEE)


@transaction.atomic
def appoint(
    *,
    user: User,
    village: Village,
    role: str,
    by: Actor,
    seat: str = "",
    from_date: date | None = None,
    group: Group | None = None,
) -> VillageRole:
    """Give ``user`` a role in ``village`` (on a seat of its committee, or over a group) from ``from_date`` (today) on.

    Raises:
        GroupNeeded, GroupOfOtherVillage, RoleHeld, SupervisorDecidesNothing: nothing is written.
    """
    role, start = Role(role), from_date or clock.today()
    if role == Role.GROUP_LEADER and group is None:
        raise errors.GroupNeeded
    if group is not None and group.village_id != village.pk:
        raise errors.GroupOfOtherVillage
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    _check_others(user, village, role, start)
    row = VillageRole.objects.create(user=user, village=village, group=group, role=role, seat=seat, from_date=start)
    audit.record(by=by, action="role.appoint", subject=row, village_id=village.pk, role=role.value)
    return row


@transaction.atomic
def end(*, role: VillageRole, on: date, by: Actor) -> None:
    """``on`` is the first day without it; a role that began that day or later is as if never given.

    Raises:
        RoleEnded: it has ended by then.
    """
    rows = VillageRole.objects.filter(pk=role.pk).exclude(to_date__lte=on)
    ended = rows.delete()[0] if role.from_date >= on else rows.update(to_date=on)
    if not ended:
        raise errors.RoleEnded
    audit.record(by=by, action="role.end", subject=role, village_id=role.village_id, role=role.role)


def _check_others(user: User, village: Village, role: Role, start: date) -> None:
    """Against what is held on that day or later: the new role has no end."""
    rows = VillageRole.objects.filter(user=user, village=village).exclude(to_date__lte=start)
    held = set(rows.values_list("role", flat=True))
    if role in held:
        raise errors.RoleHeld(name=user.display_name, role=role.label)
    is_supervisor, decides = Role.SUPERVISOR in held, bool(held & set(DECIDING))
    if (role in DECIDING and is_supervisor) or (role == Role.SUPERVISOR and decides):
        raise errors.SupervisorDecidesNothing

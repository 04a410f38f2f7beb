"""Who has which role on the site being served."""

from collections.abc import Collection, Iterable
from datetime import date
from itertools import chain, count

from django.db.models import Q, QuerySet

from jifen.accounts.models import RoleGrant, SiteRole, User
from jifen.kernel import clock
from jifen.kernel.permissions import Grant, allotted_to


def roles_of(user: User) -> list[SiteRole]:
    """The site-wide roles in force today."""
    return [SiteRole(role) for role in _in_force().filter(user=user).values_list("role", flat=True)]


def holders(role: SiteRole) -> QuerySet[User]:
    """Active accounts with ``role`` today."""
    return User.objects.filter(is_active=True, role_grants__in=_in_force().filter(role=role))


def held_on(roles: Collection[SiteRole], day: date) -> set[int]:
    """The accounts (ids) that had one of the roles on the day, whatever became of them."""
    rows = RoleGrant.objects.filter(Q(to_date=None) | Q(to_date__gte=day), role__in=roles, from_date__lte=day)
    return set(rows.values_list("user_id", flat=True))


def grants_in_force() -> QuerySet[RoleGrant]:
    """Who has which site-wide role today, by name."""
    return _in_force().select_related("user").order_by("user__name_pinyin", "role")


def free_username(wanted: str) -> str:
    """``wanted``, or with the first number behind it that nobody has."""
    taken = set(User.objects.filter(username__startswith=wanted).values_list("username", flat=True))
    return next(name for name in chain([wanted], (f"{wanted}{n}" for n in count(2))) if name not in taken)


def site_grants(user: User) -> Iterable[Grant]:
    """What ``user``'s site-wide roles give: everything they are allotted, over the whole site."""
    return [Grant(allotted_to(role)) for role in roles_of(user)]


def _in_force() -> QuerySet[RoleGrant]:
    today = clock.today()
    return RoleGrant.objects.filter(Q(to_date=None) | Q(to_date__gt=today), from_date__lte=today)

"""Who appoints whom: for pages and API alike.

Whoever decides or oversees is appointed by the town's office: a steward who could seat the committee that reviews her
records, or end the supervisor who watches them, would answer to nobody (seed 002: 2 名监督员).
"""

from typing import Any

from jifen.kernel.permissions import grants_of
from tenants.community import errors
from tenants.community.models import Role
from tenants.community.permissions import CommunityPermission as May

BY_STEWARDS = (Role.GROUP_LEADER, Role.VOLUNTEER)


def roles_for(user: Any) -> list[tuple[str, str]]:
    """The roles that ``user``, who keeps the roster, may give and end; as choices of a form."""
    given = list(Role) if grants_of(user).allows(May.APPOINT) else BY_STEWARDS
    return [(role.value, str(role.label)) for role in given]


def check(user: Any, role: str) -> None:
    """Raises:
    TownAppoints: the role is the town's to give and to end.
    """
    if role not in dict(roles_for(user)):
        raise errors.TownAppoints(role=Role(role).label)

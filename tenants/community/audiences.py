"""The groups of village people for whom a channel may speak."""

from collections.abc import Iterable

from jifen.inbox import audience
from jifen.kernel import clock
from tenants.community import selectors
from tenants.community.models import Role, Village

STEWARDS = "stewards"
VILLAGE = "village:"


def register() -> None:
    audience.register(audience.Source(choices, members))


def choices() -> Iterable[tuple[str, str]]:
    yield STEWARDS, "全镇的积分管理员"
    for pk, name in Village.objects.order_by("code").values_list("pk", "name"):
        yield f"{VILLAGE}{pk}", f"{name}的积分工作人员"


def members(key: str) -> Iterable[int]:
    roles = selectors.roles_on(clock.today()).order_by()
    if key == STEWARDS:
        roles = roles.filter(role=Role.STEWARD)
    elif key.startswith(VILLAGE):
        roles = roles.filter(village=int(key.removeprefix(VILLAGE)))
    else:
        return []
    return roles.values_list("user_id", flat=True)

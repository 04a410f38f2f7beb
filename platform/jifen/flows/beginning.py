"""What a new town does first, and how far it has come."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from jifen.kernel import clock
from jifen.kernel.permissions import Permission, grants_of
from redemption.models import Membership, MembershipState
from redemption.permissions import RedemptionPermission
from tenants.community import selectors as community
from tenants.community.models import Household, HouseholdTotal, Role, Village, VillageRole
from tenants.community.permissions import CommunityPermission as May


@dataclass(frozen=True, slots=True)
class Step:
    """``view``: the page on which it is done, empty for who may not open it; ``left``: villages that still lack it."""

    label: str
    hint: str
    view: str
    left: int
    by_village: bool = True

    @property
    def is_done(self) -> bool:
        return not self.left

    @property
    def villages(self) -> bool:
        """Whether ``left`` is worth saying."""
        return self.by_village and self.left > 0


def steps(user: Any) -> list[Step]:
    """In the order in which they are done; empty once all are."""
    villages = set(Village.objects.values_list("pk", flat=True))
    shops = Membership.objects.filter(state=MembershipState.ACTIVE)
    found = [
        _step(user, "导入花名册", "户主和家庭成员", "roster", May.MANAGE_ROSTER, villages - _in_villages(Household)),
        _step(user, "登记总户数", "参与率按它计算", "participation", May.READ, villages - _in_villages(HouseholdTotal)),
        _step(user, "定职责", "积分管理员和审核委员", "roles", May.MANAGE_ROSTER, villages - _staffed()),
        _step(user, "办理参加", "农户递交申请书", "households", May.READ, villages - _joined()),
        Step("开通兑换", "店加盟、物品上架", _view(user, "redemption:office_network", RedemptionPermission.READ),
             0 if shops.exists() else 1, by_village=False),
    ]  # fmt: skip
    return found if any(not step.is_done for step in found) else []


def _step(user: Any, label: str, hint: str, page: str, permission: May, left: Collection[int]) -> Step:
    return Step(label, hint, _view(user, f"community:office_{page}", permission), len(left))


def _view(user: Any, name: str, permission: Permission) -> str:
    return name if grants_of(user).allows(permission) else ""


def _in_villages(model: type[Household] | type[HouseholdTotal]) -> set[int]:
    return set(model.objects.order_by().values_list("village_id", flat=True).distinct())


def _staffed() -> set[int]:
    """Villages that have a steward and somebody on the committee today."""
    rows = VillageRole.objects.filter(community.in_force(clock.today()))
    held = [set(rows.filter(role=role).values_list("village_id", flat=True)) for role in (Role.STEWARD, Role.COMMITTEE)]
    return set.intersection(*held)


def _joined() -> set[int]:
    return set(community.joined(None, clock.today()).order_by().values_list("village_id", flat=True).distinct())

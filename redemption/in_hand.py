"""What somebody who leaves has in hand of the exchange: statements, applications, the stock of a shop she runs."""

from collections.abc import Iterator

from django.db.models import QuerySet

from jifen.accounts.models import User
from jifen.kernel import clock
from jifen.kernel.permissions import grants_of
from redemption.models import Membership, MembershipState, Offering, Settlement, SettlementState
from redemption.permissions import RedemptionPermission as May
from tenants.community import selectors as community
from tenants.community.in_hand import Open, Thing
from tenants.community.models import Resident


def work_of(user: User) -> Iterator[Open]:
    """The office's statements and applications; of a shop she runs, the statements that wait for its signature."""
    drafts = Settlement.objects.filter(state=SettlementState.DRAFT)
    if grants_of(user).allows(May.MANAGE_NETWORK):
        yield Open("结算单待核对签字", drafts.count())
        yield Open("结算单待付款", Settlement.objects.filter(state=SettlementState.AGREED).count())
        yield Open("加盟申请待审核", Membership.objects.filter(state=MembershipState.APPLIED).count())
        return
    for shop in _run_by(user):
        yield Open(f"{shop.shop_name}结算单待签字", drafts.filter(membership=shop).count(), "由这家店的经营者签")


def things_of(user: User) -> Iterator[Thing]:
    """The goods of a shop that her household runs, as they are counted today."""
    rows = Offering.objects.filter(membership__in=_run_by(user), is_active=True).exclude(stock=None)
    for row in rows.select_related("membership").order_by("membership__shop_name", "name"):
        yield Thing(f"{row.name}（{row.unit}）", row.stock, f"{row.membership.shop_name}系统库存")


def _run_by(user: User) -> QuerySet[Membership]:
    resident = Resident.objects.filter(user=user).first()
    home = community.member_household(resident, clock.today()) if resident else None
    return Membership.objects.filter(state=MembershipState.ACTIVE, run_by=home) if home else Membership.objects.none()

"""What the exchange puts through approval flows."""

from django.urls import reverse

from jifen.approvals import registry, selectors
from jifen.approvals.models import Item
from jifen.approvals.persons import PersonField
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.tenancy import current_schema
from redemption.models import ExceptionKind, Membership, RedemptionException, Settlement
from redemption.money import yuan
from redemption.network.models import ShopKind
from redemption.services import exceptions, memberships, settlements
from tenants.community import selectors as community

SHOP = {
    "asker": PersonField("提交审批的人", "starter"),
    "runner": PersonField("店家所在户的户主", "none", stands_back=True),
}
"""Whom a shop's membership or statement names."""


class MembershipKind(registry.SubjectKind):
    """A shop that wants to join, on the terms that the office put forward; or one that is to leave."""

    kind = memberships.SUBJECT_KIND
    name = "商店加盟"
    facts = {"act": "text", "kind": "text", "rate": "number"}
    without = "由镇级办公室同意或不同意"
    values = {"act": [memberships.JOIN, memberships.END], "kind": [str(one.label) for one in ShopKind]}
    persons = SHOP

    def people(self, item: Item, field: str) -> set[int]:
        return _of_shop(item, _membership(item), field)

    def on_approved(self, item: Item, by: Actor) -> None:
        row = _membership(item)
        if _is_end(item):
            memberships.dismiss(membership=row, reason=row.reason, by=by)
        else:
            memberships.take_in(membership=row, by=by)

    def on_rejected(self, item: Item, by: Actor) -> None:
        if _is_end(item):
            memberships.keep(membership=_membership(item), by=by)
        else:
            memberships.turn_away(membership=_membership(item), reason=selectors.last_reason(item), by=by)

    def on_withdrawn(self, item: Item, by: Actor) -> None:
        """An application stays with the office; a shop that was to leave stays."""
        if _is_end(item):
            memberships.keep(membership=_membership(item), by=by)

    def bars(self, item: Item, users: set[int]) -> set[int]:
        return barred(_membership(item), users)

    def title(self, item: Item) -> str:
        name = _membership(item).shop_name
        return f"终止与{name}的合作" if _is_end(item) else f"{name}加盟"

    def address(self, item: Item) -> str:
        return reverse("redemption:office_membership", args=[item.subject_id])

    def change_address(self, item: Item) -> str:
        """The same page: its form stands there again with what was put forward."""
        return self.address(item)


class SettlementKind(registry.SubjectKind):
    """A statement that both sides agreed on: whether it is paid. A refused one stays agreed and may be asked again."""

    kind = settlements.SUBJECT_KIND
    name = "结算付款"
    facts = {"fen": "number", "redemptions": "number", "points": "number", "payer": "text"}
    without = "商店确认后由镇级办公室登记付款"
    values = {"payer": ["村", "镇"]}
    persons = SHOP

    def people(self, item: Item, field: str) -> set[int]:
        return _of_shop(item, _settlement(item).membership, field)

    def on_approved(self, item: Item, by: Actor) -> None:
        settlements.clear(settlement=_settlement(item), by=by)

    def bars(self, item: Item, users: set[int]) -> set[int]:
        return barred(_settlement(item).membership, users)

    def title(self, item: Item) -> str:
        row = _settlement(item)
        return f"{row.membership.shop_name}结算{yuan(row.fen)}元（{row.from_date}至{row.to_date}）"

    def address(self, item: Item) -> str:
        return reverse("redemption:office_settlement", args=[item.subject_id])


class RedemptionExceptionKind(registry.SubjectKind):
    """One redemption that would be refused."""

    kind = exceptions.SUBJECT_KIND
    name = "兑换特例"
    facts = {"points": "number", "offering": "text", "reason": "text"}
    without = "由镇级办公室同意或不同意"
    values = {"reason": [str(one.label) for one in ExceptionKind]}
    persons = {
        "asker": PersonField("提出特例的人", "starter"),
        "head": PersonField("兑换户的户主", "head", stands_back=True),
        "runner": SHOP["runner"],
    }

    def people(self, item: Item, field: str) -> set[int]:
        row = _exception(item)
        if field == "asker":
            return row.account()
        return community.head_account(row.household) if field == "head" else _runners(row.membership)

    def on_approved(self, item: Item, by: Actor) -> None:
        exceptions.conclude(exception=_exception(item), approve=True, note="", by=by)

    def on_rejected(self, item: Item, by: Actor) -> None:
        note = selectors.last_reason(item)
        exceptions.conclude(exception=_exception(item), approve=False, note=note, by=by)

    def on_withdrawn(self, item: Item, by: Actor) -> None:
        exceptions.take_back(exception=_exception(item), by=by)

    def bars(self, item: Item, users: set[int]) -> set[int]:
        """The household's people and the shop's."""
        row = _exception(item)
        return community.barred_users(row.household, clock.today(), users) | barred(row.membership, users)

    def may_withdraw(self, item: Item, by: Actor) -> bool:
        row = _exception(item)
        return (row.actor_realm, row.actor_id) == (by.realm, by.id)

    def title(self, item: Item) -> str:
        row = _exception(item)
        wish = f"{row.offering.name}{row.quantity}{row.offering.unit}"
        return f"{row.household.number}户{row.get_kind_display()}兑换{wish}"

    def address(self, item: Item) -> str:
        return reverse("redemption:office_exception", args=[item.subject_id])

    def change_address(self, item: Item) -> str:
        return reverse("redemption:office_exception_amend", args=[item.subject_id])


def register() -> None:
    registry.register(MembershipKind())
    registry.register(SettlementKind())
    registry.register(RedemptionExceptionKind())


def barred(shop: Membership, users: set[int]) -> set[int]:
    """Who runs the shop, by the household on its row or by its telephone, with household and relatives (I11)."""
    homes = community.households_with_phone(shop.shop_phone, clock.today())
    homes += [shop.run_by] if shop.run_by else []
    return {one for home in homes for one in community.barred_users(home, clock.today(), users)}


def _of_shop(item: Item, shop: Membership, field: str) -> set[int]:
    if field == "runner":
        return _runners(shop)
    return {item.starter_id} if item.starter_realm == current_schema() else set()


def _runners(shop: Membership) -> set[int]:
    return community.head_account(shop.run_by) if shop.run_by else set()


def _is_end(item: Item) -> bool:
    return bool(item.facts.get("act") == memberships.END)


def _membership(item: Item) -> Membership:
    return Membership.objects.select_related("run_by__head").get(pk=item.subject_id)


def _settlement(item: Item) -> Settlement:
    return Settlement.objects.select_related("membership__run_by__head").get(pk=item.subject_id)


def _exception(item: Item) -> RedemptionException:
    related = ("household__head", "offering", "membership__run_by__head")
    return RedemptionException.objects.select_related(*related).get(pk=item.subject_id)

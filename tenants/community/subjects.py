"""What this room puts through approval flows."""

import json
from datetime import timedelta

from django.urls import reverse

from jifen.approvals import registry, selectors
from jifen.approvals.models import Item
from jifen.approvals.persons import PersonField
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from tenants.community import selectors as community
from tenants.community.models import ChangeKind, Household, RosterChange
from tenants.community.services import changes
from tenants.community.services.households import SUBJECT_KIND


class RosterChangeKind(registry.SubjectKind):
    """Who belongs to a household, who heads it, who somebody is, whether it takes part."""

    kind = SUBJECT_KIND
    name = "名册变更"
    facts = {"kind": "text", "people": "number", "outsider": "yes_no"}
    without = "由积分管理员或镇级办公室直接登记"
    values = {"kind": [str(one.label) for one in ChangeKind]}
    persons = {
        "asker": PersonField("登记人", "starter"),
        "person": PersonField("当事人", "person", stands_back=True),
        "head": PersonField("当事户的户主", "head", stands_back=True),
    }

    def people(self, item: Item, field: str) -> set[int]:
        row = _change(item)
        if field == "asker":
            return row.account()
        if row.household is None:
            return set()
        return community.head_account(row.household) if field == "head" else community.resident_account(row.resident)

    def on_approved(self, item: Item, by: Actor) -> None:
        changes.take_effect(change=_change(item), by=by)

    def on_rejected(self, item: Item, by: Actor) -> None:
        changes.turn_down(change=_change(item), note=selectors.last_reason(item), by=by)

    def on_withdrawn(self, item: Item, by: Actor) -> None:
        changes.take_back(change=_change(item), by=by)

    def bars(self, item: Item, users: set[int]) -> set[int]:
        """The people of the household and of the one that somebody comes from, and their declared relatives (I11).

        Also those who belong to it from tomorrow on. Of a new household those of homes with its telephone.
        """
        row, today = _change(item), clock.today()
        homes = [row.household] if row.household else _like(row)
        old = community.member_household(row.resident, today) if row.resident else None
        homes += [old] if old is not None else []
        days = (today, today + timedelta(days=1))
        return {one for home in homes for day in days for one in community.barred_users(home, day, users)}

    def title(self, item: Item) -> str:
        row = _change(item)
        return f"{row.about}户{row.get_kind_display()}"

    def address(self, item: Item) -> str:
        return reverse("community:office_change", args=[item.subject_id])

    def change_address(self, item: Item) -> str:
        return reverse("community:office_change_amend", args=[item.subject_id])


def register() -> None:
    registry.register(RosterChangeKind())


def _like(row: RosterChange) -> list[Household]:
    phone = json.loads(row.terms).get("head_phone", "")
    return community.households_with_phone(phone, clock.today()) if phone else []


def _change(item: Item) -> RosterChange:
    return RosterChange.objects.select_related("village", "household__head", "resident").get(pk=item.subject_id)

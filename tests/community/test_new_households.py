"""A new household, and its joining: at once, or when the town's flow has agreed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from jifen.approvals import selectors as flows
from jifen.approvals import services
from jifen.approvals.errors import DecidedByFlow
from jifen.approvals.models import Item
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from tenants.community import errors, selectors
from tenants.community.models import Household, Resident, RosterChange
from tenants.community.services import changes, households
from tenants.community.verify import checks
from tests.cast import Cast, id_number

Faces = Callable[..., Any]
OFFICER = {"name": "经办确认", "who": {"role": "town_officer"}}
NEW: dict[str, Any] = {"number": "01003", "group": 2, "head_name": "李四", "resident_since": "2020-01-01"}
PAGE = "/village/households/new/"


def breaches() -> list[str]:
    return [check.title for check in checks() if check.breaches()]


def flow(*steps: Any) -> None:
    services.install(subject_kind="roster_change", steps=steps or [OFFICER], by=SYSTEM)


def asked(cast: Cast, **terms: Any) -> RosterChange:
    return changes.begin(village=cast.village(), terms={**NEW, **terms}, by=Actor.of(cast.steward()))


def approve(cast: Cast) -> None:
    services.decide(item=Item.objects.get(), verdict="approve", by=Actor.of(cast.officer()))


def test_without_a_flow_it_is_there_at_once_and_takes_part(cast: Cast) -> None:
    made = asked(cast, join_on="2024-01-01")
    assert made.state == "done" and made.household is not None and made.household.number == "01003"
    assert selectors.is_joined(made.household, clock.today()) and not Item.objects.exists()


def test_with_a_flow_it_is_nowhere_before_the_last_word(cast: Cast) -> None:
    flow()
    row = asked(cast, join_on="2024-01-01")
    assert (row.state, row.household, row.about) == ("asked", None, "01003")
    assert not Household.objects.filter(number="01003").exists() and not Resident.objects.filter(name="李四").exists()
    item = Item.objects.get()
    assert item.facts["kind"] == "新立户" and flows.open_item("roster_change", row.pk) == item
    approve(cast)
    row.refresh_from_db()
    home = Household.objects.get(number="01003")
    assert (row.state, row.household, home.group.number) == ("done", home, 2)
    assert selectors.is_joined(home, clock.today()) and not breaches()


def test_refused_it_never_was(cast: Cast) -> None:
    flow()
    row = asked(cast)
    services.decide(item=Item.objects.get(), verdict="reject", reason="不在本村居住", by=Actor.of(cast.officer()))
    row.refresh_from_db()
    assert (row.state, row.note, row.household) == ("refused", "不在本村居住", None)
    assert not Household.objects.filter(number="01003").exists() and not breaches()


def test_the_direct_act_is_refused(cast: Cast) -> None:
    flow()
    village = cast.village()
    with pytest.raises(DecidedByFlow):
        households.register(
            number="01003", village=village, group=cast.group(village), head_name="李四", by=Actor.of(cast.steward())
        )
    assert not Household.objects.filter(number="01003").exists()


def test_a_number_is_asked_for_once(cast: Cast) -> None:
    flow()
    asked(cast)
    with pytest.raises(errors.ChangeAsked):
        asked(cast, head_name="王五")
    cast.household(number="01009")
    with pytest.raises(errors.HouseholdNumberTaken):
        asked(cast, number="01009")
    assert RosterChange.objects.count() == 1


def test_a_flow_may_ask_for_outsiders_alone(cast: Cast) -> None:
    flow({**OFFICER, "when": "outsider"})
    assert asked(cast).state == "done"


def test_people_of_a_home_with_its_telephone_stand_back(cast: Cast) -> None:
    flow({**OFFICER, "who": {"role": "committee"}, "empty": "block"})
    member = cast.committee()
    village, own = cast.village(), Resident.objects.get(user=member).memberships.get().household
    households.admit(household=own, name="李小妹", relation="女", phone="13912345678", by=SYSTEM)
    changes.begin(village=village, terms={**NEW, "head_phone": "13912345678"}, by=Actor.of(cast.steward()))
    assert flows.seats(Item.objects.get()) == set()


def test_what_was_asked_for_stays(cast: Cast) -> None:
    flow()
    row = asked(cast)
    for values in ({"number": "01004"}, {"village": cast.village("白江洞村")}, {"state": "done"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            RosterChange.objects.filter(pk=row.pk).update(**values)


def test_the_page_and_programs_say_that_it_waits(cast: Cast, client_for: Faces, api_client: Faces) -> None:
    flow()
    wang, form = cast.steward(), {**NEW, "village": cast.village().pk, "head_id_number": id_number()}
    steward = client_for(wang)
    assert "要经审批" in steward.get(PAGE).text
    answer = steward.post(PAGE, form)
    row = RosterChange.objects.get()
    assert answer.url == f"/village/roster-changes/{row.pk}/"
    page = steward.get(answer.url).text
    assert "2020年1月1日" in page and "2020-01-01" not in page
    assert "新立户" in page and "李四" in page and form["head_id_number"] not in page
    assert "01003" in steward.get("/village/roster-changes/").text
    api = api_client(wang)
    sent = api.post("/api/v1/households/", {**form, "number": "01004", "join_on": "2024-01-01"})
    assert (sent.status_code, sent.json()["state"], sent.json()["household"]) == (202, "asked", "01004")
    assert api.post(f"/api/v1/roster-changes/{sent.json()['id']}/withdraw/").json()["state"] == "withdrawn"

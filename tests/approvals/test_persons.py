"""People whom a thing itself names: offered by name, refused when unknown, shown by a test drive, really asked."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from jifen.approvals import naming, registry, selectors, services
from jifen.approvals.definition import Who, parse
from jifen.approvals.errors import StepsWrong
from jifen.approvals.models import Copy, Item
from jifen.approvals.persons import Trial
from jifen.kernel.actors import SYSTEM, Actor
from reporting import policies
from scoring import subjects as scoring
from scoring.models import Declaration, Declarer, Rule
from scoring.rules import library
from tenants.community.models import ChangeKind, RosterChange
from tenants.community.services import changes
from tests.approvals.deeds import OFFICER, Deed
from tests.cast import SINCE, Cast

KINDS = [kind for kind in registry.kinds() if kind.persons]
HEAD = {"name": "户主签字", "who": {"field": "head"}, "empty": "office"}
ASKER = {"name": "登记人复核", "who": {"field": "asker"}, "empty": "office", "copy_to": {"field": "head"}}


def test_all_but_the_months_sheet_name_people() -> None:
    assert {kind.kind for kind in registry.kinds()} - {kind.kind for kind in KINDS} == {"review"}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_the_designer_offers_them_by_their_names(cast: Cast, client_for: Callable[..., Any], kind: Any) -> None:
    page = client_for(cast.admin()).get(f"/office/flows/{kind.kind}/step/?spot=").text
    assert "事项里的人" in page
    for code, one in kind.persons.items():
        assert f'value="field:{code}"' in page and one.name in page


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_an_unknown_one_is_refused_and_warned_of(kind: Any, cast: Cast) -> None:
    cast.village()
    steps = [{**OFFICER, "who": {"field": "boss"}}]
    with pytest.raises(StepsWrong, match=r"没有“boss”这样的人员，可以写") as refused:
        services.save(subject_kind=kind.kind, steps=steps, by=SYSTEM)
    assert next(iter(kind.persons.values())).name in refused.value.message
    assert "field_unknown" in {one.code for one in naming.concerns(parse(steps), kind)}


def test_whoever_must_stand_back_is_warned_of_unless_only_told(cast: Cast, deed: Deed) -> None:
    cast.village()
    told = [{**OFFICER, "copy_to": {"field": "head"}}]
    assert "field_stands_back" in {one.code for one in naming.concerns(parse([HEAD]), deed)}
    assert not {"field_stands_back", "field_unknown"} & {one.code for one in naming.concerns(parse(told), deed)}


def test_whoever_entered_a_change_is_asked_and_the_head_told(cast: Cast) -> None:
    services.install(subject_kind="roster_change", steps=[ASKER], by=SYSTEM)
    steward, household = Actor.of(cast.steward()), cast.household(name="张三")
    head = cast.villager(household)
    terms = {"name": "小张", "relation": "子", "id_number": "", "phone": "", "from_date": ""}
    changes.make(household=household, kind=ChangeKind.MEMBER_IN, terms=terms, by=steward)
    item = Item.objects.get(subject_kind="roster_change")
    assert selectors.seats(item) == {steward.id}
    assert list(Copy.objects.filter(item=item).values_list("user_id", flat=True)) == [head.pk]


def test_a_head_has_no_say_in_her_own_household(cast: Cast) -> None:
    services.install(subject_kind="roster_change", steps=[HEAD], by=SYSTEM)
    household, officer = cast.household(name="张三"), cast.officer()
    cast.villager(household)
    terms = {"name": "小张", "relation": "子", "id_number": "", "phone": "", "from_date": ""}
    changes.make(household=household, kind=ChangeKind.MEMBER_IN, terms=terms, by=Actor.of(cast.steward()))
    assert RosterChange.objects.get().state == "asked"
    assert selectors.seats(Item.objects.get(subject_kind="roster_change")) == {officer.pk}


def test_the_test_drive_says_who_it_is(cast: Cast, client_for: Callable[..., Any], deed: Deed) -> None:
    steward, household = cast.steward(), cast.household(name="张三")
    cast.villager(household)
    steps = [{"name": "登记人复核", "who": {"field": "recorder"}}, {**HEAD, "empty": "block"}]
    services.install(subject_kind="deed", steps=steps, by=SYSTEM)
    drive, ask = reverse("approvals:drive", args=["deed"]), {"village": household.village_id}
    zhou = client_for(cast.admin())
    page = zhou.get(drive, ask).text
    assert "登记人（到时候才知道是谁）" in page and "户主（到时候才知道是谁）" in page
    page = zhou.get(drive, ask | {"person": "张三", "starter": steward.username}).text
    assert "王管理" in page and "回避：张三" in page and "到时候才知道" not in page
    assert zhou.get(drive, ask | {"starter": "没有此人"}).status_code == 422


def test_the_drive_knows_who_looks_into_an_objection(cast: Cast) -> None:
    kind, committee, officer = registry.subject("objection"), cast.committee(), cast.officer()
    trial, direct = Trial(cast.village().pk), Trial(cast.village().pk, {"is_direct": True})
    assert kind.would_name(trial, "investigators") is None
    section = library.load("seed_001").policy.model_dump(mode="json")
    policies.install(section=section, effective_from=SINCE, by=SYSTEM)
    assert kind.would_name(trial, "investigators") == {committee.pk}
    assert kind.would_name(direct, "investigators") == {officer.pk}


def test_whoever_begins_it_tells_her_superior(cast: Cast) -> None:
    officer, admin = cast.officer(), cast.admin()
    above = Who(superior=True)
    kind = registry.subject("notice")
    assert naming.people_in(kind, Trial(None))(above) is None
    assert naming.people_in(kind, Trial(None, people={"starter": {officer.pk}}))(above) == {admin.pk}


def test_who_told_of_anothers_deduction_is_named_to_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    row = Declaration(rule=Rule(sign="negative"), declared_by=Declarer.NEIGHBOUR, actor_realm="t", actor_id=1)
    monkeypatch.setattr(scoring, "_declaration", lambda item: row)
    kind = registry.subject("declaration")
    assert [kind.people(Item(), field) for field in ("recorder", "declarer")] == [set(), set()]

"""Every way into the points system comes by the flow's word: founded, applied for, split off; from here or outside."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from jifen.accounts.models import User
from jifen.approvals import selectors as flows
from jifen.approvals import services
from jifen.approvals.models import Item
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from tenants.community import policies, selectors
from tenants.community.models import Application, Household, RosterChange
from tenants.community.services import applications, changes
from tenants.community.verify import checks
from tests.cast import Cast, head_of

Faces = Callable[..., Any]
Way = Callable[[Cast, bool, User], object]
NUMBER, MEETING = "01003", "某次会议"
ELIGIBLE = {"kind": "three_in", "outsiders": "representatives_meeting"}
OFFICER: dict[str, Any] = {"name": "经办确认", "who": {"role": "town_officer"}}
TEMPLATE = 'kind == "加入积分制" && outsider == true'
FOUNDING: dict[str, Any] = {**OFFICER, "when": 'kind == "新立户" || kind == "分户"'}
FLOWS: dict[str, list[dict[str, Any]]] = {
    "nothing": [],
    "outsiders": [{**OFFICER, "when": TEMPLATE}],
    "joinings": [{**OFFICER, "when": 'kind == "加入积分制"'}],
    "foundings": [FOUNDING],
    "both": [
        {**OFFICER, "when": 'kind == "新立户" || kind == "分户"'},
        {**OFFICER, "name": "村里同意", "when": TEMPLATE},
    ],
    "everything": [OFFICER],
}


def found(cast: Cast, is_outsider: bool, by: User) -> None:
    today = clock.today().isoformat()
    terms = {"number": NUMBER, "group": 1, "head_name": "李四", "join_on": today, "agreement": MEETING}
    changes.begin(village=cast.village(), terms={**terms, "has_local_hukou": not is_outsider}, by=Actor.of(by))


def apply(cast: Cast, is_outsider: bool, by: User) -> None:
    home, today = cast.household(number=NUMBER, joined=False), clock.today()
    Household.objects.filter(pk=home.pk).update(has_local_hukou=not is_outsider)
    home.refresh_from_db()
    paper = applications.apply(household=home, applicant=head_of(home), on=today, by=SYSTEM)
    terms = {"application": paper.pk, "on": today.isoformat(), "agreement": MEETING}
    changes.make(household=home, kind="join", terms=terms, by=Actor.of(by))


def split(cast: Cast, is_outsider: bool, by: User) -> None:
    home = cast.household(number="01001")
    Household.objects.filter(pk=home.pk).update(has_local_hukou=not is_outsider)
    home.refresh_from_db()
    son = cast.member(home, "张小强", relation="子")
    terms = {"members": [son.pk], "head": son.pk, "number": NUMBER, "group": 1}
    changes.make(household=home, kind="split", terms=terms, by=Actor.of(by))


# flow, from outside, how often somebody is asked: founding, applying, splitting
TABLE = [
    ("nothing", False, (0, 0, 0)),
    ("nothing", True, (0, 0, 0)),
    ("outsiders", False, (0, 0, 0)),
    ("outsiders", True, (1, 1, 1)),
    ("joinings", False, (1, 1, 1)),
    ("joinings", True, (1, 1, 1)),
    ("foundings", False, (1, 0, 1)),
    ("foundings", True, (1, 0, 1)),
    ("both", False, (1, 0, 1)),
    ("both", True, (2, 1, 2)),
    ("everything", False, (1, 1, 1)),
    ("everything", True, (1, 1, 1)),
]
CASES = [
    (name, outside, way, asked)
    for name, outside, counts in TABLE
    for way, asked in zip((found, apply, split), counts, strict=True)
]


@pytest.mark.parametrize(("name", "is_outsider", "way", "asked"), CASES)
def test_nobody_takes_part_before_the_last_word(cast: Cast, name: str, is_outsider: bool, way: Way, asked: int) -> None:
    steward, officer = cast.steward(), cast.officer()
    _policy()
    if FLOWS[name]:
        services.install(subject_kind="roster_change", steps=FLOWS[name], by=SYSTEM)
    way(cast, is_outsider, steward)
    for _ in range(asked):
        assert not _is_in()
        item = Item.objects.get(finished_at=None)
        assert item.facts["outsider"] is is_outsider and item.starter_id == steward.pk
        services.decide(item=item, verdict="approve", by=Actor.of(officer))
    assert _is_in() and Item.objects.count() == asked and not _breaches()


def test_refused_it_is_a_household_that_takes_no_part(cast: Cast) -> None:
    _policy()
    services.install(subject_kind="roster_change", steps=FLOWS["outsiders"], by=SYSTEM)
    found(cast, True, cast.steward())
    services.decide(item=Item.objects.get(), verdict="reject", reason="没有住满", by=Actor.of(cast.officer()))
    assert Household.objects.filter(number=NUMBER).exists() and not _is_in()


def test_a_split_stands_where_nobody_from_outside_may_join(cast: Cast) -> None:
    policies.install(
        section={"eligibility": {"kind": "three_in"}, "participation": {"target": "0.8"}},
        effective_from=clock.today(), by=SYSTEM,
    )  # fmt: skip
    services.install(subject_kind="roster_change", steps=FLOWS["outsiders"], by=SYSTEM)
    split(cast, True, cast.steward())
    assert Application.objects.get(household__number=NUMBER).state == "pending"
    assert not Item.objects.exists() and not _is_in()


def test_who_was_split_off_today_stands_back_from_its_joining(cast: Cast) -> None:
    own = cast.committee()
    home, steward = own.resident.memberships.get().household, cast.steward()
    Household.objects.filter(pk=home.pk).update(has_local_hukou=False)
    home.refresh_from_db()
    _policy()
    step = {"name": "村里看过", "who": {"role": "committee"}, "when": TEMPLATE}
    services.install(subject_kind="roster_change", steps=[step], by=SYSTEM)
    other = cast.committee(name="吴委员")
    terms = {"members": [home.head_id], "head": home.head_id, "number": NUMBER, "group": 1}
    changes.make(household=home, kind="split", terms=terms, by=Actor.of(steward))
    assert flows.seats(Item.objects.get()) == {other.pk}


def test_the_page_and_programs_say_that_the_joining_waits(cast: Cast, client_for: Faces, api_client: Faces) -> None:
    _policy()
    services.install(subject_kind="roster_change", steps=FLOWS["outsiders"], by=SYSTEM)
    steward, today = cast.steward(), clock.today().isoformat()
    form = {"village": cast.village().pk, "group": 1, "head_name": "李四", "join_on": today, "agreement": MEETING}
    shown = client_for(steward).post("/village/households/new/", {**form, "number": NUMBER}, follow=True)
    assert "已建档，加入积分制还要审批" in shown.text and not _is_in()
    sent = api_client(steward).post("/api/v1/households/", {**form, "number": "01004", "has_local_hukou": False})
    assert sent.status_code == 201 and sent.json()["joined_since"] is None
    assert RosterChange.objects.filter(kind="join", state="asked").count() == 2


def _policy() -> None:
    section = {"eligibility": ELIGIBLE, "participation": {"target": "0.8"}}
    policies.install(section=section, effective_from=clock.today(), by=SYSTEM)


def _is_in() -> bool:
    """From tomorrow at the latest: who is split off today begins then."""
    home = Household.objects.filter(number=NUMBER).first()
    return home is not None and selectors.is_joined(home, clock.today() + timedelta(days=1))


def _breaches() -> list[str]:
    return [check.title for check in checks() if check.breaches()]

"""名册变更: what each does, that it waits where a flow decides, and that what was refused changed nothing (I9, I11)."""

import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from jifen.accounts.models import User
from jifen.approvals import errors as approvals
from jifen.approvals import selectors, services
from jifen.approvals.models import Item
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from tenants.community import errors, policies
from tenants.community import selectors as community
from tenants.community.models import Application, Household, HouseholdMember, Resident, RosterChange
from tenants.community.services import applications, changes, households
from tests.cast import Cast, head_of, id_number
from tests.together import together

OFFICER = {"name": "经办确认", "who": {"role": "town_officer"}}
COMMITTEE = {"name": "村里看过", "who": {"role": "committee"}}
WIFE: dict[str, Any] = {"name": "李四", "relation": "配偶", "id_number": "", "phone": "13912345678"}


@pytest.fixture
def home(cast: Cast) -> Household:
    return cast.household(number="01001")


@pytest.fixture
def steward(cast: Cast) -> User:
    return cast.steward()


def flow(*steps: dict[str, Any]) -> None:
    services.install(subject_kind="roster_change", steps=steps or (OFFICER,), by=SYSTEM)


def made(home: Household, kind: str, by: User | Actor = SYSTEM, **terms: Any) -> RosterChange:
    actor = by if isinstance(by, Actor) else Actor.of(by)
    return changes.make(household=Household.objects.get(pk=home.pk), kind=kind, terms=terms, by=actor)


def item_of(row: RosterChange) -> Item:
    found = selectors.open_item("roster_change", row.pk)
    assert found is not None
    return found


def said(row: RosterChange, by: User, verdict: str = "approve", reason: str = "") -> RosterChange:
    services.decide(item=item_of(row), verdict=verdict, reason=reason, by=Actor.of(by))
    row.refresh_from_db()
    return row


def people(home: Household, days: int = 0) -> set[str]:
    rows = community.members_on(home, clock.today() + timedelta(days=days))
    return {row.resident.name for row in rows}


# What each does


def test_without_a_flow_a_person_is_added_at_once(home: Household, steward: User) -> None:
    assert made(home, "member_in", steward, **WIFE).state == "done"
    assert people(home) == {"张三", "李四"}


def test_who_moves_over_counts_for_the_old_household_today_and_for_the_new_one_tomorrow(
    cast: Cast, home: Household
) -> None:
    daughter, there = cast.member(home), cast.household(name="王五")
    made(there, "member_in", resident=daughter.pk, relation="儿媳")
    assert (people(home), people(home, 1)) == ({"张三", "张小花"}, {"张三"})
    assert (people(there), people(there, 1)) == ({"王五"}, {"王五", "张小花"})


def test_who_moves_out_belongs_to_the_end_of_the_day(cast: Cast, home: Household) -> None:
    daughter = cast.member(home)
    made(home, "member_out", resident=daughter.pk)
    assert (people(home), people(home, 1)) == ({"张三", "张小花"}, {"张三"})
    with pytest.raises(errors.MemberMissing):
        made(home, "member_out", resident=daughter.pk)


def test_a_head_does_not_leave_the_others_alone(cast: Cast, home: Household) -> None:
    cast.member(home)
    with pytest.raises(errors.HeadStays):
        made(home, "member_out", resident=home.head_id)
    assert people(home, 1) == {"张三", "张小花"}


def test_a_new_head_swaps_relations(cast: Cast, home: Household) -> None:
    daughter = cast.member(home)
    made(home, "head", resident=daughter.pk, relation="父")
    home.refresh_from_db()
    relations = dict(HouseholdMember.objects.filter(household=home).values_list("resident__name", "relation"))
    assert (home.head, relations) == (daughter, {"张小花": "户主", "张三": "父"})
    with pytest.raises(errors.HeadAlready):
        made(home, "head", resident=daughter.pk, relation="父")


def test_a_household_splits_and_the_new_one_takes_part_from_the_next_day(cast: Cast, home: Household) -> None:
    son, wife = cast.member(home, "张小强", relation="子"), cast.member(home, "周小妹", relation="儿媳")
    terms: dict[str, Any] = {
        "members": [son.pk, wife.pk],
        "head": son.pk,
        "number": "01002",
        "group": 2,
        "address": "新屋",
    }
    made(home, "split", **terms)
    new = Household.objects.get(number="01002")
    assert (new.head, new.group.number, people(home, 1), people(new)) == (son, 2, {"张三"}, set())
    assert people(new, 1) == {"张小强", "周小妹"}
    today = clock.today()
    joined = [community.is_joined(new, today + timedelta(days=days)) for days in (0, 1)]
    assert joined == [False, True]


@pytest.mark.parametrize(
    ("terms", "error"),
    [
        ({"head": 0}, errors.SplitWrong),
        ({"number": "01001"}, errors.HouseholdNumberTaken),
        ({"members": [10**9], "head": 10**9}, errors.MemberMissing),
    ],
)
def test_a_wrong_split_changes_nothing(
    cast: Cast, home: Household, terms: dict[str, Any], error: type[Exception]
) -> None:
    son = cast.member(home, "张小强")
    wish: dict[str, Any] = {"members": [son.pk], "head": son.pk, "number": "01002", "group": 2, **terms}
    with pytest.raises(error):
        made(home, "split", **wish)
    assert not Household.objects.filter(number="01002").exists()
    assert people(home, 1) == {"张三", "张小强"}


def test_an_identity_is_corrected_with_what_follows_from_it(cast: Cast, home: Household) -> None:
    made(home, "identity", resident=home.head_id, name="张叁", id_number=id_number(), phone="13811112222")
    right = Resident.objects.get(headed=home)
    assert (right.name, right.phone, right.name_pinyin[:5]) == ("张叁", "13811112222", "zhang")
    with pytest.raises(errors.NothingCorrected):
        made(home, "identity", resident=home.head_id, name="张叁")
    other = cast.household(name="王五")
    with pytest.raises(errors.IdNumberTaken):
        made(home, "identity", resident=home.head_id, id_number=head_of(other).id_number)


def test_an_unknown_kind_is_refused(home: Household) -> None:
    with pytest.raises(errors.ChangeKindWrong):
        made(home, "move")


# Where a flow decides


def test_what_waits_has_changed_nothing_and_takes_effect_with_the_last_word(
    cast: Cast, home: Household, steward: User
) -> None:
    chen = cast.officer()
    flow()
    row = made(home, "member_in", steward, **WIFE)
    assert (row.state, people(home)) == ("asked", {"张三"})
    assert item_of(row).facts == {"kind": "成员迁入", "people": 1, "outsider": False}
    assert said(row, chen).state == "done"
    assert people(home) == {"张三", "李四"}


def test_what_is_refused_changes_nothing(cast: Cast, home: Household, steward: User) -> None:
    chen, daughter = cast.officer(), cast.member(home)
    flow()
    before = list(HouseholdMember.objects.order_by("pk").values())
    row = said(made(home, "member_out", steward, resident=daughter.pk), chen, "reject", "户口没有迁走")
    assert (row.state, row.note) == ("refused", "户口没有迁走")
    assert list(HouseholdMember.objects.order_by("pk").values()) == before


def test_the_direct_acts_are_refused_and_say_where(cast: Cast, home: Household, steward: User) -> None:
    flow()
    out, by = cast.household(joined=False), Actor.of(steward)
    application = applications.apply(household=out, applicant=head_of(out), on=clock.today(), by=by)
    acts: list[Callable[[], object]] = [
        partial(households.add_member, household=home, name="李四", relation="配偶", by=by),
        partial(applications.join, application=application, on=clock.today(), by=by),
        partial(applications.leave, household=home, on=clock.today(), by=by),
    ]
    for act in acts:
        with pytest.raises(approvals.DecidedByFlow, match=r"名册变更.*请先提交审批"):
            act()
    assert (people(home), community.is_joined(out, clock.today())) == ({"张三"}, False)


def test_a_join_and_a_leave_wait_too(cast: Cast, home: Household, steward: User) -> None:
    chen, out, today = cast.officer(), cast.household(joined=False), clock.today()
    flow()
    paper = applications.apply(household=out, applicant=head_of(out), on=today, by=SYSTEM)
    join = made(out, "join", steward, application=paper.pk, on=today.isoformat())
    with pytest.raises(approvals.DecidedByFlow, match="待办"):
        applications.refuse(application=paper, reason="不办", by=Actor.of(steward))
    leave = made(home, "leave", steward, on=(today - timedelta(days=9)).isoformat())
    assert {said(join, chen).state, said(leave, chen).state} == {"done"}
    assert community.is_joined(out, today)
    assert Application.objects.get(household=home).left_on == today


def test_the_flow_itself_is_the_agreement_to_outsiders(cast: Cast, steward: User) -> None:
    chen, today = cast.officer(), clock.today()
    flow({**OFFICER, "when": 'kind == "加入积分制" && outsider == true'})
    section = {"eligibility": {"kind": "three_in", "outsiders": "representatives_meeting"},
               "participation": {"target": "0.8"}}  # fmt: skip
    policies.install(section=section, effective_from=today, by=SYSTEM)
    own, far = cast.household(joined=False), cast.household(name="王五", joined=False)
    Household.objects.filter(pk=far.pk).update(has_homestead=False)
    papers = [applications.apply(household=one, applicant=head_of(one), on=today, by=SYSTEM) for one in (own, far)]
    states = [
        made(one, "join", steward, application=paper.pk, on=today.isoformat()).state
        for one, paper in zip((own, far), papers, strict=True)
    ]
    assert states == ["done", "asked"]
    said(RosterChange.objects.get(state="asked"), chen)
    assert "按镇里的审批流程" in Application.objects.get(pk=papers[1].pk).ground


def test_what_could_not_take_effect_is_not_asked_for(cast: Cast, home: Household, steward: User) -> None:
    flow()
    with pytest.raises(errors.IdNumberWrong):
        made(home, "member_in", steward, **{**WIFE, "id_number": "1"})
    with pytest.raises(errors.MemberMissing):
        made(home, "member_out", steward, resident=10**9)
    assert not RosterChange.objects.exists() and not Item.objects.exists()


def test_what_has_become_impossible_is_refused_at_the_last_word(cast: Cast, home: Household, steward: User) -> None:
    chen, number = cast.officer(), id_number()
    flow()
    row = made(home, "member_in", steward, **{**WIFE, "id_number": number})
    households.admit(household=cast.household(), name="李四", relation="子", id_number=number, by=SYSTEM)
    with pytest.raises(errors.IdNumberTaken):
        said(row, chen)
    row.refresh_from_db()
    assert (row.state, item_of(row).state) == ("asked", "open")


def test_the_same_change_waits_once(cast: Cast, home: Household, steward: User) -> None:
    daughter = cast.member(home)
    flow()
    made(home, "member_out", steward, resident=daughter.pk)
    with pytest.raises(errors.ChangeAsked):
        made(home, "member_out", steward, resident=daughter.pk)
    made(home, "member_in", steward, **WIFE)
    made(home, "member_in", steward, **{**WIFE, "name": "张小二"})


def test_nobody_decides_on_her_own_household(cast: Cast, steward: User) -> None:
    own, li = cast.committee(), cast.committee(name="吴委员")
    flow(COMMITTEE)
    row = made(own.resident.memberships.get().household, "member_in", steward, **WIFE)
    assert selectors.seats(item_of(row)) == {li.pk}
    with pytest.raises(approvals.Recused):
        said(row, own)


def test_nor_on_who_comes_from_it(cast: Cast, home: Household, steward: User) -> None:
    own, li = cast.committee(), cast.committee(name="吴委员")
    child = cast.member(own.resident.memberships.get().household)
    flow(COMMITTEE)
    row = made(home, "member_in", steward, resident=child.pk, relation="儿媳")
    assert selectors.seats(item_of(row)) == {li.pk}


def test_who_asked_takes_it_back(cast: Cast, home: Household, steward: User) -> None:
    chen = cast.officer()
    flow()
    row = made(home, "member_in", steward, **WIFE)
    with pytest.raises(errors.ChangeNotAsker):
        changes.withdraw(change=row, by=Actor.of(chen))
    assert changes.withdraw(change=row, by=Actor.of(steward)).state == "withdrawn"
    with pytest.raises(errors.ChangeDecided):
        changes.withdraw(change=row, by=Actor.of(steward))
    assert people(home) == {"张三"}


def test_two_deciders_at_once_change_the_roster_once(committing_town: object, cast: Cast) -> None:
    home, steward = cast.household(), cast.steward()
    two = [cast.officer(), cast.officer("李经办")]
    flow()
    row = made(home, "member_in", steward, **WIFE)
    answers = together(*[partial(said, RosterChange.objects.get(pk=row.pk), one) for one in two])
    assert sum(isinstance(one, Exception) for one in answers) == 1
    assert HouseholdMember.objects.filter(household=home, resident__name="李四").count() == 1


def test_postgresql_keeps_what_was_asked_and_answered(home: Household) -> None:
    row = made(home, "member_in", **WIFE)
    sealed = "SELECT terms FROM community_rosterchange"
    with connection.cursor() as cursor:
        cursor.execute(sealed)
        assert WIFE["phone"] not in str(cursor.fetchone())
    assert json.loads(RosterChange.objects.get().terms)["phone"] == WIFE["phone"]
    for act in ("UPDATE community_rosterchange SET state = 'refused'", "DELETE FROM community_rosterchange"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(act)
    row.refresh_from_db()
    assert row.state == "done"

"""A change of the roster that was sent back to whoever asked: she mends it and hands it in again (I1)."""

import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from jifen.accounts.models import User
from jifen.approvals import selectors as flows
from jifen.approvals import services
from jifen.approvals.models import Item
from jifen.audit.models import AuditRow
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.errors import JifenError
from tenants.community import errors, selectors
from tenants.community.models import Household, HouseholdMember, RosterChange
from tenants.community.services import applications, changes
from tenants.community.verify import checks
from tests.cast import Cast, head_of
from tests.together import together

Faces = Callable[..., Any]
WIFE: dict[str, Any] = {"name": "李四", "relation": "配偶", "id_number": "", "phone": "13912345678"}
URL = "/api/v1/roster-changes/"


@pytest.fixture
def home(cast: Cast) -> Household:
    return cast.household(number="01001")


@pytest.fixture
def steward(cast: Cast) -> User:
    return cast.steward()


@pytest.fixture
def chen(cast: Cast) -> Actor:
    """The town's officer, who decides."""
    return Actor.of(cast.officer())


@pytest.fixture
def back(steward: User, chen: Actor) -> Callable[..., RosterChange]:
    """A change of ``home`` that the officer sent back to the steward."""
    services.install(subject_kind="roster_change", steps=[{"name": "经办", "who": {"role": "town_officer"}}], by=SYSTEM)

    def made(home: Household, kind: str, **terms: Any) -> RosterChange:
        row = changes.make(household=home, kind=kind, terms=terms, reason="结婚", by=Actor.of(steward))
        return sent_back(row, chen)

    return made


def sent_back(row: RosterChange, chen: Actor) -> RosterChange:
    services.send_back(item=item_of(row), to="starter", reason="关系写错了", by=chen)
    return row


def item_of(row: RosterChange) -> Item:
    found = flows.last_item("roster_change", row.pk)
    assert found is not None
    return found


def amended(row: RosterChange, by: User, reason: str | None = None, text: str = "", **terms: Any) -> RosterChange:
    return changes.amend(change=row, terms=terms, reason=reason, text=text, by=Actor.of(by))


def approved(row: RosterChange, chen: Actor) -> RosterChange:
    services.decide(item=item_of(row), verdict="approve", by=chen)
    row.refresh_from_db()
    return row


def relations(home: Household) -> dict[str, str]:
    rows = HouseholdMember.objects.filter(household=home)
    return dict(rows.values_list("resident__name", "relation"))


def test_what_was_mended_goes_on_and_takes_effect(home: Household, steward: User, chen: Actor, back: Any) -> None:
    row = amended(back(home, "member_in", **WIFE), steward, relation="弟媳", text="问过本人")
    assert (row.state, item_of(row).state, row.reason) == ("asked", "open", "结婚")
    assert json.loads(row.terms) == {**WIFE, "relation": "弟媳"}
    assert approved(row, chen).state == "done"
    assert relations(home) == {"张三": "户主", "李四": "弟媳"}
    assert [check.title for check in checks() if check.breaches()] == []


def test_what_was_asked_first_stays_in_the_story(home: Household, steward: User, back: Any) -> None:
    row = amended(back(home, "member_in", **WIFE), steward, "分家", "改好了", relation="弟媳", phone="13912340000")
    told = item_of(row).words.get(kind="resubmit").text
    assert told == "改好了；关系由配偶改为弟媳；手机号由139****5678改为139****0000；原来的原因：结婚"
    trail = AuditRow.objects.get(action="roster_change.amend").data
    assert trail["changed"] == ["phone", "relation"] and "13912345678" not in str(trail)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [({"name": " "}, errors.NameMissing), ({"phone": "1"}, errors.PhoneWrong),
     ({"application": 1}, errors.ChangeTermForeign)],
)  # fmt: skip
def test_a_wrong_one_changes_nothing(
    home: Household, steward: User, back: Any, wrong: dict[str, Any], error: type[JifenError]
) -> None:
    row = back(home, "member_in", **WIFE)
    with pytest.raises(error):
        amended(row, steward, **wrong)
    row.refresh_from_db()
    assert (json.loads(row.terms), item_of(row).state) == (WIFE, "returned")
    assert relations(home) == {"张三": "户主"}


def test_nobody_else_mends_it_and_nothing_is_mended_twice(
    cast: Cast, home: Household, steward: User, back: Any
) -> None:
    row = back(home, "member_in", **WIFE)
    with pytest.raises(errors.ChangeNotReturned):
        amended(row, cast.admin(), relation="女")
    amended(row, steward, relation="女")
    with pytest.raises(errors.ChangeNotReturned):
        amended(row, steward, relation="母")


def test_one_that_is_taken_back_meanwhile_is_not_mended(committing_town: object, cast: Cast) -> None:
    """Whoever comes first, the other finds it so; neither waits for the other for ever."""
    home, steward, chen = cast.household(), cast.steward(), Actor.of(cast.officer())
    services.install(subject_kind="roster_change", steps=[{"name": "经办", "who": {"role": "town_officer"}}], by=SYSTEM)
    row = sent_back(changes.make(household=home, kind="member_in", terms=WIFE, by=Actor.of(steward)), chen)
    mend = partial(amended, RosterChange.objects.get(pk=row.pk), steward, relation="弟媳")
    end = partial(changes.withdraw, change=RosterChange.objects.get(pk=row.pk), by=Actor.of(steward))
    mended, ended = together(mend, end)
    assert not isinstance(ended, Exception)
    assert isinstance(mended, RosterChange | errors.ChangeNotReturned)
    row.refresh_from_db()
    assert (row.state, item_of(row).state) == ("withdrawn", "withdrawn")


def test_another_person_is_meant(cast: Cast, home: Household, steward: User, chen: Actor, back: Any) -> None:
    son, daughter = cast.member(home, "张小强"), cast.member(home, "张小花")
    row = amended(back(home, "member_out", resident=son.pk), steward, resident=daughter.pk)
    assert row.resident == daughter
    assert "谁由张小强改为张小花" in item_of(row).words.get(kind="resubmit").text
    approved(row, chen)
    assert {one.resident.name for one in selectors.members_on(home, tomorrow())} == {"张三", "张小强"}


def test_she_moves_over_from_another_household_after_all(
    cast: Cast, home: Household, steward: User, chen: Actor, back: Any
) -> None:
    there = cast.household(number="01009", name="王五")
    sister = cast.member(there, "王小妹")
    row = amended(back(home, "member_in", **WIFE), steward, resident=sister.pk)
    assert json.loads(row.terms) == {"resident": sister.pk, "relation": "配偶"}
    approved(row, chen)
    assert "王小妹" in relations(home)


def test_a_household_split_off_gets_another_number(
    cast: Cast, home: Household, steward: User, chen: Actor, back: Any
) -> None:
    son = cast.member(home, "张小强")
    row = back(home, "split", members=[son.pk], head=son.pk, number="01002", group=2)
    with pytest.raises(errors.HouseholdNumberTaken):
        amended(row, steward, number="01001")
    assert approved(amended(row, steward, number="01003"), chen).number == "01003"
    assert Household.objects.filter(number="01003").exists() and not Household.objects.filter(number="01002").exists()


def test_a_new_household_is_mended_before_it_is_there(cast: Cast, steward: User, chen: Actor, back: Any) -> None:
    terms = {"number": "01003", "group": 2, "head_name": "李四", "has_local_hukou": True, "has_homestead": True}
    row = changes.begin(village=cast.village(), terms=terms, reason="迁入", by=Actor.of(steward))
    sent_back(row, chen)
    amended(row, steward, head_name="李思", has_local_hukou=False)
    assert "户籍在本村由是改为否" in item_of(row).words.get(kind="resubmit").text
    assert item_of(row).facts["outsider"] is True
    done = approved(row, chen)
    assert done.household is not None
    assert (head_of(done.household).name, done.household.has_local_hukou) == ("李思", False)


def test_a_joining_is_for_another_day(cast: Cast, steward: User, chen: Actor, back: Any) -> None:
    out, today = cast.household(joined=False), clock.today()
    paper = applications.apply(household=out, applicant=head_of(out), on=today, by=SYSTEM)
    row = back(out, "join", application=paper.pk, on=(today - timedelta(days=3)).isoformat())
    approved(amended(row, steward, on=today.isoformat()), chen)
    joined = [selectors.is_joined(out, today - timedelta(days=days)) for days in (0, 1)]
    assert joined == [True, False]


def test_the_same_change_of_another_person_that_waits_is_not_asked_twice(
    cast: Cast, home: Household, steward: User, back: Any
) -> None:
    son, daughter = cast.member(home, "张小强"), cast.member(home, "张小花")
    row = back(home, "member_out", resident=son.pk)
    changes.make(household=home, kind="member_out", terms={"resident": daughter.pk}, by=Actor.of(steward))
    with pytest.raises(errors.ChangeAsked):
        amended(row, steward, resident=daughter.pk)
    assert item_of(row).state == "returned"


def test_the_database_lets_only_what_was_sent_back_change(home: Household, steward: User, back: Any) -> None:
    row = back(home, "member_in", **WIFE)
    rows = RosterChange.objects.filter(pk=row.pk)
    never: tuple[dict[str, Any], ...] = ({"kind": "head"}, {"actor_id": 1}, {"asked_at": clock.now()})
    later: tuple[dict[str, Any], ...] = (
        {"terms": "{}"},
        {"reason": "别的"},
        {"number": "9"},
        {"resident": home.head_id},
    )
    for change in never:
        with pytest.raises(DatabaseError, match="stays as it is"), transaction.atomic():
            rows.update(**change)
    amended(row, steward, relation="女")
    for change in (*never, *later):
        with pytest.raises(DatabaseError, match="stays as it is"), transaction.atomic():
            rows.update(**change)


def test_the_steward_mends_it_on_her_page(home: Household, steward: User, back: Any, client_for: Faces) -> None:
    row, browser = back(home, "member_in", **WIFE), client_for(steward)
    here = f"/village/roster-changes/{row.pk}/"
    assert f'href="{here}amend/"' in browser.get(here).text
    form = browser.get(f"{here}amend/").text
    assert "关系写错了" in form and 'value="李四"' in form and "13912345678" not in form
    sent = {"name": "李四", "relation": "弟媳", "reason": "结婚", "text": ""}
    assert browser.post(f"{here}amend/", {**sent, "phone": "1"}).status_code == 422
    assert "已修改并重新提交。" in browser.post(f"{here}amend/", sent, follow=True).text
    row.refresh_from_db()
    assert json.loads(row.terms) == {**WIFE, "relation": "弟媳", "from_date": None}
    assert browser.get(f"{here}amend/").status_code == 404


@pytest.mark.parametrize("kind", ["member_in", "member_out", "head", "split", "identity", "join", "leave", "new",
                                  "moved_back"])  # fmt: skip
def test_every_kind_has_its_form(
    cast: Cast, home: Household, steward: User, chen: Actor, back: Any, client_for: Faces, kind: str
) -> None:
    row = one_of(kind, cast, home, steward, chen, back)
    browser, at = client_for(steward), f"/village/roster-changes/{row.pk}/amend/"
    page = browser.get(at)
    sent = {name: "" if value is None else value for name, value in fields_of(page.context["form"]).items()}
    before = json.loads(row.terms)
    answer = browser.post(at, {**sent, "reason": "说明白了"})
    row.refresh_from_db()
    after = {name: value for name, value in json.loads(row.terms).items() if before.get(name) or value}
    assert (answer.status_code, row.reason, item_of(row).state) == (302, "说明白了", "open")
    assert after.items() >= {name: value for name, value in before.items() if value}.items()


def fields_of(form: Any) -> dict[str, Any]:
    """What a browser would send of the form as it is shown."""
    shown = {name: form[name].value() for name in form.fields}
    return {name: value for name, value in shown.items() if value is not False}


def one_of(kind: str, cast: Cast, home: Household, steward: User, chen: Actor, back: Any) -> RosterChange:
    """A change of each kind, sent back."""
    today, by = clock.today(), Actor.of(steward)
    son, there = cast.member(home, "张小强"), cast.household(number="01009", name="王五")
    sister = cast.member(there, "王小妹")
    if kind == "new":
        new = {"number": "01003", "group": 2, "head_name": "李四"}
        return sent_back(changes.begin(village=cast.village(), terms=new, by=by), chen)
    if kind == "join":
        out = cast.household(joined=False)
        paper = applications.apply(household=out, applicant=head_of(out), on=today, by=SYSTEM)
        made: RosterChange = back(out, "join", application=paper.pk, on=today.isoformat())
        return made
    terms: dict[str, dict[str, Any]] = {
        "member_in": {"resident": sister.pk, "relation": "儿媳"},
        "member_out": {"resident": son.pk},
        "head": {"resident": son.pk, "relation": "父"},
        "split": {"members": [son.pk], "head": son.pk, "number": "01002", "group": 2},
        "identity": {"resident": son.pk, "name": "张小墙"},
        "leave": {"on": today.isoformat()},
        "moved_back": {"resident": sister.pk, "relation": "儿媳", "from_date": today.isoformat()},
    }
    row: RosterChange = back(home, kind, **terms[kind])
    return row


def test_a_program_mends_it(cast: Cast, home: Household, steward: User, back: Any, api_client: Faces) -> None:
    row = back(home, "member_in", **WIFE)
    at = f"{URL}{row.pk}/amend/"
    assert api_client(cast.admin()).post(at, {"relation": "女"}).json()["code"] == "change_not_returned"
    wrong = api_client(steward).post(at, {"members": [1]})
    assert (wrong.status_code, wrong.json()["code"], wrong.json()["field"]) == (422, "change_term_foreign", "members")
    told = api_client(steward).post(at, {"relation": "弟媳", "from_date": clock.today().isoformat(), "reason": "分家"})
    assert (told.status_code, told.json()["reason"], item_of(row).state) == (200, "分家", "open")


def test_another_villages_steward_finds_nothing(
    cast: Cast, home: Household, back: Any, client_for: Faces, api_client: Faces
) -> None:
    row, far = back(home, "member_in", **WIFE), cast.steward(cast.village("白江洞村"), name="钱管理")
    assert client_for(far).get(f"/village/roster-changes/{row.pk}/amend/").status_code == 404
    assert api_client(far).post(f"{URL}{row.pk}/amend/", {"relation": "女"}).status_code == 404


def tomorrow() -> Any:
    return clock.today() + timedelta(days=1)

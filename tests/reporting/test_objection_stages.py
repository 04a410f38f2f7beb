"""Who looks into an objection, by when, and what comes after a dismissal."""

from datetime import date, timedelta
from typing import Any

import pytest

from jifen.accounts.models import User
from jifen.approvals.models import Item
from jifen.audit.models import AuditRow
from jifen.clocks.models import Due
from jifen.inbox.models import Message as Letter
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from jifen.outbox.models import Message
from reporting import errors, jobs, policies
from reporting.models import Level, Objection, ObjectionState
from reporting.selectors import investigators
from reporting.selectors import objections as selectors
from reporting.services import answers, deadlines, objections
from scoring.errors import NotVerifiable
from scoring.models import Balance, Declaration, Posting, ReviewItem
from scoring.services import declarations
from tenants.community.models import Household, Relative
from tests.cast import Cast, head_of
from tests.reporting import months

JULY = date(2026, 7, 6)
FOUND = "经走访核实。"


@pytest.fixture
def home(cast: Cast) -> Household:
    months.set_up("seed_001")
    cast.committee(name="吴委员")
    cast.officer(name="陈经办")
    return cast.household(name="赵六", number="0001")


@pytest.fixture
def deed(home: Household) -> Declaration:
    return months.deed(home, "志愿", JULY, facts={"quantity": "2"})


@pytest.fixture
def posting(deed: Declaration) -> Posting:
    months.post(deed.village, JULY)
    return months.posting_of(deed)


def _who(name: str) -> Actor:
    return Actor.of(User.objects.get(display_name=name))


def _raised(home: Household, posting: Posting, *, direct: bool = False) -> Objection:
    by = Actor("t_alpha", 77, "赵六")
    return objections.raise_objection(household=home, posting=posting, text="不对。", is_direct=direct, by=by)


def _dismissed(home: Household, posting: Posting) -> Objection:
    return answers.answer(objection=_raised(home, posting), upheld=False, finding=FOUND, by=_who("吴委员"))


def test_the_village_has_ten_days_and_the_town_twenty(cast: Cast, home: Household, posting: Posting) -> None:
    first = _raised(home, posting)
    assert (first.number, first.level) == (f"异议〔{clock.today().year}〕0001号", Level.VILLAGE)
    assert first.answer_by == clock.today() + timedelta(days=10)
    answers.answer(objection=first, upheld=False, finding=FOUND, by=_who("吴委员"))
    second = objections.appeal(objection=first, text="还是不对。", by=SYSTEM)
    assert second.answer_by == clock.today() + timedelta(days=20)


def test_a_town_sets_its_own_days(home: Household, posting: Posting, monkeypatch: pytest.MonkeyPatch) -> None:
    policies.set_handling(
        answer_days=5, town_answer_days=15, appeal_days=7, investigated_by=["committee", "town"], by=SYSTEM
    )
    tomorrow = clock.now() + timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    objection = _raised(home, posting)
    assert objection.answer_by == tomorrow.date() + timedelta(days=5)
    assert _who("陈经办").id in investigators.of(objection)


def test_what_was_set_for_tomorrow_can_be_mended_today(cast: Cast, home: Household, client_for: Any) -> None:
    office = client_for(cast.admin())
    for days in (15, 12):
        sent = {"answer_days": days, "town_answer_days": 20, "appeal_days": 10, "investigated_by": ["committee"]}
        assert office.post("/office/objections/handling/", sent).status_code == 302
    assert 'value="12"' in office.get("/office/objections/handling/").content.decode()
    today = clock.today()
    assert (policies.on(today).answer_days, policies.on(today + timedelta(days=1)).answer_days) == (10, 12)


def test_in_seed_001_the_committee_investigates(home: Household, posting: Posting) -> None:
    objection = _raised(home, posting)
    assert investigators.of(objection) == {_who("吴委员").id}
    with pytest.raises(errors.NotInvestigator):
        answers.answer(objection=objection, upheld=True, finding=FOUND, by=_who("陈经办"))
    assert not Posting.objects.filter(reverses=posting).exists()


def test_in_seed_002_the_villages_group_investigates_with_the_town(cast: Cast) -> None:
    months.set_up("seed_002")
    member, officer = cast.committee(), cast.officer()
    home = cast.household()
    deed = months.deed(home, "乱丢垃圾", JULY)
    months.post(home.village, JULY)
    assert investigators.of(_raised(home, months.posting_of(deed))) == {member.pk, officer.pk}


def test_whoever_declared_or_decided_does_not_investigate(cast: Cast, home: Household, deed: Declaration) -> None:
    scorer, recorder = cast.committee(name="郑委员"), cast.committee(name="冯委员")
    other = months.deed(home, "志愿", JULY, facts={"quantity": "2"}, by=Actor.of(recorder))
    months.post(deed.village, JULY, by=Actor.of(scorer))
    assert ReviewItem.objects.filter(declaration=other, decided_by_id=scorer.pk).exists()
    objection = _raised(home, months.posting_of(other))
    assert investigators.of(objection) == {_who("吴委员").id}
    for user in (scorer, recorder):
        with pytest.raises(errors.Recused):
            answers.answer(objection=objection, upheld=True, finding=FOUND, by=Actor.of(user))
    objection.refresh_from_db()
    assert objection.state == ObjectionState.RAISED


def test_relatives_of_the_household_concerned_stand_back(home: Household, posting: Posting) -> None:
    member = User.objects.get(display_name="吴委员")
    Relative.objects.create(resident=member.resident, other=head_of(home), kind="sibling", declared_on=JULY)
    objection = _raised(home, posting)
    assert objection.level == Level.TOWN
    assert investigators.of(objection) == {_who("陈经办").id}


def test_the_direct_line_goes_past_the_village(home: Household, posting: Posting) -> None:
    objection = _raised(home, posting, direct=True)
    assert (objection.number[:2], objection.level) == ("直达", Level.TOWN)
    assert objection not in selectors.all_of([home.village_id])
    with pytest.raises(errors.NotInvestigator):
        answers.answer(objection=objection, upheld=True, finding=FOUND, by=_who("吴委员"))
    assert answers.answer(objection=objection, upheld=True, finding=FOUND, by=_who("陈经办")).reversal


def test_the_second_stage_is_the_town(home: Household, posting: Posting) -> None:
    first = _dismissed(home, posting)
    assert "复核" in selectors.next_way(first)
    second = objections.appeal(objection=first, text="还是不对。", by=SYSTEM)
    assert (second.number, second.stage, second.level) == (f"{first.number}复核", 2, Level.TOWN)
    answered = answers.answer(objection=second, upheld=False, finding=FOUND, by=_who("陈经办"))
    assert "12345" in selectors.next_way(answered)
    with pytest.raises(errors.AppealNotOpen):
        objections.appeal(objection=second, text="再问一次。", by=SYSTEM)


def test_an_appeal_has_its_days(home: Household, posting: Posting, monkeypatch: pytest.MonkeyPatch) -> None:
    first = _dismissed(home, posting)
    late = clock.now() + timedelta(days=11)
    monkeypatch.setattr(clock, "now", lambda: late)
    with pytest.raises(errors.AppealLate):
        objections.appeal(objection=first, text="还是不对。", by=SYSTEM)
    assert Objection.objects.count() == 1


def test_what_is_open_or_upheld_is_not_appealed(home: Household, posting: Posting) -> None:
    first = _raised(home, posting)
    with pytest.raises(errors.AppealNotOpen):
        objections.appeal(objection=first, text="快些。", by=SYSTEM)
    answers.answer(objection=first, upheld=True, finding=FOUND, by=_who("吴委员"))
    with pytest.raises(errors.AppealNotOpen):
        objections.appeal(objection=first, text="再查。", by=SYSTEM)


def _deadline_passes(objection: Objection, monkeypatch: pytest.MonkeyPatch) -> None:
    objection.refresh_from_db()
    period = f"{objection.pk}/{objection.level}"
    due = Due.objects.get(kind=deadlines.KIND, period=period)
    monkeypatch.setattr(clock, "now", lambda: due.due_at)
    for row in jobs.objection_deadline_is_due(period):
        Due.objects.create(town="t_alpha", kind=row.kind, period=row.period, due_at=row.due_at)


def test_an_overdue_one_goes_to_the_town_and_then_to_the_districts_figures(
    home: Household, posting: Posting, monkeypatch: pytest.MonkeyPatch
) -> None:
    objection = _raised(home, posting)
    _deadline_passes(objection, monkeypatch)
    objection.refresh_from_db()
    assert (objection.level, objection.escalated_on) == (Level.TOWN, clock.today())
    _deadline_passes(objection, monkeypatch)
    objection.refresh_from_db()
    assert objection.overdue_on == clock.today()
    assert _told("objections_overdue") == [1]
    answers.answer(objection=objection, upheld=False, finding=FOUND, by=_who("陈经办"))
    assert _told("objections_overdue") == [1, -1]


def _told(key: str) -> list[int]:
    rows = Message.objects.filter(kind="delta", payload__key=key).order_by("pk")
    return [row.payload["value"] for row in rows]


def test_an_answered_one_is_left_alone_by_the_clock(home: Household, posting: Posting) -> None:
    objection = _raised(home, posting)
    assert Due.objects.filter(kind=deadlines.KIND, state="waiting").count() == 1
    answers.answer(objection=objection, upheld=False, finding=FOUND, by=_who("吴委员"))
    assert not Due.objects.filter(kind=deadlines.KIND, state="waiting").exists()
    assert jobs.objection_deadline_is_due(f"{objection.pk}/village") == []


def _messages(name: str) -> list[str]:
    rows = Letter.objects.filter(user=User.objects.get(display_name=name)).order_by("pk")
    return [f"{row.title} {row.body} {row.address}" for row in rows]


def test_those_in_charge_and_the_household_are_told(
    cast: Cast, home: Household, posting: Posting, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast.villager(home)
    objection = _raised(home, posting)
    [asked] = _messages("吴委员")
    assert "等您核实" in asked and f"/village/objections/{objection.pk}/" in asked and "赵六" not in asked
    _deadline_passes(objection, monkeypatch)
    assert f"/office/objections/{objection.pk}/" in _messages("陈经办")[0]
    objection.refresh_from_db()
    answers.answer(objection=objection, upheld=False, finding=FOUND, by=_who("陈经办"))
    passed_on, answered = _messages("赵六")
    assert ("转由镇里核实" in passed_on, "有答复了：维持原结果" in answered) == (True, True)


def test_paper_comes_with_its_scan(home: Household, posting: Posting) -> None:
    told: dict[str, Any] = {"household": home, "posting": posting, "text": "不对。", "channel": "paper", "by": SYSTEM}
    with pytest.raises(errors.PaperMissing):
        objections.raise_objection(**told)
    assert not Objection.objects.exists()
    made = objections.raise_objection(**told, paper=[months.photo()])
    assert [row.kind for row in made.files.all()] == ["paper"]


def test_the_trail_does_not_name_the_objector(home: Household, posting: Posting) -> None:
    _raised(home, posting)
    row = AuditRow.objects.get(action="objection.raise")
    assert (row.actor_id, row.actor_name) == (0, "异议人")
    assert Objection.objects.get().actor_name == "赵六"


def test_the_village_is_not_told_of_what_goes_past_it(home: Household, deed: Declaration) -> None:
    objections.raise_objection(household=home, declaration=deed, text="不是我家。", is_direct=True, by=SYSTEM)
    assert selectors.pending_declarations([deed.pk], is_told=True) == set()
    assert selectors.pending_declarations([deed.pk]) == {deed.pk}


def test_a_declaration_is_questioned_before_it_is_posted(home: Household, deed: Declaration) -> None:
    objection = objections.raise_objection(household=home, declaration=deed, text="不是我家。", by=SYSTEM)
    for is_told in (True, False):
        assert selectors.pending_declarations([deed.pk], is_told=is_told) == {deed.pk}
    answers.answer(objection=objection, upheld=True, finding=FOUND, by=_who("吴委员"))
    deed.refresh_from_db()
    assert (deed.state, deed.refusal) == ("rejected", f"异议成立：{FOUND}")
    assert selectors.pending_declarations([deed.pk]) == set()


def test_what_was_posted_meanwhile_is_reversed(home: Household, deed: Declaration) -> None:
    objection = objections.raise_objection(household=home, declaration=deed, text="不是我家。", by=SYSTEM)
    months.post(deed.village, JULY)
    answered = answers.answer(objection=objection, upheld=True, finding=FOUND, by=_who("吴委员"))
    assert answered.reversal is not None
    assert Balance.objects.get(account__household=home, measure="merit").posted == 0


def test_another_households_declaration_is_not_hers_to_question(cast: Cast, deed: Declaration) -> None:
    with pytest.raises(errors.ObjectionForeign):
        objections.raise_objection(household=cast.household(), declaration=deed, text="不公平。", by=SYSTEM)
    assert not Objection.objects.exists()


def test_upheld_of_what_is_still_being_verified_asks_nobody_any_more(cast: Cast, home: Household) -> None:
    cast.steward(home.village, name="王管理")
    teller = cast.household(name="钱七")
    deed = months.told_by(home, "垃圾混投", JULY, declarer=head_of(teller), by=Actor.of(cast.villager(teller)))
    objection = objections.raise_objection(household=home, declaration=deed, text="不是我家。", by=SYSTEM)
    answers.answer(objection=objection, upheld=True, finding=FOUND, by=_who("吴委员"))
    deed.refresh_from_db()
    item = Item.objects.get(subject_kind="declaration", subject_id=deed.pk)
    assert (deed.state, item.state, item.words.latest("pk").text) == ("rejected", "terminated", f"异议成立：{FOUND}")
    with pytest.raises(NotVerifiable):
        declarations.verify(declaration=deed, accept=True, by=_who("王管理"))

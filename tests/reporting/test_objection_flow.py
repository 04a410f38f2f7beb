"""A town that has chosen a flow for objections: its people's words answer, and still nobody else knows who asked."""

from datetime import date, timedelta
from typing import Any

import pytest

from jifen.accounts.models import User
from jifen.approvals import errors as approval
from jifen.approvals import naming, registry
from jifen.approvals import selectors as flow_items
from jifen.approvals import services as approvals
from jifen.approvals.definition import parse
from jifen.approvals.models import Item, Stage
from jifen.audit.models import AuditRow
from jifen.files.models import File
from jifen.inbox.models import Message
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.errors import JifenError
from reporting import errors, verify
from reporting.models import Objection, ObjectionOpinion, ObjectionState
from reporting.selectors import investigators
from reporting.selectors import objections as selectors
from reporting.services import answers, deadlines, inquiries, notices, objections
from scoring.models import Declaration, Posting
from scoring.services.corrections import Correction
from tenants.community.models import Household, Role, VillageRole
from tests.cast import Cast
from tests.reporting import months
from tests.reporting.flows import COMMITTEE, OFFICE, choose, item, say, who

JULY = date(2026, 7, 6)
FOUND = "经走访核实。"


@pytest.fixture
def home(cast: Cast) -> Household:
    months.set_up("seed_001")
    cast.committee(name="吴委员")
    cast.officer(name="陈经办")
    choose("objection", COMMITTEE, OFFICE)
    return cast.household(name="赵六", number="0001")


@pytest.fixture
def deed(home: Household) -> Declaration:
    return months.deed(home, "志愿", JULY, facts={"quantity": "2"})


@pytest.fixture
def posting(deed: Declaration) -> Posting:
    months.post(deed.village, JULY)
    return months.posting_of(deed)


def raised(home: Household, posting: Posting, *, direct: bool = False) -> Objection:
    by = Actor("t_alpha", 77, "赵六")
    return objections.raise_objection(household=home, posting=posting, text="不对。", is_direct=direct, by=by)


def sound() -> bool:
    return not [check.title for check in verify.checks() if check.breaches()]


def test_the_last_word_upholds_and_reverses(home: Household, posting: Posting) -> None:
    objection = raised(home, posting)
    say("吴委员", reason="村里查了")
    objection.refresh_from_db()
    assert objection.state == ObjectionState.RAISED and not Posting.objects.filter(reverses=posting).exists()
    say("陈经办", reason="镇里核定")
    objection.refresh_from_db()
    assert (objection.state, objection.finding) == (ObjectionState.UPHELD, "镇里核定")
    assert objection.answered_by_name == "陈经办" and objection.reversal == Posting.objects.get(reverses=posting)
    assert sound()


def test_who_agrees_need_not_write_the_finding_again(
    home: Household, posting: Posting, client_for: Any, cast: Cast
) -> None:
    objection, others = raised(home, posting), cast.household(name="孙七")
    right, found = Correction(others, None, {"quantity": "1"}), "查实是孙七家做的"
    inquiries.speak(objection=objection, upheld=True, finding=found, correction=right, by=who("吴委员"))
    with pytest.raises(errors.FindingMissing):
        inquiries.speak(objection=objection, upheld=False, finding=" ", by=who("陈经办"))
    browser, path = client_for(User.objects.get(display_name="陈经办")), f"/office/objections/{objection.pk}/"
    assert "可以不写" in browser.get(path).text and f'value="{others.number}"' in browser.get(path).text
    differing = browser.post(path, {"verdict": "upheld", "finding": ""})
    assert differing.status_code == 422 and "和前面的核实意见不一样" in differing.text
    inquiries.speak(objection=objection, upheld=True, finding="", by=who("陈经办"))
    objection.refresh_from_db()
    assert (objection.state, objection.finding) == (ObjectionState.UPHELD, found)
    assert objection.corrected is not None and objection.corrected.household == others
    assert sound()


def test_everybody_reads_at_which_step_it_waits(home: Household, posting: Posting, client_for: Any, cast: Cast) -> None:
    objection = raised(home, posting)
    member, resident = client_for(User.objects.get(display_name="吴委员")), client_for(cast.villager(home))
    asked = '我来核实</span> <span class="tab-count">1'
    first, second = (name for name in ("吴委员", "陈经办"))
    steps = [step.name for step in item().flow.definition.all_steps()]
    own = f"/objections/{objection.pk}/"
    assert f"现在由“{steps[0]}”这一步办理" in resident.get(own).content.decode()
    before = member.get("/village/objections/?state=mine").content.decode()
    assert objection.number in before
    say(first, reason="村里查了")
    page = resident.get(own).content.decode()
    assert f"现在由“{steps[1]}”这一步办理" in page and f"{steps[1]}：核实中" in page and "村里" not in asked
    assert objection.number not in member.get("/village/objections/?state=mine").content.decode()
    assert steps[1] in member.get("/village/objections/?state=open").content.decode()
    say(second, reason="镇里核定")
    assert "这一步办理" not in resident.get(own).content.decode()


def test_the_direct_line_goes_past_the_steward(home: Household, posting: Posting, cast: Cast) -> None:
    steward, other, far = cast.steward(home.village), cast.officer("李经办"), cast.steward(cast.village("李家村"))
    choose("objection", OFFICE | {"how": "all", "copy_to": [{"users": [steward.pk, far.pk]}]})
    raised(home, posting, direct=True)
    row, chen = item(), who("陈经办")
    past = [steward.pk, who("吴委员").id]
    for pk in past:
        for act, said in (("ask", {"text": "当时谁在场"}), ("transfer", {}), ("add", {})):
            with pytest.raises(approval.PersonPassedBy):
                getattr(approvals, act)(item=row, to=pk, by=chen, **said)
        with pytest.raises(approval.PersonPassedBy):
            approvals.copy(item=row, to=[pk], by=chen)
        words, scan = [approvals.PaperWord(other.pk, "approve", FOUND)], File(state="ready")
        with pytest.raises(approval.NotInvolved):
            approvals.decide_on_paper(
                item=row, words=words, scan=scan, signed_on=clock.today(), by=Actor.of(User.objects.get(pk=pk))
            )
    assert list(row.copies.values_list("user", flat=True)) == [far.pk]
    assert not Message.objects.filter(user__in=past, address=f"/work/{row.pk}/").exists()


def test_what_the_village_answers_may_be_asked_of_the_steward(home: Household, posting: Posting, cast: Cast) -> None:
    steward = cast.steward(home.village)
    raised(home, posting)
    assert approvals.ask(item=item(), to=steward.pk, text="当时谁在场", by=who("吴委员")).to_id == steward.pk


def test_a_refusal_keeps_the_result_and_tells_where_to_go_next(home: Household, posting: Posting) -> None:
    objection = raised(home, posting)
    say("吴委员", "reject", "记得对")
    objection.refresh_from_db()
    assert (objection.state, objection.finding) == (ObjectionState.DISMISSED, "记得对")
    assert "复核" in selectors.next_way(objection) and sound()


@pytest.fixture
def without_village(home: Household, posting: Posting, cast: Cast) -> Objection:
    """Nobody of the village can be asked at the village's only step."""
    choose("objection", COMMITTEE)
    VillageRole.objects.filter(role=Role.COMMITTEE).update(to_date=clock.today())
    cast.villager(home)
    return raised(home, posting)


def own_page(objection: Objection, client_for: Any) -> str:
    villager = User.objects.get(resident__memberships__household=objection.household)
    return str(client_for(villager).get(f"/objections/{objection.pk}/").content.decode())


def test_what_the_office_is_asked_in_the_villages_place_is_said_to_lie_with_the_town(
    without_village: Objection, client_for: Any
) -> None:
    shown = own_page(without_village, client_for)
    assert "村里没有能办理的人，现在由" in shown and "镇里核实中" in shown and "村里核实" not in shown
    public = client_for(None).get(f"/o/{without_village.token}/").content.decode()
    assert "村里没有能办理的人" in public and "村里核实" not in public


def test_what_the_office_alone_dismissed_goes_on_to_somebody_else_of_it_or_beyond(
    without_village: Objection, client_for: Any, cast: Cast
) -> None:
    say("陈经办", "reject", "记得对")
    without_village.refresh_from_db()
    assert (without_village.level, selectors.next_way(without_village)) == ("village", selectors.BEYOND)
    with pytest.raises(errors.AppealNotOpen):
        objections.appeal(objection=without_village, text="不服。", by=SYSTEM)
    other = cast.officer(name="林经办")
    told = selectors.next_way(without_village)
    assert "换一个人复核" in told and "12345" in told and "对村里的答复" not in told
    shown = own_page(without_village, client_for)
    assert "陈经办（镇里）" in shown and "请镇里换人复核" in shown
    objections.appeal(objection=without_village, text="不服。", by=SYSTEM)
    assert selectors.next_way(without_village) == ""
    assert set(item().stages.values_list("assignments__user", flat=True)) == {other.pk}
    assert "镇里核实中" in own_page(without_village, client_for)


def test_what_the_village_dismissed_is_still_the_villages(home: Household, posting: Posting) -> None:
    objection = raised(home, posting)
    say("吴委员", "reject", "记得对")
    objection.refresh_from_db()
    assert selectors.next_way(objection).startswith("对村里的答复不服的")


def test_whoever_had_a_say_in_the_first_stage_has_none_in_the_second(
    home: Household, posting: Posting, cast: Cast
) -> None:
    steps = [{"name": name, "who": {"users": [cast.officer(name=f"{name}经办").pk]}} for name in ("初核", "核定")]
    choose("objection", COMMITTEE, *steps)
    objection, fresh = raised(home, posting), cast.officer(name="周经办")
    for name, verdict in (("吴委员", "approve"), ("初核经办", "approve"), ("核定经办", "reject")):
        say(name, verdict)
    objection.refresh_from_db()
    second = objections.appeal(objection=objection, text="不服。", by=SYSTEM)
    users = [who(name).id for name in ("吴委员", "初核经办", "核定经办")]
    assert {user for _, user in investigators.barred([second.pk], [*users, fresh.pk])} == set(users)
    assert not set(item().stages.values_list("assignments__user", flat=True)) - {*users, fresh.pk, who("陈经办").id}
    with pytest.raises(JifenError):
        say("初核经办")


def test_nobody_answers_beside_the_flow(home: Household, posting: Posting) -> None:
    objection = raised(home, posting)
    with pytest.raises(errors.ObjectionInFlow) as refusal:
        answers.answer(objection=objection, upheld=True, finding=FOUND, by=who("吴委员"))
    assert "村里核实" in refusal.value.message and refusal.value.data["item"] == item().pk
    objection.refresh_from_db()
    assert objection.state == ObjectionState.RAISED and not Posting.objects.filter(reverses=posting).exists()


def test_an_opinion_carries_what_should_have_been_recorded(home: Household, posting: Posting, cast: Cast) -> None:
    other = cast.household(name="钱七")
    objection = raised(home, posting)
    right = Correction(other, None, {"quantity": "1"})
    for name in ("吴委员", "陈经办"):
        inquiries.speak(objection=objection, upheld=True, finding=f"{name}查了", correction=right, by=who(name))
    objection.refresh_from_db()
    assert objection.corrected and objection.corrected.household == other
    assert ObjectionOpinion.objects.count() == 2 and objection.finding == "陈经办查了" and sound()


def test_a_broken_opinion_leaves_nothing_behind(home: Household, posting: Posting) -> None:
    objection = raised(home, posting)
    with pytest.raises(errors.FindingMissing):
        inquiries.speak(objection=objection, upheld=True, finding=" ", by=who("吴委员"))
    with pytest.raises(approval.NotYours):
        inquiries.speak(objection=objection, upheld=True, finding=FOUND, by=who("陈经办"))
    assert not ObjectionOpinion.objects.exists()


def test_an_approval_without_a_finding_passes_no_step(home: Household, posting: Posting) -> None:
    objection = raised(home, posting)
    with pytest.raises(errors.FindingMissing):
        say("吴委员", reason=" ")
    assert Stage.objects.get(item=item(), state="active").name == COMMITTEE["name"]
    inquiries.speak(objection=objection, upheld=True, finding=FOUND, by=who("吴委员"))
    say("陈经办", reason="")
    objection.refresh_from_db()
    assert (objection.state, objection.finding) == (ObjectionState.UPHELD, FOUND)


def test_the_finding_of_the_other_verdict_is_none(home: Household, posting: Posting) -> None:
    choose("objection", COMMITTEE)
    objection = raised(home, posting)
    ObjectionOpinion.objects.create(
        objection=objection, upheld=False, finding=FOUND, given_at=clock.now(), **SYSTEM.columns()
    )
    with pytest.raises(errors.FindingMissing):
        say("吴委员", reason="")


def test_objections_are_decided_one_by_one(home: Household, posting: Posting, client_for: Any) -> None:
    raised(home, posting)
    member = client_for(User.objects.get(display_name="吴委员"))
    assert f'name="item" value="{item().pk}"' not in member.get("/village/work/").content.decode()
    [(_, problem)] = approvals.decide_many(items=[item()], verdict="approve", reason="同意", by=who("吴委员"))
    assert isinstance(problem, approval.OneByOne) and "调查结果" in problem.message
    answer = member.post("/village/work/batch/", {"item": item().pk, "verdict": "approve"}, follow=True)
    assert "“异议”不能一并办理，请逐件办" in answer.content.decode()
    assert not item().words.filter(kind="approve").exists()


def test_a_plain_yes_on_the_items_page_says_where_to_write(home: Household, posting: Posting, client_for: Any) -> None:
    raised(home, posting)
    answer = client_for(User.objects.get(display_name="吴委员")).post(f"/village/work/{item().pk}/approve/")
    assert answer.status_code == 422 and "请打开这件异议，写明处理结果和调查结果" in answer.content.decode()


def test_a_signed_sheet_brings_findings_too(home: Household, posting: Posting, cast: Cast) -> None:
    raised(home, posting)
    words = [approvals.PaperWord(who("吴委员").id, "approve")]
    terms: dict[str, Any] = {"scan": months.photo(), "signed_on": clock.today(), "by": Actor.of(cast.admin())}
    with pytest.raises(errors.FindingMissing):
        approvals.decide_on_paper(item=item(), words=words, **terms)


def test_who_declared_or_is_of_the_household_stands_back(home: Household, cast: Cast) -> None:
    recorder = cast.committee(name="冯委员")
    other = months.deed(home, "志愿", JULY, facts={"quantity": "2"}, by=Actor.of(recorder))
    months.post(other.village, JULY)
    raised(home, months.posting_of(other))
    with pytest.raises(approval.Recused):
        say("冯委员")
    assert {row.user.display_name for row in flow_items.recused(item())} == {"冯委员"}


@pytest.mark.parametrize("second", [False, True])
def test_what_is_for_the_town_never_reaches_the_village(home: Household, posting: Posting, second: bool) -> None:
    objection = raised(home, posting, direct=not second)
    if second:
        say("吴委员", "reject", "记得对")
        objections.appeal(objection=objection, text="还是不对。", by=SYSTEM)
    with pytest.raises(JifenError):
        say("吴委员")
    names = {row.user.display_name for row in Stage.objects.get(item=item()).assignments.filter(state="active")}
    assert names == {"陈经办"}


LEADER = {"name": "小组组长核实", "who": {"leader": True}, "empty": "office"}


def leaders(cast: Cast) -> tuple[User, User]:
    """Of 赵六's group and of another."""
    first, other = cast.holder("孙组长", Role.GROUP_LEADER), cast.holder("周组长", Role.GROUP_LEADER)
    VillageRole.objects.filter(user=other).update(group=cast.group(number=2))
    return first, other


def test_the_leader_of_the_group_concerned_is_asked(home: Household, posting: Posting, cast: Cast) -> None:
    leader, _ = leaders(cast)
    choose("objection", LEADER, OFFICE)
    objection = raised(home, posting)
    assert flow_items.seats(item()) == {leader.pk}
    say("孙组长")
    say("陈经办")
    objection.refresh_from_db()
    assert objection.state == ObjectionState.UPHELD


def test_a_neighbours_question_goes_to_the_leader_of_those_it_is_about(
    home: Household, posting: Posting, cast: Cast
) -> None:
    """The deed of group 1 is questioned from group 2."""
    leader, _ = leaders(cast)
    notice = notices.publish_quarter(village=home.village, year=2026, quarter=3, by=SYSTEM)
    choose("objection", LEADER, OFFICE)
    neighbour = cast.household(name="钱七", number="0002")
    Household.objects.filter(pk=neighbour.pk).update(group=cast.group(number=2))
    neighbour.refresh_from_db()
    by = Actor("t_alpha", 78, "钱七")
    objections.raise_objection(household=neighbour, posting=posting, notice=notice, text="不对。", by=by)
    assert flow_items.seats(item()) == {leader.pk}


def test_no_leader_is_asked_of_a_whole_notice_which_would_tell_who_asked(
    home: Household, posting: Posting, cast: Cast
) -> None:
    leaders(cast)
    notice = notices.publish_quarter(village=home.village, year=2026, quarter=3, by=SYSTEM)
    choose("objection", LEADER, OFFICE)
    objections.raise_objection(household=home, notice=notice, text="不对。", by=Actor("t_alpha", 77, "赵六"))
    assert flow_items.seats(item()) == {who("陈经办").id}


def test_the_days_of_the_village_bring_the_office_in(home: Household, posting: Posting) -> None:
    objection = raised(home, posting)
    deadlines.passed(f"{objection.pk}/village")
    objection.refresh_from_db()
    assert objection.level == "town" and objection.escalated_on == clock.today()
    say("陈经办", reason="镇里代办")
    assert Stage.objects.get(item=item(), name="村里核实").state == "passed"


SITTING: dict[str, Any] = {
    **COMMITTEE,
    "how": "quorum",
    "quorum": {"numerator": 1, "denominator": 2, "more": True},
    "limit": {"days": 10, "then": "escalate", "to": {"role": "town_officer"}},
}
"""As the templates have it: the step has the days of the objection itself."""


def test_who_is_brought_in_by_the_limit_keeps_it_when_the_villages_days_are_over(
    home: Household, posting: Posting, cast: Cast
) -> None:
    cast.officer("李经办")
    choose("objection", SITTING, OFFICE)
    objection = raised(home, posting)
    approvals.sweep(now=clock.now() + timedelta(days=11))
    [first] = brought_in()
    assert told("吴委员", "超过期限，已转上级办理")
    deadlines.passed(f"{objection.pk}/village")
    assert brought_in() == [first]
    assert told(first, "已超过办理期限")
    say(first, reason="镇里代办")
    assert Stage.objects.get(item=item(), name="村里核实").state == "passed" and sound()


def brought_in() -> list[str]:
    rows = Stage.objects.filter(item=item(), state="active", assignments__state="active")
    return list(rows.values_list("assignments__user__display_name", flat=True))


def told(name: str, title: str) -> bool:
    return Message.objects.filter(user=who(name).id, title__startswith=title).exists()


def test_silence_answers_nothing(home: Household, posting: Posting, monkeypatch: pytest.MonkeyPatch) -> None:
    choose("objection", {**COMMITTEE, "limit": {"days": 2, "then": "pass"}})
    objection = raised(home, posting)
    approvals.sweep(now=clock.now() + timedelta(days=3))
    objection.refresh_from_db()
    assert (item().state, objection.state) == ("approved", ObjectionState.RAISED)
    assert investigators.is_one(objection, who("吴委员"))
    answers.answer(objection=objection, upheld=True, finding=FOUND, by=who("吴委员"))
    assert sound()


def test_an_ended_item_goes_to_the_investigators(home: Household, posting: Posting, cast: Cast) -> None:
    objection = raised(home, posting)
    approvals.terminate(item=item(), reason="流程走错", by=Actor.of(cast.admin()))
    [seen] = selectors.as_seen([objection], User.objects.get(display_name="吴委员"))
    assert seen.is_mine
    answers.answer(objection=objection, upheld=False, finding=FOUND, by=who("吴委员"))
    assert sound()


def test_no_objection_rests_past_its_term(home: Household, posting: Posting) -> None:
    objection = raised(home, posting)
    approvals.suspend(item=item(), reason="出差", by=who("吴委员"))
    deadlines.passed(f"{objection.pk}/village")
    assert item().state == "open"
    assert flow_items.work_of(who("陈经办").id).filter(stage__item=item()).exists()
    assert Message.objects.filter(user_id=who("陈经办").id).exists()


def test_a_town_without_a_flow_answers_as_before(cast: Cast) -> None:
    months.set_up("seed_001")
    cast.committee(name="吴委员")
    home = cast.household(name="赵六")
    posting = months.posting_of(_posted(home))
    answers.answer(objection=raised(home, posting), upheld=True, finding=FOUND, by=who("吴委员"))
    assert not Item.objects.filter(subject_kind="objection").exists()


def _posted(home: Household) -> Declaration:
    deed = months.deed(home, "志愿", JULY, facts={"quantity": "2"})
    months.post(home.village, JULY)
    return deed


def test_no_trace_of_the_flow_names_the_objector(home: Household, posting: Posting) -> None:
    objection = raised(home, posting)
    say("吴委员")
    row = item()
    assert (row.starter_name, row.starter_id) == ("异议人", 0)
    assert registry.subject("objection").title(row) == objection.number
    trail = " ".join(str(one) for one in AuditRow.objects.values_list("actor_name", "data"))
    told = " ".join(f"{one.title}{one.body}" for one in Message.objects.filter(kind__startswith="approval"))
    assert "赵六" not in trail and "赵六" not in told and "不对。" not in trail + told


def test_facts_and_words_are_for_the_deciders(home: Household, posting: Posting, client_for: Any, cast: Cast) -> None:
    raised(home, posting)
    say("吴委员", reason="赵六家的那笔")
    admin, decider = client_for(cast.admin()), client_for(User.objects.get(display_name="陈经办"))
    address = f"/office/work/{item().pk}/"
    hidden, shown = (browser.get(address).content.decode() for browser in (admin, decider))
    assert "赵六家的那笔" in shown and "分值" in shown
    assert "赵六家的那笔" not in hidden and "分值" not in hidden and "村里核实" in hidden
    for browser, seen in ((admin, False), (decider, True)):
        words = browser.get(f"/api/v1/approval-items/{item().pk}/words/").json()["results"]
        facts = browser.get(f"/api/v1/approval-items/{item().pk}/").json()["facts"]
        assert (any("赵六" in word["text"] for word in words), bool(facts)) == (seen, seen)


def test_conditions_look_at_what_is_questioned(home: Household, posting: Posting) -> None:
    choose("objection", {**COMMITTEE, "when": "points >= 20"}, {**OFFICE, "when": 'kind == "entry" && !is_negative'})
    raised(home, posting)
    assert item().facts == {"kind": "entry", "points": "4.00", "is_negative": False, "stage": 1, "is_direct": False}
    assert Stage.objects.get(item=item()).name == "镇里核定"


def test_the_designer_warns_of_silence_and_of_a_village_left_alone(home: Household) -> None:
    alone = {**COMMITTEE, "empty": "block", "limit": {"days": 2, "then": "refuse"}}
    found = {one.code for one in naming.concerns(parse([alone]), registry.subject("objection"))}
    assert {"silence_answers_nothing", "town_alone"} <= found
    calm = {one.code for one in naming.concerns(parse([COMMITTEE, OFFICE]), registry.subject("objection"))}
    assert not calm & {"silence_answers_nothing", "town_alone"}


def test_a_test_drive_knows_that_the_village_stands_back(home: Household, client_for: Any, cast: Cast) -> None:
    browser = client_for(cast.admin())
    asked = {"village": home.village_id, "person": "", "fact_kind": "entry", "fact_points": "-3", "fact_stage": "2"}
    page = browser.get("/office/flows/objection/drive/", asked).content.decode()
    names = page[page.index("村里核实") :]
    assert "吴委员" in names and "回避" in names

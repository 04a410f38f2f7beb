"""A village makes the rules its own: its meeting's resolution, the town's word, and the town's next version."""

from typing import Any

import pytest

from jifen.approvals import abilities
from jifen.approvals import selectors as flows
from jifen.approvals import services as approvals
from jifen.approvals.errors import ActForbidden
from jifen.inbox.models import Message
from jifen.kernel.actors import SYSTEM, Actor
from jifen.web.wording import date_cn
from scoring import policies
from scoring import rulebook_errors as errors
from scoring.models import Adaptation, Draft, Resolution, RulebookVersion, VersionState
from scoring.rules.overlay import Overlay
from scoring.selectors import adaptations as seen
from scoring.selectors import drafts as draft_views
from scoring.selectors import rulebooks as books
from scoring.selectors.rules import rules_in_force
from scoring.services import adaptations, draft_rebase, drafts, resolutions, versions
from tests.scoring.desk import MONTH, NOW, photo
from tests.scoring.rulebooks import AFTER, LATER, Office
from tests.together import together


def _points(office: Office, day: Any, code: str = "tidy") -> str:
    return str(rules_in_force(office.village, day).get(code=code).spec["amount"]["points"])


def _ready(office: Office, **change: Any) -> Draft:
    draft = office.village_draft()
    office.amend(draft, **change)
    return office.ready(draft)


def _policy(office: Office, **rules: Any) -> None:
    review = {"after": "filing", "quorum": "0.5", "majority": "0.5", "hearing_days": 0}
    policies.install(section={"review": review, "rules": rules}, effective_from=MONTH, by=office.zhou)


def test_a_village_rulebook_takes_effect_by_its_meeting_and_is_filed(office: Office) -> None:
    draft = _ready(office)
    with pytest.raises(errors.ResolutionMissing):
        office.submit(draft)
    office.resolve(draft)
    version = office.submit(draft, resolution="")
    assert version.state == VersionState.IN_FORCE
    assert version.resolution == f"{date_cn(NOW)}村民代表会议决议"
    assert (_points(office, NOW), _points(office, LATER)) == ("2", "3")
    item = flows.open_item("rulebook", version.pk)
    assert item is not None
    approvals.decide(item=item, verdict="approve", by=Actor.of(office.desk.officer))


def test_a_filing_decides_nothing(office: Office) -> None:
    version = office.village_version()
    item = flows.open_item("rulebook", version.pk)
    assert item is not None
    officer = Actor.of(office.desk.officer)
    with pytest.raises(ActForbidden, match=r"不能答“不同意”.*只收存"):
        approvals.decide(item=item, verdict="reject", reason="不同意", by=officer)
    with pytest.raises(ActForbidden, match="不能退回"):
        approvals.send_back(item=item, to="starter", reason="不同意", by=officer)
    assert not {"reject", "return"} & abilities.of(item, office.desk.officer)
    version.refresh_from_db()
    assert version.state == VersionState.IN_FORCE


def test_a_town_that_consents_decides(office: Office) -> None:
    _policy(office, consent="consent")
    version = office.village_version()
    assert version.state == VersionState.SUBMITTED and books.current(office.village, LATER) is None
    item = flows.open_item("rulebook", version.pk)
    assert item is not None
    approvals.decide(item=item, verdict="approve", by=Actor.of(office.desk.officer))
    assert books.current(office.village, LATER) == version


@pytest.mark.parametrize(
    ("votes", "passed"),
    [
        ({"present": 20, "votes_for": 11, "votes_against": 9, "votes_abstained": 0}, True),
        ({"present": 20, "votes_for": 10, "votes_against": 9, "votes_abstained": 1}, False),
        ({"present": 19, "votes_for": 19, "votes_against": 0, "votes_abstained": 0}, False),
    ],
)
def test_two_thirds_come_and_more_than_half_of_them_agree(office: Office, votes: Any, passed: bool) -> None:
    draft = _ready(office)
    office.resolve(draft, **votes)
    assert Resolution.objects.get().is_passed is passed
    assert (draft_views.resolution_of(draft) is not None) is passed


def test_the_shares_are_the_town_s_choice(office: Office) -> None:
    _policy(office, majority={"numerator": 2, "denominator": 3})
    draft = _ready(office)
    office.resolve(draft, present=30, votes_for=19, votes_against=11, votes_abstained=0)
    assert Resolution.objects.get().is_passed is False


@pytest.mark.parametrize(
    ("told", "error"),
    [
        ({"present": 31}, errors.VotesWrong),
        ({"votes_for": 26}, errors.VotesWrong),
        ({"members": 0, "present": 0, "votes_for": 0, "votes_against": 0, "votes_abstained": 0}, errors.VotesWrong),
        ({"held_on": LATER}, errors.ResolutionInFuture),
        ({"meeting": "party"}, errors.MeetingUnknown),
        ({"text": " "}, errors.ResolutionTextMissing),
    ],
)
def test_a_wrong_record_of_a_meeting_is_refused(office: Office, told: Any, error: Any) -> None:
    draft = _ready(office)
    with pytest.raises(error):
        office.resolve(draft, **told)
    assert not Resolution.objects.exists()


def test_the_signed_minutes_have_to_be_there(office: Office) -> None:
    with pytest.raises(errors.MinutesNotReady):
        office.resolve(_ready(office), minutes=photo("expected"))


def test_a_resolution_holds_for_what_was_resolved(office: Office) -> None:
    draft = _ready(office)
    office.resolve(draft)
    office.add(draft)
    with pytest.raises(errors.ResolutionMissing):
        office.submit(office.ready(draft))


def test_what_enters_the_charter_needs_the_assembly(office: Office) -> None:
    draft = office.village_draft()
    office.amend(draft)
    drafts.save_settings(draft=draft, revision=0, is_charter=True, by=office.wang)
    draft = office.ready(draft)
    office.resolve(draft)
    with pytest.raises(errors.AssemblyMissing):
        office.submit(draft)
    votes: Any = {"members": 400, "present": 300, "votes_for": 280, "votes_against": 15, "votes_abstained": 5}
    office.resolve(draft, meeting="assembly", **votes)
    assert office.submit(draft).state == VersionState.IN_FORCE


def test_the_four_deliberations_are_written_down_in_their_order(office: Office) -> None:
    _policy(office, deliberations=True)
    draft = _ready(office)
    office.resolve(draft)
    with pytest.raises(errors.DeliberationMissing, match="党员大会审议"):
        office.submit(draft)
    told: Any = {"draft": draft, "by": office.wang}
    for step in ("party", "committees", "party_members"):
        resolutions.deliberate(step=step, held_on=NOW, **told)
    with pytest.raises(errors.DeliberationTaken):
        resolutions.deliberate(step="party", held_on=NOW, **told)
    with pytest.raises(errors.DeliberationOrder):
        resolutions.deliberate(step="published", held_on=MONTH.replace(year=NOW.year - 1), **told)
    assert office.submit(draft).state == VersionState.IN_FORCE
    resolutions.deliberate(step="published", held_on=NOW, **told)


def test_the_town_locks_bounds_and_limits_by_name(office: Office) -> None:
    town = office.town_draft()
    bounds = {"items": [{"code": "help", "locked": True}, {"code": "tidy", "least": 1, "most": 3}],
              "slots": {"number": 1, "points": 2}}  # fmt: skip
    drafts.save_settings(draft=town, revision=0, bounds=bounds, by=office.zhou)
    versions.approve(version=office.submit(office.ready(town), NOW), by=office.zhou)
    draft = office.village_draft()
    office.amend(draft, points=4)
    office.add(draft, "own-1", points=3)
    office.add(draft, "own-2", title="清沟")
    drafts.switch_item(draft=draft, code="help", revision=None, on=False, by=office.wang)
    texts = [problem.text for problem in draft_views.problems(draft)]
    assert any("帮助邻居" in text and "不能改动" in text for text in texts)
    assert any("庭院整洁" in text and "1至3分" in text for text in texts)
    assert any("晒谷互助" in text and "最多2分" in text for text in texts)


def test_a_village_without_rules_of_its_own_follows_the_town_and_is_told(office: Office) -> None:
    office.town_version(points=5)
    assert _points(office, LATER) == "5"
    told = Message.objects.filter(kind="rulebook", user=office.desk.steward)
    assert "本村没有自己的细则" in told.latest("pk").body
    assert not Adaptation.objects.exists()


def test_what_the_town_lets_villages_change_stands_in_the_three_views(office: Office) -> None:
    office.village_version(NOW)
    town = office.town_draft()
    office.price(town, code="help", points=6)
    drafts.save_settings(draft=town, revision=0, bounds={"amended_most": 2}, by=office.zhou)
    versions.approve(version=office.submit(office.ready(town)), by=SYSTEM)
    [first, *_] = seen.view(office.pending()).rows
    assert first.title == "整本细则" and first.town == first.result
    assert first.town == "村里能改什么：改动镇里的条目原来不设限，现在最多2条。"


def test_nothing_changes_under_a_village_until_it_confirms(office: Office) -> None:
    office.village_version(NOW)
    office.town_version(code="help", points=6)
    assert _points(office, LATER, "help") == "5"
    version = adaptations.confirm(adaptation=office.pending(), by=office.wang)
    assert (version.effective_from, version.town_version) == (LATER, books.current(None, LATER))
    assert (_points(office, LATER, "help"), _points(office, LATER)) == ("6", "3")
    assert version.overlay == books.overlay_of(version).model_dump(mode="json")
    with pytest.raises(errors.AdaptationDecided):
        adaptations.confirm(adaptation=Adaptation.objects.get(), by=office.wang)


def test_what_both_changed_is_chosen_by_the_village(office: Office) -> None:
    office.village_version(NOW)
    office.town_version(points=5)
    pending = office.pending()
    [conflict] = seen.view(pending).conflicts
    assert (conflict.why, conflict.town, conflict.own) == ("both", "+5分", "+3分")
    with pytest.raises(errors.ConflictsOpen, match="庭院整洁"):
        adaptations.confirm(adaptation=pending, by=office.wang)
    with pytest.raises(errors.ChoiceWrong):
        adaptations.choose(adaptation=pending, choices={"tidy": "none"}, by=office.wang)
    adaptations.confirm(adaptation=pending, choices={"tidy": "own"}, by=office.wang)
    assert _points(office, LATER) == "3"


def test_a_village_can_take_the_town_s_side(office: Office) -> None:
    office.village_version(NOW)
    office.town_version(points=5)
    adaptations.confirm(adaptation=office.pending(), choices={"tidy": "town"}, by=office.wang)
    assert _points(office, LATER) == "5"
    assert books.overlay_of(books.current(office.village, LATER)) == Overlay()  # type: ignore[arg-type]


def test_a_newer_version_of_the_town_replaces_what_was_asked(office: Office) -> None:
    office.village_version(NOW)
    first = office.town_version(LATER, code="help", points=6)
    office.town_version(AFTER, code="help", points=7)
    assert Adaptation.objects.get(town_version=first).state == "replaced"
    adaptations.confirm(adaptation=office.pending(), by=office.wang)
    assert _points(office, AFTER, "help") == "7" and _points(office, LATER, "help") == "5"


def test_a_revision_on_the_new_version_answers_the_question_too(office: Office) -> None:
    office.village_version(NOW)
    town = office.town_version(LATER, code="help", points=6)
    draft = office.village_draft()
    assert draft.base == town
    office.resolve(office.ready(draft))
    version = office.submit(draft, LATER)
    assert Adaptation.objects.get().state == "confirmed" and Adaptation.objects.get().result == version


def test_a_withdrawn_version_of_the_town_asks_nothing_any_more(office: Office) -> None:
    office.village_version(NOW)
    versions.withdraw(version=office.town_version(), reason="发现笔误,重新修订", by=office.zhou)
    assert Adaptation.objects.get().state == "replaced"
    assert RulebookVersion.objects.filter(rulebook__village=office.village).count() == 1


def test_rules_on_a_coming_version_of_the_town_do_not_begin_before_it(office: Office) -> None:
    office.town_version(LATER, code="help", points=6)
    draft = _ready(office)
    office.resolve(draft)
    with pytest.raises(errors.BeforeTown):
        office.submit(draft, NOW)
    assert office.submit(draft, LATER).state == VersionState.IN_FORCE


def test_rules_on_a_version_that_the_town_withdrew_wait(office: Office) -> None:
    town = office.town_version(LATER, code="help", points=6)
    draft = _ready(office)
    office.resolve(draft)
    versions.withdraw(version=town, reason="发现笔误,重新修订", by=office.zhou)
    with pytest.raises(errors.TownVersionGone):
        office.submit(draft, LATER)
    assert not RulebookVersion.objects.filter(rulebook__village=office.village).exists()


def test_a_village_that_was_writing_meanwhile_is_asked_too(office: Office) -> None:
    draft = _ready(office)
    office.resolve(draft)
    office.town_version(AFTER, code="help", points=6)
    assert not Adaptation.objects.exists()
    version = office.submit(draft, LATER)
    assert office.pending().from_version == version
    adaptations.confirm(adaptation=office.pending(), by=office.wang)
    assert (_points(office, LATER, "help"), _points(office, AFTER, "help"), _points(office, AFTER)) == ("5", "6", "3")


def test_a_draft_moves_to_the_town_s_newest_version(office: Office) -> None:
    draft = _ready(office)
    town = office.town_version(LATER, points=5)
    with pytest.raises(errors.ConflictsOpen, match="庭院整洁"):
        draft_rebase.rebase(draft=draft, by=office.wang)
    moved = draft_rebase.rebase(draft=draft, choices={"tidy": "own"}, by=office.wang)
    assert (moved.base, moved.state, draft_views.newer_base(moved)) == (town, "open", None)
    assert [line.rule.price_text for line in draft_views.lines(moved) if line.kind == "amend" and line.rule] == ["+3分"]


def test_the_town_can_withdraw_a_village_s_rules_with_a_reason(office: Office) -> None:
    version = office.village_version(NOW)
    versions.withdraw(version=version, reason="与上级规定抵触,责令纠正", day=LATER, by=office.zhou)
    assert books.followed(office.village, LATER) == books.current(None, LATER)
    assert "已撤销" in Message.objects.filter(user=office.desk.steward).latest("pk").title


def test_what_waits_for_its_day_is_replaced_by_what_was_confirmed(office: Office) -> None:
    office.village_version(AFTER)
    office.town_version(LATER, code="help", points=6)
    version = adaptations.confirm(adaptation=office.pending(), by=office.wang)
    assert version.effective_from == AFTER
    assert (_points(office, LATER), _points(office, LATER, "help")) == ("2", "6")
    assert (_points(office, AFTER), _points(office, AFTER, "help")) == ("3", "6")


def test_a_village_and_its_town_that_date_at_once_lose_nothing(committing_office: Office) -> None:
    office = committing_office
    draft = _ready(office)
    office.resolve(draft)
    town = office.town_draft()
    office.price(town, code="help", points=6)
    version = office.submit(office.ready(town), LATER)
    together(
        lambda: office.submit(draft, NOW),
        lambda: versions.approve(version=version, by=office.zhou),
    )
    own = books.newest(office.village, NOW)
    assert own is not None and office.pending().from_version == own


def test_a_bound_on_an_item_that_is_not_there_is_a_problem(office: Office) -> None:
    town = office.town_draft()
    drafts.save_settings(draft=town, revision=0, bounds={"items": [{"code": "gone", "locked": True}]}, by=office.zhou)
    assert [problem.code for problem in draft_views.problems(town)] == ["gone"]

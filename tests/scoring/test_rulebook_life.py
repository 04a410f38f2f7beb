"""From a draft to the day it is in force: checked, tried, resolved, decided, dated, taken over, withdrawn."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from jifen.approvals import errors as approval_errors
from jifen.approvals import selectors as flows
from jifen.approvals import services as approvals
from jifen.audit.models import AuditRow
from jifen.kernel.actors import SYSTEM, Actor
from jifen.web.wording import date_cn, month_cn
from scoring import errors as scoring_errors
from scoring import ports
from scoring import rulebook_errors as errors
from scoring.models import Draft, DraftState, RulebookVersion, VersionState
from scoring.selectors import drafts as seen
from scoring.selectors import endings
from scoring.selectors import rulebooks as books
from scoring.selectors.rules import rules_in_force
from scoring.services import draft_checks, drafts, reviews, versions
from tests.scoring.desk import MONTH, NOW, Desk
from tests.scoring.rulebooks import AFTER, LATER, Office
from tests.together import together


@dataclass(frozen=True)
class Fault:
    kind: str = "legality"
    codes: tuple[str, ...] = ("tidy",)
    text: str = "涉及法定权利"
    mend: str = "停用或改写"
    blocking: bool = True
    changes: tuple[tuple[str, Mapping[str, Any] | None], ...] = ()


@pytest.fixture
def faults(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Fault]]:
    """What those who look for faults find."""
    found: list[Fault] = []

    def look(examined: ports.Examined) -> Iterable[ports.Finding]:
        return found

    monkeypatch.setattr(ports, "_finders", [look])
    yield found


def test_a_draft_is_checked_and_tried_before_it_is_handed_in(office: Office) -> None:
    draft = office.town_draft()
    with pytest.raises(errors.NotChecked):
        office.submit(draft)
    draft_checks.check(draft=draft, by=office.zhou)
    with pytest.raises(errors.NotTried):
        office.submit(draft)
    assert not RulebookVersion.objects.filter(draft=draft).exists()


def test_a_change_makes_it_be_checked_anew(office: Office) -> None:
    draft = office.ready(office.town_draft())
    office.price(draft)
    with pytest.raises(errors.NotChecked):
        office.submit(draft)
    with pytest.raises(errors.RevisionStale):
        draft_checks.waive_trial(draft=draft, revision=draft.revision - 1, reason="没有往年登记", by=office.zhou)


def test_a_blocking_fault_is_mended_or_signed_off(office: Office, faults: list[Fault]) -> None:
    faults.append(Fault())
    draft = office.town_draft()
    assert draft_checks.check(draft=draft, by=office.zhou).state == DraftState.OPEN
    finding = draft.findings.get()
    with pytest.raises(errors.SignReasonMissing):
        draft_checks.sign_off(draft=draft, finding=finding.pk, reason="好", by=office.zhou)
    draft_checks.sign_off(draft=draft, finding=finding.pk, reason="经法律顾问审查同意", by=office.zhou)
    assert Draft.objects.get().state == DraftState.CHECKED


def test_what_was_signed_off_stays_signed_while_its_items_are_the_same(office: Office, faults: list[Fault]) -> None:
    faults.append(Fault())
    draft = draft_checks.check(draft=office.town_draft(), by=office.zhou)
    draft_checks.sign_off(draft=draft, finding=draft.findings.get().pk, reason="经法律顾问审查同意", by=office.zhou)
    office.price(draft, code="illegal", points=1)
    assert draft_checks.check(draft=draft, by=office.zhou).state == DraftState.CHECKED
    office.price(draft, code="tidy", points=9)
    assert draft_checks.check(draft=draft, by=office.zhou).state == DraftState.OPEN


def test_a_trial_is_a_result_or_a_reason(office: Office) -> None:
    draft = draft_checks.check(draft=office.town_draft(), by=office.zhou)
    told: Any = {"draft": draft, "revision": draft.revision, "by": office.zhou}
    with pytest.raises(errors.WaiverReasonMissing):
        draft_checks.waive_trial(reason=" ", **told)
    draft_checks.record_trial(summary={"households": 30, "winners": 4}, **told)
    assert Draft.objects.get().state == DraftState.TRIED
    assert seen.trial_of(draft).summary["winners"] == 4  # type: ignore[union-attr, index]


def test_the_town_decides_on_its_own_by_its_flow(office: Office) -> None:
    draft = office.town_draft()
    office.price(draft)
    version = office.submit(office.ready(draft))
    assert version.state == VersionState.SUBMITTED and version.content_hash
    item = flows.open_item("town_rulebook", version.pk)
    assert item is not None
    approvals.decide(item=item, verdict="approve", by=office.zhou)
    version.refresh_from_db()
    assert (version.state, version.effective_from) == (VersionState.IN_FORCE, LATER)
    assert Draft.objects.get().state == DraftState.APPROVED


def test_a_refused_version_opens_its_draft_again_with_the_reason(office: Office) -> None:
    draft = office.town_draft()
    version = office.submit(office.ready(draft))
    item = flows.open_item("town_rulebook", version.pk)
    assert item is not None
    approvals.decide(item=item, verdict="reject", reason="分值偏高", by=office.zhou)
    draft.refresh_from_db()
    assert (draft.state, draft.note) == (DraftState.OPEN, "分值偏高")
    version.refresh_from_db()
    assert version.state == VersionState.WITHDRAWN and not books.judging(LATER).filter(pk=version.pk).exists()
    assert office.submit(office.ready(draft)).number == version.number + 1


def test_a_future_version_waits_for_its_day(office: Office) -> None:
    before = books.current(None, NOW)
    version = office.town_version()
    assert books.current(None, NOW) == before
    assert books.current(None, LATER) == version
    assert [one.spec["amount"]["points"] for one in rules_in_force(office.village, LATER).filter(code="tidy")] == ["3"]
    assert [one.spec["amount"]["points"] for one in rules_in_force(office.village, NOW).filter(code="tidy")] == ["2"]


def test_rules_never_begin_in_a_closed_month(office: Office) -> None:
    office.desk.record()
    office.desk.post()
    draft = office.ready(office.town_draft())
    with pytest.raises(errors.MonthClosed, match=f"^{month_cn(MONTH)}的积分.*{date_cn(LATER)}"):
        office.submit(draft, MONTH)
    assert office.submit(draft, LATER).state == VersionState.SUBMITTED


def test_a_month_that_closes_meanwhile_leaves_the_day_to_the_office(office: Office) -> None:
    office.desk.record()
    version = office.submit(office.ready(office.town_draft()), NOW)
    office.desk.post()
    versions.approve(version=version, by=SYSTEM)
    version.refresh_from_db()
    assert version.state == VersionState.APPROVED
    with pytest.raises(errors.MonthClosed):
        versions.put_in_force(version=version, effective_from=NOW, by=office.zhou)
    dated = versions.put_in_force(version=version, effective_from=LATER, by=office.zhou)
    assert (dated.state, dated.effective_from) == (VersionState.IN_FORCE, LATER)


def test_a_month_under_review_does_not_stand_in_the_way(office: Office) -> None:
    office.desk.record()
    reviews.open_month(village=office.village, month=MONTH, by=SYSTEM)
    assert office.submit(office.ready(office.town_draft()), NOW).state == VersionState.SUBMITTED


def test_two_who_date_the_same_version_at_once_date_it_once(committing_office: Office) -> None:
    version = committing_office.submit(committing_office.ready(committing_office.town_draft()), MONTH)
    RulebookVersion.objects.filter(pk=version.pk).update(state="approved")
    results = together(
        *(lambda: versions.put_in_force(version=version, effective_from=LATER, by=committing_office.zhou),) * 2
    )
    assert sorted(type(one).__name__ for one in results) == ["RulebookVersion", "VersionNotApproved"]
    assert books.judging(LATER).filter(rulebook__village=None).count() == 1


def test_one_that_has_not_begun_is_withdrawn_and_the_earlier_goes_on(office: Office) -> None:
    before = books.current(None, NOW)
    version = office.town_version()
    versions.withdraw(version=version, reason="发现笔误,重新修订", by=office.zhou)
    version.refresh_from_db()
    assert version.state == VersionState.WITHDRAWN
    assert books.current(None, LATER) == before
    with pytest.raises(errors.VersionOver):
        versions.withdraw(version=version, reason="再撤一次看看", by=office.zhou)


def test_one_in_force_is_withdrawn_from_a_day_on_and_still_judges_what_came_before(office: Office) -> None:
    version = books.current(None, NOW)
    assert version is not None
    versions.withdraw(version=version, reason="上级要求停止执行", day=LATER, by=office.zhou)
    assert books.current(None, NOW) == version
    assert books.current(None, LATER) is None
    with pytest.raises(errors.WithdrawReasonMissing):
        versions.withdraw(version=version, reason="", by=office.zhou)


def test_a_version_with_an_end_is_extended_but_not_over_the_next(office: Office) -> None:
    version = office.town_version(LATER, until=AFTER)
    until = AFTER + timedelta(days=90)
    told: Any = {"resolution": "镇办〔2026〕9号", "by": office.zhou}
    assert versions.extend(version=version, until=until, **told).effective_to == until
    office.town_version(AFTER, points=5)
    version.refresh_from_db()
    with pytest.raises(errors.NothingToExtend):
        versions.extend(version=version, until=AFTER, **told)
    with pytest.raises(scoring_errors.VersionDates):
        versions.extend(version=version, until=until, **told)


def test_a_version_ends_after_it_begins(office: Office) -> None:
    with pytest.raises(scoring_errors.VersionDates):
        office.submit(office.ready(office.town_draft()), LATER, effective_to=LATER)


def test_a_day_on_which_another_version_begins_is_refused_before_anybody_decides(office: Office) -> None:
    office.town_version(LATER)
    draft = office.ready(office.town_draft())
    with pytest.raises(scoring_errors.VersionDates) as refused:
        office.submit(draft, LATER)
    assert refused.value.field == "effective_from" and f"{LATER.month}月1日" in refused.value.message
    draft.refresh_from_db()
    assert draft.state == "tried" and draft.versions.count() == 0


def test_a_draft_that_is_being_decided_stands_still(office: Office) -> None:
    draft = office.town_draft()
    version = office.submit(office.ready(draft))
    with pytest.raises(errors.DraftClosed):
        office.price(draft)
    versions.withdraw(version=version, reason="还要再改几条", by=office.zhou)
    office.price(draft)
    assert Draft.objects.get().state == DraftState.OPEN


def test_an_administrator_ends_what_somebody_else_handed_in(office: Office) -> None:
    draft, other = office.town_draft(), Actor.of(office.desk.cast.admin(name="孙主任"))
    version = office.submit(office.ready(draft))
    item = flows.open_item("town_rulebook", version.pk)
    assert item is not None
    before = AuditRow.objects.filter(action="rulebook.withdraw").count()
    version = versions.withdraw(version=version, reason="上级要求重新研究", by=other)
    item.refresh_from_db()
    word = item.words.latest("pk")
    assert (item.state, word.kind, word.actor_name) == ("terminated", "terminate", "孙主任")
    assert (version.state, version.note, Draft.objects.get().state) == (
        VersionState.WITHDRAWN, "上级要求重新研究", DraftState.OPEN)  # fmt: skip
    assert AuditRow.objects.filter(action="rulebook.withdraw").count() == before
    with pytest.raises(errors.VersionOver):
        versions.withdraw(version=version, reason="再撤一次看看", by=other)


def test_who_is_no_administrator_ends_nothing_that_another_handed_in(office: Office) -> None:
    version = office.submit(office.ready(office.town_draft()))
    with pytest.raises(approval_errors.NotStarter):
        versions.withdraw(version=version, reason="想先放一放", by=Actor.of(office.desk.officer))
    item = flows.open_item("town_rulebook", version.pk)
    version.refresh_from_db()
    assert item is not None and (item.state, version.state) == ("open", VersionState.SUBMITTED)


def test_who_handed_it_in_takes_it_back(office: Office) -> None:
    version = office.submit(office.ready(office.town_draft()))
    item = flows.open_item("town_rulebook", version.pk)
    assert item is not None
    versions.withdraw(version=version, reason="还要再改几条", by=office.zhou)
    item.refresh_from_db()
    assert item.state == "withdrawn"


def test_the_paper_that_it_rests_on_is_named(office: Office) -> None:
    draft = office.ready(office.town_draft())
    with pytest.raises(errors.BasisMissing):
        office.submit(draft, resolution=" ")


def test_an_unfinished_draft_is_not_checked(office: Office) -> None:
    draft = office.town_draft()
    drafts.add_item(draft=draft, body={"title": "没写完"}, by=office.zhou)
    with pytest.raises(errors.DraftUnfinished):
        draft_checks.check(draft=draft, by=office.zhou)
    assert Draft.objects.get().state == DraftState.OPEN


def _day(version: RulebookVersion | None) -> date | None:
    return version.effective_from if version else None


def test_deeds_keep_the_rule_of_their_day(office: Office, desk: Desk) -> None:
    deed: Any = desk.record("tidy")
    office.town_version(LATER, points=9)
    deed.refresh_from_db()
    assert deed.points == 2 and _day(deed.rule.version) == date(NOW.year - 1, 1, 1)
    assert Actor.of(desk.steward) == desk.by


def test_a_draft_begins_with_the_newest_version_or_an_earlier_one(office: Office) -> None:
    coming = office.town_version(LATER, points=9)
    draft = office.town_draft()
    assert draft.items.get(code="tidy").body["amount"]["points"] == "9" and seen.difference(draft) == ()
    drafts.discard(draft=draft, by=office.zhou)
    versions.withdraw(version=coming, reason="发现笔误,重新修订", by=office.zhou)
    again = office.town_draft(f"version:{coming.pk}")
    assert [line.text for line in seen.difference(again)] == ["“庭院整洁”：分值原来+2分，现在+9分。"]
    with pytest.raises(errors.StartUnknown):
        drafts.open_draft(village=office.village, start=f"version:{coming.pk}", by=office.wang)


def test_pages_name_the_last_day_and_say_what_is_still_to_come(office: Office, client_for: Any) -> None:
    draft = office.ready(office.town_draft())
    now = versions.approve(version=office.submit(draft, NOW, effective_to=LATER), by=SYSTEM)
    coming = office.town_version(LATER)
    browser, last = client_for(office.desk.cast.admin()), date_cn(LATER - timedelta(days=1))
    shelf = browser.get(reverse("scoring:office_rulebooks")).content.decode()
    assert f"至{last}止" in shelf and f"至{date_cn(LATER)}止" not in shelf
    assert [endings.state_on(one, NOW) for one in (now, coming)] == ["已生效", "将要生效"]
    assert "将要生效</" in shelf.split("历次版本")[1] and f"<td>{last}</td>" in shelf
    assert f"至{last}止" in browser.get(reverse("scoring:office_version", args=[now.pk])).content.decode()
    assert f"至{last}止" in browser.get(reverse("scoring:rules")).content.decode()
    assert [endings.state_on(now, LATER), endings.state_on(coming, LATER)] == ["已到期", "已生效"]

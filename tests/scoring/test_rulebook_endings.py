"""A rulebook with an end is announced before and after, and never lapses silently; the calendar carries changes out."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from jifen.clocks.jobs import lookup
from jifen.clocks.models import Due
from jifen.inbox.models import Message
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from jifen.web.wording import date_cn
from scoring.models import Rule, Rulebook, RulebookVersion, VersionState
from scoring.rulebook_errors import RulesEnded
from scoring.selectors import drafts as seen
from scoring.selectors import endings
from scoring.selectors import rulebooks as books
from scoring.services import batches, rule_rows, rulebook_news, rulebooks, versions, years
from scoring.verify import checks
from scoring.whatif import runs
from tests.clients import PageClient
from tests.scoring.desk import MONTH, NOW, scheme
from tests.scoring.rulebooks import AFTER, LATER, Office
from tests.scoring.test_rulebook_book_pages import text

Browser = Callable[..., PageClient]

END = LATER + timedelta(days=120)


@pytest.fixture(autouse=True)
def clock_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "_offset", clock._offset)


@pytest.fixture
def ending(office: Office) -> RulebookVersion:
    """The town's rules that end on ``END``."""
    return rulebooks.install(
        scheme=scheme(), effective_from=NOW, effective_to=END, resolution="有效期至届满", by=SYSTEM
    )


def on(day: date) -> None:
    clock._offset = [lambda: clock.at(day, 8) - datetime.now(clock.TIME_ZONE)]


def told(office: Office) -> list[str]:
    mine = Message.objects.filter(kind="rulebook", user=office.desk.steward)
    return [one.title for one in mine.order_by("pk")]


def test_the_first_warning_is_on_the_calendar(office: Office, ending: RulebookVersion) -> None:
    [due] = Due.objects.filter(kind="rulebook.ends")
    assert due.due_at.astimezone(clock.TIME_ZONE).date() == END - timedelta(days=90)


def test_it_is_announced_at_growing_haste_and_then_every_day(office: Office, ending: RulebookVersion) -> None:
    on(END - timedelta(days=90))
    [following] = rulebook_news.watch(ending)
    assert following.due_at.date() == END - timedelta(days=60)
    assert told(office)[-1].endswith("还有90天")
    on(END)
    [following] = rulebook_news.watch(ending)
    assert following.due_at.date() == END + timedelta(days=1)
    assert "现在没有生效的细则" in told(office)[-1]


def test_the_office_is_told_as_well(office: Office, ending: RulebookVersion) -> None:
    on(END + timedelta(days=3))
    rulebook_news.watch(ending)
    message = Message.objects.filter(user=office.desk.officer, kind="rulebook").latest("pk")
    assert "到期已3天" in message.body


def test_recording_says_that_the_rules_have_ended(office: Office, ending: RulebookVersion) -> None:
    rule = ending.rules.get(code="tidy")
    on(END + timedelta(days=2))
    if END.year != NOW.year:
        years.open_year(number=END.year, by=SYSTEM)
    with pytest.raises(RulesEnded, match="到期"):
        office.desk.record(rule=rule, happened_on=END + timedelta(days=1))


def test_who_is_followed_up_is_not_announced(office: Office, ending: RulebookVersion) -> None:
    office.town_version(END)
    on(END - timedelta(days=30))
    assert rulebook_news.watch(RulebookVersion.objects.get(pk=ending.pk)) == []


def test_who_was_extended_is_announced_for_the_new_end(office: Office, ending: RulebookVersion) -> None:
    later = END + timedelta(days=200)
    longer = versions.extend(version=ending, until=later, resolution="镇办〔2026〕9号", by=office.zhou)
    on(END - timedelta(days=1))
    [following] = rulebook_news.watch(longer)
    assert following.due_at.date() == later - timedelta(days=90)


def test_rules_that_the_town_withdrew_without_others_are_announced_as_well(office: Office) -> None:
    version = books.current(None, NOW)
    assert version is not None
    version = versions.withdraw(version=version, reason="上级要求停止执行", day=LATER, by=office.zhou)
    assert Due.objects.filter(kind="rulebook.ends").count() == 1
    on(LATER)
    assert len(rulebook_news.watch(version)) == 1
    assert "现在没有生效的细则" in told(office)[-1]


def test_a_village_whose_own_rules_end_is_told_that_it_follows_the_town(office: Office) -> None:
    draft = office.village_draft()
    office.amend(draft)
    office.resolve(office.ready(draft))
    version = office.submit(draft, NOW, effective_to=LATER)
    on(LATER)
    assert rulebook_news.watch(version) == []
    assert books.followed(office.village, LATER) == books.current(None, LATER)
    body = Message.objects.filter(user=office.desk.steward, kind="rulebook").latest("pk").body
    assert "执行镇里的细则" in body


def test_the_earlier_version_is_superseded_on_the_day(office: Office) -> None:
    before = books.current(None, NOW)
    version = office.town_version()
    assert before is not None and Due.objects.filter(kind="rulebook.turn").count() == 1
    before.refresh_from_db()
    assert before.state == VersionState.IN_FORCE
    _run("rulebook.turn", f"{version.pk}/{LATER}")
    before.refresh_from_db()
    assert (before.state, books.current(None, NOW)) == (VersionState.SUPERSEDED, before)


def test_a_village_that_has_not_confirmed_is_reminded_until_it_has(office: Office) -> None:
    office.village_version(NOW)
    office.town_version(code="help", points=6)
    [due] = Due.objects.filter(kind="rulebook.adapt")
    assert due.due_at.astimezone(clock.TIME_ZONE).date() == NOW + timedelta(days=7)
    pending = office.pending()
    assert len(rulebook_news.remind(pending)) == 1
    assert told(office)[-1] == "镇里的细则有修订，本村还没有确认"
    pending.state = "replaced"
    assert rulebook_news.remind(pending) == []


def _gone_on(office: Office, version: RulebookVersion, until: date, by: Any) -> RulebookVersion:
    return versions.extend(version=version, until=until, resolution="镇办〔2026〕9号", by=by)


def test_rules_that_have_ended_go_on_without_a_gap_and_all_are_told(office: Office, ending: RulebookVersion) -> None:
    on(END + timedelta(days=2))
    longer = _gone_on(office, ending, END + timedelta(days=200), office.zhou)
    assert (longer.pk, books.current(None, END)) == (ending.pk, longer)
    [following] = rulebook_news.watch(longer)
    assert following.due_at.date() == END + timedelta(days=110)
    assert told(office)[-1] == f"《{ending.rulebook.title}》已延期至{date_cn(END + timedelta(days=199))}"


def test_over_a_closed_month_the_same_rules_begin_again_with_their_codes(office: Office) -> None:
    ending = rulebooks.install(
        scheme=scheme(), effective_from=MONTH, effective_to=MONTH + timedelta(days=14), resolution="有效期至", by=SYSTEM
    )
    office.desk.record(happened_on=MONTH)
    office.desk.post()
    again = _gone_on(office, ending, AFTER, office.zhou)
    assert (again.effective_from, again.number) == (LATER, ending.number + 1)
    codes = [list(one.rules.values_list("code", flat=True)) for one in (ending, again)]
    assert codes[0] == codes[1] and again.content_hash == ending.content_hash
    assert books.current(None, MONTH + timedelta(days=14)) is None and books.current(None, LATER) == again
    assert all(check.breaches() == 0 for check in checks())


def test_a_revision_begins_with_the_rules_that_ended(office: Office, ending: RulebookVersion) -> None:
    office.desk.record(rule=Rule.objects.filter(code="tidy").earliest("pk"))
    office.desk.post()
    on(END + timedelta(days=2))
    draft = office.town_draft()
    assert [line.code for line in seen.lines(draft)] == list(ending.rules.values_list("code", flat=True))
    assert seen.difference(draft) == () and draft.base == ending
    run = runs.made(rulebook=seen.whole(draft), village=None, title="试算", draft=draft, by=office.zhou)
    tried = list(runs.carry_out(run=run).households.values_list("merit_before", "merit_after"))
    assert any(after == 2 for _, after in tried) and all(before == after for before, after in tried)
    office.price(draft)
    assert [line.code for line in seen.difference(draft)] == ["tidy"]


def test_a_villages_changes_end_with_the_towns_rules(office: Office, ending: RulebookVersion) -> None:
    own = office.village_version(NOW)
    assert endings.last_day(own, NOW) == END - timedelta(days=1) and own.effective_to is None
    on(END - timedelta(days=30))
    rulebook_news.watch(ending)
    assert "还有30天" in told(office)[-1]
    on(END + timedelta(days=1))
    if END.year != NOW.year:
        years.open_year(number=END.year, by=SYSTEM)
    assert endings.state_on(own, END) == "已到期" and books.followed(office.village, END) is None
    rule = own.rules.get(code="tidy")
    with pytest.raises(RulesEnded, match="请联系镇里"):
        office.desk.record(rule=rule, happened_on=END)
    with pytest.raises(RulesEnded, match="请联系镇里"):
        batches.record_batch(
            village=office.village, kind="activity", title="劳动", happened_on=END, place="村口", by=office.wang,
            rows=[(office.desk.zhang, None, rule, {})],
        )  # fmt: skip
    _gone_on(office, ending, END + timedelta(days=90), office.zhou)
    assert books.followed(office.village, END) == own
    assert office.desk.record(rule=rule, happened_on=END).rule == rule


def test_a_village_that_closed_a_month_after_the_end_keeps_it_as_it_was(office: Office) -> None:
    ending = rulebooks.install(
        scheme=scheme(), effective_from=MONTH, effective_to=MONTH + timedelta(days=14), resolution="有效期至", by=SYSTEM
    )
    own = rule_rows.write(
        book=Rulebook.objects.create(village=office.village, title="村细则"),
        rules=books.whole(ending), by=SYSTEM, effective_from=MONTH, resolution="村民代表会议", town_version=ending,
        overlay={"changes": []},
    )  # fmt: skip
    rule_rows.seal(own, VersionState.IN_FORCE)
    office.desk.record(rule=own.rules.get(code="tidy"), happened_on=MONTH)
    office.desk.post()
    assert endings.resumes_on(ending, NOW) == LATER


def test_a_villages_own_rules_begin_again_when_they_are_extended_late(office: Office) -> None:
    draft = office.village_draft()
    office.amend(draft)
    office.resolve(office.ready(draft))
    own = office.submit(draft, NOW, effective_to=LATER)
    on(LATER + timedelta(days=3))
    again = _gone_on(office, own, AFTER, office.wang)
    assert again.pk != own.pk and again.effective_from == LATER + timedelta(days=3)
    assert books.overlay_of(again) == books.overlay_of(own) and again.town_version == own.town_version


def test_the_pages_lead_on_from_the_end(office: Office, ending: RulebookVersion, client_for: Browser) -> None:
    on(END + timedelta(days=2))
    rulebook_news.watch(ending)
    message = Message.objects.filter(user=office.desk.officer, kind="rulebook").latest("pk")
    assert message.address == reverse("scoring:rulebook_version", args=[ending.pk])
    browser = client_for(office.desk.cast.admin())
    page = text(browser.get(message.address, follow=True))
    assert "延长有效期" in page and "没有空档" in page
    assert "从刚到期的细则改起" in text(browser.get(reverse("scoring:office_rulebooks")))
    for user, name in ((office.desk.officer, "rules"), (office.desk.steward, "village_rules")):
        assert "现在没有生效的细则" in text(client_for(user).get(reverse(f"scoring:{name}")))
    villager, steward = client_for(office.desk.cast.villager(office.desk.zhang)), client_for(office.desk.steward)
    record = f"{reverse('scoring:record')}?household={office.desk.zhang.number}"
    pages = (villager.get(reverse("scoring:own_rules")), villager.get(reverse("scoring:declare")), steward.get(record))
    assert all("现在没有生效的细则" in text(one) and "没有找到" not in text(one) for one in pages)
    here, last = reverse("scoring:office_version_extend", args=[ending.pk]), END + timedelta(days=30)
    page = text(browser.post(here, {"last_day": f"{last}", "resolution": "镇政发〔2026〕9号"}, follow=True))
    assert "已延期" in page and "没有空档" in page and books.current(None, END) == ending


def _run(kind: str, period: str) -> None:
    lookup(kind).body(period)

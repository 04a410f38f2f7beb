"""A rulebook with an end is announced before and after, and never lapses silently; the calendar carries changes out."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest

from jifen.clocks import offset
from jifen.clocks.jobs import lookup
from jifen.clocks.models import Due
from jifen.inbox.models import Message
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from scoring.models import RulebookVersion, VersionState
from scoring.rulebook_errors import RulesEnded
from scoring.selectors import rulebooks as books
from scoring.services import rulebook_news, rulebooks, versions, years
from tests.scoring.desk import NOW, scheme
from tests.scoring.rulebooks import LATER, Office

END = LATER + timedelta(days=120)


@pytest.fixture(autouse=True)
def clock_put_back() -> Iterator[None]:
    yield
    offset.keep(timedelta())


@pytest.fixture
def ending(office: Office) -> RulebookVersion:
    """The town's rules that end on ``END``."""
    return rulebooks.install(
        scheme=scheme(), effective_from=NOW, effective_to=END, resolution="有效期至届满", by=SYSTEM
    )


def on(day: date) -> None:
    offset.keep(clock.at(day, 8) - datetime.now(clock.TIME_ZONE))


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


def _run(kind: str, period: str) -> None:
    lookup(kind).body(period)

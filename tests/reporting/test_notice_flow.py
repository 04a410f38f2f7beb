"""A town that approves its notices: a frozen draft, hung by the last word; refused with what to mend."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from jifen.accounts.models import User
from jifen.approvals import selectors
from jifen.approvals import services as approvals
from jifen.approvals.errors import NotStarter
from jifen.approvals.models import Item
from jifen.clocks.models import Due
from jifen.inbox.models import Message
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from reporting import calendar, errors, jobs, snapshots, verify
from reporting.models import ListRow, Notice, NoticeDraft, NoticePolicy
from reporting.periods import Quarter
from reporting.services import drafts, notices
from tenants.community.models import Household
from tests.cast import Cast
from tests.reporting import months
from tests.reporting.flows import COMMITTEE, choose, item, say, who
from tests.reporting.test_objection_flow import JULY

Q3, AUGUST = "2026Q3", date(2026, 8, 3)


@pytest.fixture
def home(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Household:
    months.set_up("seed_000_003")
    cast.committee(name="吴委员")
    cast.steward(name="王管理")
    choose("notice", {**COMMITTEE, "name": "委员会核对"})
    found = cast.household(number="0001")
    months.deed(found, "植树", JULY, facts={"quantity": "2"})
    months.post(found.village, JULY)
    return found


def sent(home: Household) -> NoticeDraft:
    return drafts.send(village=home.village, year=2026, quarter=3, by=who("王管理"))


def one_more(home: Household) -> None:
    """August comes in after the draft was sent."""
    months.deed(home, "植树", AUGUST, facts={"quantity": "1"})
    months.post(home.village, AUGUST)


def approve(item_of: Item) -> None:
    """By whoever is asked."""
    user = User.objects.get(pk=min(selectors.seats(item_of)))
    approvals.decide(item=item_of, verdict="approve", by=Actor.of(user))


def sound() -> bool:
    return not [check.title for check in verify.checks() if check.breaches()]


def test_the_last_word_hangs_what_was_approved(home: Household) -> None:
    draft = sent(home)
    assert (draft.state, draft.attempt, Notice.objects.count()) == ("waiting", 1, 0)
    say("吴委员")
    draft.refresh_from_db()
    notice = Notice.objects.get()
    assert (draft.state, draft.notice) == ("published", notice) and ListRow.objects.filter(notice=notice).exists()
    assert snapshots.digest(snapshots.essence(notice.snapshot)) == draft.sha256
    assert notice.snapshot["header"]["published_on"] == clock.today().isoformat() and sound()


def test_nobody_publishes_past_the_flow(home: Household) -> None:
    for told in ("请先送审", "委员会核对"):
        with pytest.raises(errors.NoticeInFlow, match=told):
            notices.publish_quarter(village=home.village, year=2026, quarter=3, by=who("王管理"))
        sent(home)
    assert not Notice.objects.exists()


def test_sending_twice_is_one_draft_and_a_hung_one_is_not_sent(home: Household) -> None:
    assert sent(home) == sent(home)
    say("吴委员")
    with pytest.raises(errors.NoticeHangs):
        sent(home)
    assert notices.publish_quarter(village=home.village, year=2026, quarter=3, by=SYSTEM) == Notice.objects.get()


def test_a_refusal_names_what_to_mend_and_a_new_draft_follows(home: Household) -> None:
    draft = sent(home)
    say("吴委员", "reject", "3组的植树记错了")
    draft.refresh_from_db()
    assert (draft.state, draft.remark, Notice.objects.count()) == ("refused", "3组的植树记错了", 0)
    assert "3组的植树记错了" in Message.objects.get(user__display_name="王管理", kind="notice").body
    again = sent(home)
    assert (again.attempt, again.state) == (2, "waiting") and sound()


def test_the_clock_sends_anew_only_what_was_mended(home: Household) -> None:
    jobs.quarter_is_due(Q3)
    say("吴委员", "reject", "记错了")
    assert [row.period for row in jobs.quarter_is_due(Q3)] == ["2026Q3#2"]
    assert NoticeDraft.objects.count() == 1
    one_more(home)
    jobs.quarter_is_due(f"{Q3}#2")
    assert [row.state for row in NoticeDraft.objects.order_by("pk")] == ["refused", "waiting"]


def test_figures_that_moved_meanwhile_do_not_hang(home: Household) -> None:
    draft = sent(home)
    one_more(home)
    say("吴委员")
    draft.refresh_from_db()
    assert (draft.state, Notice.objects.count()) == ("overtaken", 0)
    say("吴委员")
    assert Notice.objects.get().draft.attempt == 2 and sound()


def test_the_day_comes_and_the_draft_waits_late_until_it_is_approved(home: Household) -> None:
    assert [row.period for row in jobs.quarter_is_due(Q3)] == ["2026Q3#2"]
    assert not Notice.objects.exists() and NoticeDraft.objects.get().actor_name == "系统"
    say("吴委员")
    jobs.quarter_is_due(f"{Q3}#2")
    kinds = list(Notice.objects.values_list("kind", flat=True)) + [
        one.kind for one in NoticeDraft.objects.filter(state="waiting")
    ]
    assert kinds[0] == "village_quarter" and set(kinds[1:]) <= {"town_quarter"} and sound()


def test_drafts_go_out_some_days_before(home: Household, monkeypatch: pytest.MonkeyPatch) -> None:
    early = clock.at(calendar.first_day(Quarter.parse(Q3)) - timedelta(days=3), 8)
    monkeypatch.setattr(clock, "now", lambda: early)
    assert [row.kind for row in jobs.drafts_are_due(Q3)] == ["notice.draft"]
    draft = NoticeDraft.objects.get()
    assert draft.due_on == early.date() + timedelta(days=3)
    assert draft.snapshot["header"]["published_on"] == draft.due_on.isoformat()


def test_a_town_without_a_flow_hangs_by_the_clock(cast: Cast) -> None:
    months.set_up("seed_000_003")
    home = cast.household()
    months.deed(home, "植树", JULY, facts={"quantity": "2"})
    months.post(home.village, JULY)
    with pytest.raises(errors.NoticeHasNoFlow):
        drafts.send(village=home.village, year=2026, quarter=3, by=SYSTEM)
    assert jobs.drafts_are_due(Q3) == []
    jobs.quarter_is_due(Q3)
    assert Notice.objects.filter(village=home.village).exists() and not Item.objects.filter(subject_kind="notice")


@pytest.mark.parametrize("change", ["title = '别的'", "snapshot = '{}'", "state = 'waiting', ended_at = NULL"])
def test_the_database_keeps_a_draft_as_it_was_sent(home: Household, change: str) -> None:
    draft = sent(home)
    say("吴委员", "reject", "记错了")
    with pytest.raises(DatabaseError, match="I8: "), transaction.atomic():
        connection.cursor().execute(f"UPDATE reporting_noticedraft SET {change} WHERE id = {draft.pk}")


def test_the_steward_takes_it_back_and_a_stranger_does_not(home: Household, cast: Cast) -> None:
    draft = sent(home)
    other = cast.steward(cast.village("东升村"), name="孙管理")
    with pytest.raises(NotStarter):
        approvals.withdraw(item=item(), by=Actor.of(other))
    approvals.withdraw(item=item(), by=Actor.of(User.objects.get(display_name="王管理")))
    draft.refresh_from_db()
    assert draft.state == "withdrawn" and sound()


def due_now() -> list[str]:
    """What the clock is to look at once more, now."""
    rows = Due.objects.filter(kind=calendar.AGAIN, state="waiting", due_at__lte=clock.now()).order_by("pk")
    return list(rows.values_list("period", flat=True))


def test_the_towns_own_draft_goes_when_the_last_village_hangs_and_not_next_morning(home: Household) -> None:
    row = NoticePolicy.objects.get()
    row.data["notice"]["town_notice"] = True
    row.save()
    other = Cast().household(Cast().village("白江洞村"))
    Cast().committee(other.village, name="郑委员")
    months.post(other.village, JULY)
    jobs.quarter_is_due(Q3)
    for expected in (0, 1):
        item_of = Item.objects.filter(subject_kind="notice", finished_at=None).order_by("pk").first()
        assert item_of is not None and len(due_now()) == 0
        approve(item_of)
        assert len(due_now()) == expected
    jobs.drafts_change(due_now()[0])
    own = NoticeDraft.objects.get(village=None)
    assert own.state == "waiting" and sound()


def test_a_refused_draft_says_when_it_goes_again(home: Household, client_for: Any) -> None:
    draft = sent(home)
    say("吴委员", "reject", "植树记错了")
    page = client_for(User.objects.get(display_name="王管理")).get(f"/village/notices/drafts/{draft.pk}/").text
    assert "次日早上8点自动重新送审" in page and "另附更正公示" in page and "重新生成并送审" in page


def test_before_all_villages_hang_nothing_is_sent_for_the_town(home: Household) -> None:
    Cast().household(Cast().village("白江洞村"))
    sent(home)
    say("吴委员")
    assert due_now() == [] and jobs.drafts_change(f"{Q3}#d1") == []
    assert not NoticeDraft.objects.filter(village=None).exists()

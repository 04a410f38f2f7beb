"""听取说明: no deduction posts before the household could explain it."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from jifen.clocks import jobs
from jifen.clocks.models import Due
from jifen.inbox.models import Message
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from scoring import errors, selectors
from scoring.models import Declaration, Entry, Filing, Hearing, Posting, Review
from scoring.services import filings, hearings, posting, reviews
from scoring.verify import checks
from tenants.community.models import Resident
from tenants.community.services import relatives
from tests.scoring.desk import MONTH, NOW, Desk
from tests.scoring.owner import refusal

Later = Callable[[int], None]
Browser = Callable[..., Any]


@pytest.fixture(autouse=True)
def three_days(desk: Desk) -> None:
    """The town hears the household for three days."""
    desk.choose(hearing_days=3)
    desk.cast.villager(desk.zhang)


@pytest.fixture
def days_later(monkeypatch: pytest.MonkeyPatch) -> Later:
    def go(days: int) -> None:
        then = clock.at(NOW + timedelta(days=days), 0, 30)
        monkeypatch.setattr(clock, "now", lambda: then)

    return go


def heard(desk: Desk, *codes: str) -> Hearing:
    """The hearing of one deduction, on a sheet that is decided, received and posted as far as may be."""
    for code in ("litter", *codes):
        desk.record(code)
    sheet = desk.sheet()
    filings.answer(filing=desk.decide_all(sheet), accept=True, by=Actor.of(desk.officer))
    posting.post_review(review=sheet, by=SYSTEM)
    return Hearing.objects.get(declaration__rule__code="litter")


def lapse(hearing: Hearing) -> None:
    jobs.known()["hearing.close"].body(f"{hearing.until}")


def merits() -> list[Any]:
    return list(Entry.objects.filter(measure="merit").order_by("pk").values_list("amount", flat=True))


def test_plain_deeds_post_at_once_while_a_deduction_waits_for_its_hearing(desk: Desk) -> None:
    hearing = heard(desk, "tidy")
    assert merits() == [2]
    assert (hearing.points, hearing.until, hearing.outcome) == (-3, NOW + timedelta(days=3), "open")
    assert Review.objects.get().state == "settled" and selectors.unposted_reviews(NOW.year) == 1
    assert Declaration.objects.get(rule__code="litter").state == "approved"
    assert Due.objects.get(kind="hearing.close").period == f"{hearing.until}"


def test_without_a_word_it_posts_by_itself_when_the_days_are_over(desk: Desk, days_later: Later) -> None:
    hearing = heard(desk)
    days_later(4)
    lapse(hearing)
    hearing.refresh_from_db()
    assert hearing.outcome == "silent" and merits() == [-3]
    assert Review.objects.get().state == "posted" and selectors.unposted_reviews(NOW.year) == 0
    lapse(hearing)
    assert merits() == [-3]


def test_what_was_said_waits_for_the_committee_even_after_the_days(desk: Desk, days_later: Later) -> None:
    hearing = hearings.state(hearing=heard(desk), statement="那天家里没有人", channel="phone", by=desk.by)
    days_later(4)
    lapse(hearing)
    hearing.refresh_from_db()
    assert (hearing.outcome, hearing.stated_by_name, merits()) == ("open", "王管理", [])


@pytest.mark.parametrize(
    ("outcome", "points", "posted", "state"),
    [("kept", None, [-3], "posted"), ("lowered", "-1", [-1], "posted"), ("dropped", None, [], "rejected")],
)
def test_the_committee_keeps_lowers_or_drops_it(
    desk: Desk, outcome: str, points: str | None, posted: list[int], state: str
) -> None:
    hearing = hearings.state(hearing=heard(desk), statement="当天在外地", by=desk.by)
    amount = Decimal(points) if points else None
    hearings.decide(hearing=hearing, outcome=outcome, points=amount, reason="经核实", by=Actor.of(desk.li))
    jobs.known()["review.post"].body(f"{Review.objects.get().pk}/h{hearing.pk}")
    assert merits() == posted and Declaration.objects.get().state == state
    assert Review.objects.get().state == "posted"
    assert [check.title for check in checks() if check.breaches()] == []


def test_a_lowered_deduction_says_so_in_its_explanation(desk: Desk) -> None:
    hearing = hearings.state(hearing=heard(desk), statement="已清理", by=desk.by)
    hearings.decide(hearing=hearing, outcome="lowered", points=Decimal(-1), reason="已整改", by=Actor.of(desk.li))
    posting.post_review(review=Review.objects.get(), by=SYSTEM)
    assert Posting.objects.get().explanation.endswith("听取说明后减为-1分（已整改）")
    assert set(Entry.objects.values_list("amount", flat=True)) == {-1}


@pytest.mark.parametrize(
    ("outcome", "points", "reason", "error"),
    [
        ("maybe", None, "经核实", errors.VerdictUnknown),
        ("kept", None, " ", errors.VerdictReasonMissing),
        ("lowered", None, "经核实", errors.AdjustedOutOfBounds),
        ("lowered", "-3", "经核实", errors.AdjustedOutOfBounds),
        ("lowered", "1", "经核实", errors.AdjustedOutOfBounds),
    ],
)
def test_a_wrong_answer_changes_nothing(
    desk: Desk, outcome: str, points: str | None, reason: str, error: type[Exception]
) -> None:
    hearing = hearings.state(hearing=heard(desk), statement="当天在外地", by=desk.by)
    amount = Decimal(points) if points else None
    with pytest.raises(error):
        hearings.decide(hearing=hearing, outcome=outcome, points=amount, reason=reason, by=Actor.of(desk.li))
    hearing.refresh_from_db()
    assert hearing.outcome == "open"


def test_nobody_decides_before_the_household_has_spoken(desk: Desk) -> None:
    hearing = heard(desk)
    with pytest.raises(errors.HearingUnheard):
        hearings.decide(hearing=hearing, outcome="dropped", reason="算了", by=Actor.of(desk.li))
    hearing.refresh_from_db()
    assert hearing.outcome == "open" and merits() == []


def test_a_relative_does_not_decide_on_what_was_said(desk: Desk) -> None:
    hearing = hearings.state(hearing=heard(desk), statement="当天在外地", by=desk.by)
    member = Resident.objects.get(user=desk.li)
    relatives.declare(resident=member, other=desk.head(), kind="sibling", on=MONTH, by=SYSTEM)
    with pytest.raises(errors.Recused):
        hearings.decide(hearing=hearing, outcome="dropped", reason="算了", by=Actor.of(desk.li))
    said = refusal(
        "UPDATE scoring_hearing SET outcome = 'dropped', reason = '算了', decided_at = now(), "
        "decided_by_resident_id = %s", [member.pk],
    )  # fmt: skip
    assert "I11" in said


def test_an_ended_hearing_takes_no_word(desk: Desk, days_later: Later) -> None:
    hearing = heard(desk)
    days_later(4)
    with pytest.raises(errors.HearingEnded):
        hearings.state(hearing=hearing, statement="来晚了", by=desk.by)
    days_later(0)
    with pytest.raises(errors.StatementMissing):
        hearings.state(hearing=hearing, statement="  ", by=desk.by)
    with pytest.raises(errors.ChannelUnknown):
        hearings.state(hearing=hearing, statement="在外地", channel="pigeon", by=desk.by)
    assert not Hearing.objects.exclude(statement="").exists()


def test_the_database_itself_refuses_a_deduction_under_hearing(desk: Desk) -> None:
    hearing = heard(desk)
    assert "heard" in refusal(
        """
        WITH told AS (
            INSERT INTO scoring_posting (cause, declaration_id, review_item_id, document, reason, explanation,
                posted_at, actor_realm, actor_id, actor_name)
            VALUES ('declaration', %(deed)s, %(item)s, '', '', '', now(), 'system', 0, '系统') RETURNING id),
        home AS (INSERT INTO scoring_account (household_id) VALUES (%(home)s) ON CONFLICT DO NOTHING RETURNING id)
        INSERT INTO scoring_entry (posting_id, account_id, household_id, year_id, month, measure, amount, cause,
            rule_id, happened_on, posted_at)
        SELECT told.id, home.id, %(home)s, %(year)s, 1, 'merit', -3, 'declaration', %(rule)s, %(day)s, now()
        FROM told, home""",
        {"deed": hearing.declaration_id, "item": hearing.item_id, "home": desk.zhang.pk, "year": desk.year.pk,
         "rule": hearing.declaration.rule_id, "day": hearing.declaration.happened_on},
    )  # fmt: skip
    assert merits() == []


@pytest.mark.parametrize(
    "change",
    ["points = -1", "until = until + 9", "opened_at = told_at - interval '1 day'", "told_how = 'phone'", "days = 0"],
)
def test_what_a_household_was_told_is_never_rewritten(desk: Desk, change: str) -> None:
    heard(desk)
    assert "I5" in refusal(f"UPDATE scoring_hearing SET {change}")
    assert "I5" in refusal("DELETE FROM scoring_hearing")


def test_where_nobody_is_heard_deductions_post_with_the_others(desk: Desk) -> None:
    desk.choose(hearing_days=0)
    desk.record("litter")
    desk.post()
    assert merits() == [-3] and not Hearing.objects.exists()


def test_what_is_decided_anew_is_told_anew(desk: Desk) -> None:
    desk.choose(hearing_days=3, after="confirmation")
    told = desk.record("litter")
    desk.sheet()
    filing = desk.decide_all(desk.sheet())
    filings.answer(filing=filing, accept=False, note="请核实", by=Actor.of(desk.officer))
    li = Actor.of(desk.li)
    reviews.decide(item=desk.item(told), verdict="adjusted", points=Decimal(-2), reason="初犯", by=li)
    desk.sign_and_close(Review.objects.get())
    rows = Hearing.objects.order_by("pk").values_list("outcome", "points")
    assert list(rows) == [("void", Decimal(-3)), ("open", Decimal(-2))]
    assert Filing.objects.count() == 2


def test_what_the_committee_drops_after_a_return_is_answered_too(desk: Desk, client_for: Browser) -> None:
    desk.choose(hearing_days=3, after="confirmation")
    told = desk.record("litter")
    filing = desk.decide_all(desk.sheet())
    hearing = hearings.state(hearing=Hearing.objects.get(), statement="当天在外地", by=desk.by)
    waiting = Message.objects.filter(title__endswith="有户说明了扣分的情况，请答复", past_at=None)
    assert waiting.exists()
    filings.answer(filing=filing, accept=False, note="请核实", by=Actor.of(desk.officer))
    reviews.decide(item=desk.item(told), verdict="rejected", reason="不是他家做的", by=Actor.of(desk.li))
    desk.sign_and_close(Review.objects.get())
    assert _waits(desk) == ["有一笔扣分不记了"] and not waiting.exists()
    page = client_for(Resident.objects.get(pk=desk.head().pk).user).get(f"/hearings/{hearing.pk}/").content.decode()
    assert "重新审定后不扣分了。不是他家做的" in page and "当天在外地" in page


def test_the_year_does_not_close_over_an_open_hearing(desk: Desk) -> None:
    hearing = heard(desk)
    assert selectors.unposted_reviews(NOW.year) == 1
    hearings.state(hearing=hearing, statement="当天在外地", by=desk.by)
    hearings.decide(hearing=hearing, outcome="dropped", reason="属实", by=Actor.of(desk.li))
    posting.post_review(review=Review.objects.get(), by=SYSTEM)
    assert selectors.unposted_reviews(NOW.year) == 0


def _waits(desk: Desk) -> list[str]:
    rows = Message.objects.filter(user__resident=desk.head(), past_at=None, read_at=None)
    return list(rows.order_by("pk").values_list("title", flat=True))


def test_the_message_is_past_when_the_household_has_explained_and_the_answer_stays(desk: Desk) -> None:
    hearing = heard(desk)
    assert _waits(desk) == ["有一笔扣分等您说明"]
    hearings.state(hearing=hearing, statement="不在家", by=desk.by)
    assert _waits(desk) == []
    hearings.decide(hearing=hearing, outcome="kept", reason="照片清楚", by=Actor.of(desk.li))
    hearings.close_due(day=f"{hearing.until}")
    assert _waits(desk) == ["您的说明有了答复"]


def test_the_message_is_past_when_the_days_are_over(desk: Desk, days_later: Later) -> None:
    hearing = heard(desk)
    days_later(4)
    lapse(hearing)
    assert _waits(desk) == []

"""Rules that look at what was posted before: reckoned in posting order when the month posts, each with its reason."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from jifen.kernel.actors import SYSTEM, Actor
from scoring import errors
from scoring.models import (
    CapTake,
    CapUse,
    Declaration,
    Entry,
    Hearing,
    Posting,
    Reckoning,
    Review,
    Rulebook,
    RulebookVersion,
    VersionState,
)
from scoring.selectors import rulebooks as books
from scoring.services import filings, ledger, posting, reviews, rule_rows, years
from scoring.services.corrections import Correction, correct
from scoring.verify import checks
from tests.scoring import wide
from tests.scoring.desk import DAY, Desk, photo, rule
from tests.scoring.wide import AREA
from tests.together import together

MORE = [
    rule("streak", "连月达标", 1, streak={"length": 2, "period": "day", "bonus": 5}),
    rule("black", "上黑榜", 2, sign="negative", streak={"length": 2, "period": "day", "bonus": 10}),
    rule("less", "参观学习", 5, repeat={"amounts": [3, 1]}),
    rule("twice", "屡次占道", 2, sign="negative", repeat={"nth": 2, "factor": 2}),
    rule("event", "参加活动", 2, inputs=[{"name": "event", "label": "活动", "kind": "text"}],
         limits=[{"kind": "count", "value": 1, "period": "ever", "by": "event"}]),
    rule("warned", "乱停车", 2, sign="negative", after_warning={"times": 1}),
    rule("mend", "补救", 9, repair={"rules": ["litter"], "ceiling": 2}),
    rule("both", "带动亲友", 3, subject="resident", shares=[{"to": "resident", "share": "0.5"},
                                                    {"to": "household", "share": "0.5"}]),
    rule("family", "全家", "3.01", attribution="every_member"),
    rule("whole", "全家参加", 2, attribution="every_member", sharing="each",
         limits=[{"kind": "points", "value": 5, "period": "month"}]),
    rule("cell", "联户互助", 4, attribution="cell"),
    rule("gave", "为老人代劳", 3, subject="resident", attribution="beneficiary", beneficiary="whom",
         inputs=[{"name": "whom", "label": "受益人", "kind": "person"}]),
    rule("honest", "拾金不昧", 4, point_class="good"),
]  # fmt: skip


EVER = rule("once6", "值守", 2,
            not_with={"rules": ["tidy"]}, limits=[{"kind": "points", "value": 6, "period": "ever"}])  # fmt: skip


@pytest.fixture
def looking(desk: Desk) -> Desk:
    """The desk under rules that look back, with an area that gives a household six points a month at most."""
    return _looking(desk)


def _looking(desk: Desk) -> Desk:
    wide.install(
        desk, more=[*MORE, EVER], settings={"classes": [{"code": "good", "name": "善行分"}]},
        limits=[{"kind": "points", "value": 20, "period": "month"}],
    )  # fmt: skip
    return desk


def _merits(code: str) -> list[Decimal]:
    rows = Entry.objects.filter(measure="merit", rule__code=code, reverses=None)
    return list(rows.order_by("posting__declaration_id").values_list("amount", flat=True))


def _all_hold() -> None:
    assert [check.title for check in checks() if check.breaches()] == []


def test_a_ladder_gives_what_the_next_rung_adds(looking: Desk) -> None:
    for hours in ("15", "10", "30"):
        looking.record("hours", facts={"quantity": hours})
    looking.post()
    assert sum(_merits("hours")) == 5
    assert (
        "本年累计55小时，应得5分，已得" in Posting.objects.get(entries__measure="merit", entries__amount=3).explanation
    )
    _all_hold()


def test_a_correction_comes_after_all_that_is_posted(looking: Desk) -> None:
    for hours in ("30", "5"):
        looking.record("hours", facts={"quantity": hours})
    looking.post()
    wrong = Posting.objects.get(entries__isnull=True)
    ledger.reverse(posting=wrong, reason="时数写错了", by=looking.by)
    assert wrong.declaration is not None
    right = Correction(looking.zhang, None, {"quantity": "25"})
    correct(declaration=wrong.declaration, correction=right, document="异议1号", by=looking.by)
    assert _merits("hours") == [2, 3]
    _all_hold()


PROVED = rule(
    "proved", "清沟", {"kind": "per_unit", "points": 1, "unit": "米"}, evidence="required",
    proofs=[{"kind": "photo", "least": 1}],
)  # fmt: skip


def test_the_evidence_of_what_was_told_counts_for_what_was_right(desk: Desk) -> None:
    wide.install(desk, more=[PROVED])
    deed = desk.record("proved", facts={"quantity": "3"}, evidence=[photo("ready")])
    desk.post()
    ledger.reverse(posting=Posting.objects.get(), reason="米数写错了", by=desk.by)
    right = Correction(desk.zhang, None, {"quantity": "5"})
    anew = correct(declaration=deed, correction=right, document="异议1号", by=desk.by)
    assert (anew.points, anew.undecided, anew.state) == (Decimal(5), "", "posted")
    assert [one.file for one in anew.evidence.all()] == [one.file for one in deed.evidence.all()]


def test_of_two_that_do_not_count_together_the_named_one_counts(looking: Desk) -> None:
    looking.record("once6", happened_on=DAY)
    looking.record("tidy", happened_on=DAY)
    looking.post()
    assert (_merits("once6"), len(_merits("tidy"))) == ([], 1)
    _all_hold()


def test_a_run_of_days_brings_its_bonus_once(looking: Desk) -> None:
    looking.record("streak", happened_on=DAY)
    told = looking.record("streak", happened_on=DAY)
    looking.post()
    assert sum(_merits("streak")) == 2 and told.points == 1


def test_a_cap_that_rules_share_is_held_in_its_own_row(looking: Desk) -> None:
    for _ in range(8):
        looking.record("trees", facts={"quantity": "1"})
    looking.post()
    assert sum(_merits("trees")) == 20
    [cap] = CapUse.objects.filter(rule_code=f"@{AREA}")
    assert cap.used == 20 and CapTake.objects.filter(cap=cap).count() == 7
    assert "“人居环境”上限20分" in Posting.objects.latest("pk").explanation
    _all_hold()


def test_half_a_year_is_a_period(looking: Desk) -> None:
    for _ in range(4):
        looking.record("keep")
    looking.post()
    assert _merits("keep") == [2, 2, 2]


def test_each_event_counts_once(looking: Desk) -> None:
    for event in ("春节", "春节", "元宵" * 30):
        looking.record("event", facts={"inputs": {"event": event}})
    looking.post()
    assert _merits("event") == [2, 2]
    assert sorted(len(cap.by_value) for cap in CapUse.objects.filter(rule_code="event")) == [2, 60]


def test_the_first_time_only_warns(looking: Desk) -> None:
    for _ in range(2):
        looking.record("warned", declared_by="steward")
    looking.post()
    assert _merits("warned") == [-2]
    assert Reckoning.objects.filter(is_effective=False).count() == 1


def test_a_repair_gives_back_no_more_than_its_ceiling(looking: Desk) -> None:
    looking.record("litter")
    looking.record("mend", happened_on=DAY)
    looking.post()
    assert _merits("mend") == [2]


def test_shares_add_up_to_the_points(looking: Desk) -> None:
    looking.cast.member(looking.zhang)
    looking.record("family")
    looking.record("both", resident=looking.head())
    looking.post()
    assert sum(_merits("family")) == Decimal("3.01") and len(_merits("family")) == 2
    assert _merits("both") == [Decimal("1.5"), Decimal("1.5")]
    _all_hold()


def test_a_household_cap_counts_what_each_of_its_people_gets(looking: Desk) -> None:
    looking.cast.member(looking.zhang)
    for _ in range(2):
        looking.record("whole")
    looking.post()
    assert sorted(_merits("whole")) == [Decimal("0.5"), Decimal("0.5"), 2, 2]
    assert CapUse.objects.get(rule_code="whole").used == 5
    redeemable = Entry.objects.filter(measure="redeemable").values_list("amount", flat=True)
    assert sorted(redeemable) == [1, 4]
    _all_hold()


def test_points_for_another_go_to_her_household(looking: Desk) -> None:
    other = looking.cast.household(name="李老太", number="90003")
    told = looking.record("gave", resident=looking.head(), facts={"inputs": {"whom": "90003 李老太"}})
    assert told.facts["people"]["beneficiary"] == f"resident:{looking.head(other).pk}"
    looking.post()
    assert looking.merit() == 0 and looking.merit(other) == 3
    assert set(Entry.objects.values_list("share", flat=True)) == {"beneficiary"}
    _all_hold()


def test_nobody_of_that_name_is_refused_at_the_field(looking: Desk) -> None:
    with pytest.raises(errors.PartyUnknown) as refused:
        looking.record("gave", resident=looking.head(), facts={"inputs": {"whom": "查无此人"}})
    assert refused.value.field == "whom" and not Declaration.objects.exists()


def test_what_is_for_a_group_nobody_drew_up_goes_to_a_person_and_stays_with_the_household(looking: Desk) -> None:
    told = looking.record("cell")
    assert "联户组" in told.undecided
    sheet = looking.sheet()
    reviews.decide(
        item=looking.item(told), verdict="adjusted", points=Decimal(2), reason="认定", by=Actor.of(looking.li)
    )
    filings.answer(filing=looking.sign_and_close(sheet), accept=True, by=Actor.of(looking.officer))
    posting.post_review(review=sheet, by=SYSTEM)
    assert looking.merit() == 2


def test_a_class_of_points_is_a_column_of_the_entry(looking: Desk) -> None:
    looking.record("honest")
    looking.post()
    assert set(Entry.objects.values_list("point_class", flat=True)) == {"good"}


def test_a_reversal_frees_what_the_deed_took_and_verify_agrees(looking: Desk) -> None:
    for _ in range(2):
        looking.record("keep")
    looking.post()
    ledger.reverse(posting=Posting.objects.earliest("pk"), reason="不是本户", by=looking.by)
    assert CapUse.objects.get(rule_code="keep").used == 2
    _all_hold()


def test_no_more_is_taken_than_the_household_was_told(looking: Desk) -> None:
    looking.choose(hearing_days=3)
    for _ in range(2):
        looking.record("twice")
    sheet = looking.sheet()
    filings.answer(filing=looking.decide_all(sheet), accept=True, by=Actor.of(looking.officer))
    assert sorted(Hearing.objects.values_list("points", flat=True)) == [-4, -2]


def test_what_a_run_takes_is_told_before_it_is_taken(looking: Desk) -> None:
    looking.choose(hearing_days=3)
    for day in (DAY, DAY + timedelta(days=1)):
        looking.record("black", happened_on=day)
    sheet = looking.sheet()
    filings.answer(filing=looking.decide_all(sheet), accept=True, by=Actor.of(looking.officer))
    assert sorted(Hearing.objects.values_list("points", flat=True)) == [-12, -2]


def test_a_run_takes_and_what_is_stated_falls(looking: Desk) -> None:
    for place in range(3):
        looking.record("less", happened_on=DAY + timedelta(days=place))
        looking.record("black", happened_on=DAY + timedelta(days=place))
    looking.post()
    assert _merits("less") == [5, 3, 1]
    assert _merits("black") == [-2, -12, -2]
    _all_hold()


def test_how_it_was_reckoned_stays(looking: Desk) -> None:
    looking.record("keep")
    looking.post()
    for row, change in ((Reckoning, {"worth": 9}), (CapTake, {"part": 9})):
        with pytest.raises(DatabaseError, match=r"I1|permission"), transaction.atomic():
            row.objects.update(**change)


def test_two_months_posted_at_once_never_exceed_a_cap(committing_desk: Desk) -> None:
    last = DAY - timedelta(days=1)
    years.open_year(number=last.year, by=SYSTEM)
    wide.install(committing_desk, more=[EVER], since=date(DAY.year - 1, 1, 2))
    results = together(_settled(committing_desk, DAY), _settled(committing_desk, last))
    assert not [one for one in results if isinstance(one, Exception)]
    assert sum(_merits("once6")) == 6 and CapUse.objects.get(rule_code="once6").used == 6
    _all_hold()


LASTING = [{"kind": "points", "value": 6, "period": "ever"}]
PLAIN = rule("vault", "积谷", 5, limits=LASTING)
SHARED = rule("barn", "晒谷", 5, not_with={"rules": ["tidy"]}, limits=LASTING)


@pytest.mark.parametrize("code", ["vault", "barn"])
def test_a_village_that_takes_its_own_rules_in_mid_year_begins_no_cap_anew(desk: Desk, code: str) -> None:
    last = DAY - timedelta(days=1)
    years.open_year(number=last.year, by=SYSTEM)
    town = wide.install(desk, more=[PLAIN, SHARED], since=date(DAY.year - 1, 1, 2))
    desk.record(code, happened_on=last)
    desk.post(last.replace(day=1))
    _overlay(desk, town)
    told = desk.record(code, happened_on=DAY)
    assert told.rule.version.town_version == town
    desk.post()
    assert _merits(code) == [5, 1]
    assert CapUse.objects.get(rule_code=code).used == 6
    _all_hold()


def _overlay(desk: Desk, town: RulebookVersion) -> None:
    """石岭岗村 takes the town's rules as its own from this month on."""
    book = Rulebook.objects.create(title="石岭岗村积分细则", template_code="", village=desk.village)
    version = rule_rows.write(
        book=book, rules=books.whole(town), by=SYSTEM, effective_from=DAY, resolution="村民代表会议", overlay={},
        town_version=town,
    )  # fmt: skip
    rule_rows.seal(version, VersionState.IN_FORCE)


def _settled(desk: Desk, day: Any) -> Callable[[], int]:
    """A sheet ready to post, of eight points under a cap of six."""
    for _ in range(4):
        desk.record("once6", happened_on=day)
    sheet = desk.sheet(day.replace(day=1))
    filings.answer(filing=desk.decide_all(sheet), accept=True, by=Actor.of(desk.officer))
    return lambda: _posted(sheet)


def _posted(sheet: Review) -> int:
    with transaction.atomic():
        return posting.post_review(review=sheet, by=SYSTEM)

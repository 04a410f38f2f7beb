"""What a deed brings beyond its points: freezes, bars, zeroings, leaving; and what ends or takes them back."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from jifen.clocks.jobs import lookup
from jifen.clocks.models import Due
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from jifen.outbox.models import Message
from reporting import policies
from scoring import errors
from scoring.models import Effect, EffectLift, Entry, Posting, Review, Year
from scoring.rules import effects as pure
from scoring.rules.spec import Rulebook
from scoring.selectors import available, effects, rankings, why_posted
from scoring.services import effects as services
from scoring.services import filings, ledger, posting, years
from scoring.services.corrections import Correction, correct, take_back
from scoring.verify import checks
from tenants.community import selectors as community
from tenants.community import stars
from tenants.community.models import Household
from tenants.community.services import figures
from tests.scoring import closing, wide
from tests.scoring.desk import DAY, Desk, rule
from tests.together import together

Browser = Callable[..., Any]
LAST = DAY - timedelta(days=1)
MONTH = LAST.replace(day=1)
"""The month before: its days are all over."""


def on(day: int) -> date:
    return MONTH.replace(day=day)


def bad(code: str, kind: str, points: Any = 0, **more: Any) -> dict[str, Any]:
    return rule(code, f"违规{code}", points, sign="negative", effect={"kind": kind, "text": "按约定办", **more})


MORE = [
    bad("freeze", "freeze_positive", 3, until="repair"),
    bad("pause", "freeze_positive", until="date", day=str(on(10))),
    bad("shut", "bar_redemption", until="repair"),
    bad("year", "zero_year", 2),
    bad("free", "zero_balance"),
    bad("month", "zero_month", 2),
    bad("later", "bar_honours", 1, until="next_year"),
    bad("stars", "downgrade_star", stars=2),
    bad("fall", "downgrade_star", until="repair"),
    bad("gone", "leave_programme"),
    bad("broke", "leave_programme", 5, at_zero=True),
    rule("mend", "整改", 3, repair={"rules": ["freeze", "shut", "fall"]}),
]
REPORTING = {
    "notice": {"days": 7, "places": ["village_board"], "rankings": ["household_net"]},
    "objection": {"days": 5, "investigators": ["审核委员会"]}, "lists": {}, "honours": {"titles": []},
}  # fmt: skip


@pytest.fixture
def strict(desk: Desk) -> Desk:
    return _strict(desk)


def _strict(desk: Desk) -> Desk:
    years.open_year(number=LAST.year, by=SYSTEM)
    wide.install(desk, more=MORE, since=date(LAST.year, 1, 2))
    return desk


def _told(desk: Desk, *deeds: tuple[int, str]) -> list[Posting]:
    """Deeds of the month before, each by its day and rule, posted; their postings in that order."""
    told = [desk.record(code, happened_on=on(day)) for day, code in deeds]
    desk.post(MONTH)
    return [one.postings.get() for one in told]


def _now(desk: Desk, *codes: str) -> Posting:
    """Deeds of this month, whose year is not over, posted; the posting of the last."""
    told = [desk.record(code, happened_on=DAY) for code in codes]
    desk.post()
    return told[-1].postings.get()


def _worth(row: Posting) -> Decimal:
    return sum((entry.amount for entry in row.entries.filter(measure="merit")), Decimal(0))


def _all_hold() -> None:
    assert [check.title for check in checks() if check.breaches()] == []


def _merit(desk: Desk) -> Decimal:
    return desk.merit(year=years.open_year(number=LAST.year, by=SYSTEM))


def test_a_freeze_stops_later_gains_of_its_household_and_says_why(strict: Desk) -> None:
    other = strict.cast.household(name="王五", number="90009")
    free = strict.record("tidy", household=other, happened_on=on(5))
    rows = _told(strict, (4, "tidy"), (4, "pause"), (5, "tidy"), (10, "tidy"), (11, "tidy"))
    assert [_worth(row) for row in rows] == [2, 0, 0, 0, 2]
    assert rows[2].explanation.endswith(f"，因“违规pause”加分暂停到{on(10)}，不计分")
    assert _worth(free.postings.get()) == 2
    _all_hold()


def test_a_freeze_that_was_posted_before_stops_what_comes_later(strict: Desk) -> None:
    strict.record("freeze", happened_on=on(4))
    strict.post(MONTH)
    told = strict.record("tidy", happened_on=DAY)
    strict.record("litter", happened_on=DAY)
    strict.post()
    assert _worth(told.postings.get()) == 0 and "加分暂停中" in told.postings.get().explanation
    assert _worth(Posting.objects.get(declaration__rule__code="litter")) == -3
    _all_hold()


def test_a_repair_gives_back_what_was_taken_and_ends_the_freeze_from_its_day_on(strict: Desk) -> None:
    rows = _told(strict, (4, "freeze"), (5, "tidy"), (8, "mend"), (8, "tidy"), (9, "tidy"))
    assert [_worth(row) for row in rows] == [-3, 0, 3, 2, 2]
    [standing] = effects.of_household(strict.zhang, LAST.year)
    assert (standing.lifted_on, standing.is_over) == (on(8), True) and "已整改" in standing.when
    ledger.reverse(posting=rows[2], reason="没有整改", by=strict.by)
    assert effects.freezes([strict.zhang.pk])[str(strict.zhang.pk)][0].until_repair
    _all_hold()


def test_a_late_deed_of_the_frozen_days_stays_frozen_after_the_repair(strict: Desk) -> None:
    _told(strict, (4, "freeze"), (8, "mend"))
    ledger.reverse(posting=Posting.objects.get(declaration__rule__code="mend"), reason="日期写错", by=strict.by)
    wrong = Posting.objects.get(declaration__rule__code="mend", reverses=None).declaration
    assert wrong is not None
    right = Correction(strict.zhang, strict.head(), {})
    correct(declaration=wrong, correction=right, document="异议1号", by=strict.by)
    frozen = effects.freezes([strict.zhang.pk])[str(strict.zhang.pk)]
    assert [one.holds_on(on(day)) for day in (5, 7, 8, 9) for one in frozen] == [True, True, False, False]
    _all_hold()


def test_a_bar_refuses_the_exchange_until_the_repair(strict: Desk) -> None:
    _told(strict, (1, "tidy"), (4, "shut"))
    strict.record("tidy", happened_on=DAY)
    strict.post()
    with pytest.raises(errors.RedemptionBarred) as refused:
        ledger.hold(household=strict.zhang, points=Decimal(1))
    assert refused.value.code == "redemption_barred" and "整改到位前" in refused.value.message
    assert "违规" not in refused.value.message
    ledger.reverse(posting=Posting.objects.get(declaration__rule__code="shut"), reason="认错了人", by=strict.by)
    ledger.hold(household=strict.zhang, points=Decimal(1))
    assert available(strict.zhang) > 0


def test_the_year_is_zeroed_as_it_stood_on_the_day(strict: Desk) -> None:
    strict.record("trees", happened_on=on(1), facts={"quantity": "4"})
    _told(strict, (3, "year"), (5, "tidy"))
    assert _merit(strict) == 2
    taken = Posting.objects.get(cause="zeroing")
    assert {row.measure: row.amount for row in taken.entries.all()} == {"merit": -10, "redeemable": -10}
    assert f"{LAST.year}年评比积分到这一天有10分，清零" in taken.explanation
    why = why_posted(taken)
    assert why.declaration is not None and why.declaration.rule.code == "year"
    _all_hold()


def _sealed(desk: Desk, *days: int) -> Year:
    """Last year, in which 张三 had 12 on 3 November and 17 in all; what zeroes it on ``days`` is decided later."""
    last = DAY.year - 1
    year = years.open_year(number=last, by=SYSTEM)
    wide.install(desk, more=MORE, since=date(last, 1, 2))
    desk.record("trees", happened_on=date(last, 11, 3), facts={"quantity": "4"})
    desk.record("help", happened_on=date(last, 11, 9), resident=desk.head())
    desk.post(date(last, 11, 1))
    for day in days:
        desk.record("year", happened_on=date(last, 11, day))
    closing.seal(year)
    return year


def test_a_late_zeroing_of_a_sealed_year_stands_beside_its_seal_as_a_supplement(desk: Desk) -> None:
    """I7: the sealed year keeps its entries; what the deed takes is booked this year and names the one it concerns."""
    year = _sealed(desk, 6)
    close = year.seals.get()
    desk.record("tidy")
    desk.post()
    taken = Posting.objects.get(cause="zeroing")
    [entry] = taken.entries.all()
    assert (entry.measure, entry.concerns_year, entry.year.number) == ("merit", year.number, DAY.year)
    supplement = year.seals.get(kind="supplement")
    assert (supplement.previous, supplement.entries) == (close, 3) and supplement.sealed_at >= entry.posted_at
    assert entry.amount == -10 and close.standings.get(household=desk.zhang).net == 17
    assert f"{year.number}年评比积分到这一天有10分，清零" in taken.explanation
    assert available(desk.zhang) == 0 and _own(desk) == 2
    _all_hold()


def test_what_a_late_zeroing_took_of_a_sealed_year_is_given_back_in_a_supplement_too(desk: Desk) -> None:
    year = _sealed(desk, 6, 7)
    desk.post()
    taken = Posting.objects.get(cause="zeroing")
    assert taken.follows is not None
    take_back(posting=taken.follows, reason="认错人", by=desk.by)
    back = Posting.objects.get(pk=taken.pk).reversed_by.entries.get()
    assert (int(back.amount), back.concerns_year, back.year.number) == (10, year.number, DAY.year)
    assert list(year.seals.order_by("pk").values_list("kind", flat=True)) == ["close", *["supplement"] * 3]
    assert _own(desk) == 0
    _all_hold()


def _own(desk: Desk) -> Decimal:
    """What this year's ranking has."""
    found = {row.id: row.net for row in rankings(year=DAY.year)}
    return found.get(desk.zhang.pk, Decimal(0))


def test_two_zeroings_of_one_month_each_take_what_is_left(strict: Desk) -> None:
    _told(strict, (1, "tidy"), (2, "year"), (3, "tidy"), (4, "tidy"), (5, "free"), (6, "year"))
    amounts = Entry.objects.filter(cause="zeroing").order_by("happened_on", "measure")
    found = [(row.happened_on.day, row.measure, int(row.amount)) for row in amounts]
    assert found == [(5, "redeemable", -2), (6, "merit", -2)]
    assert _merit(strict) == 0
    _all_hold()


def test_honours_of_the_next_year_alone_are_barred(strict: Desk) -> None:
    _told(strict, (3, "later"))
    barred = [
        strict.zhang.pk in effects.barred("bar_honours", date(year, month, day))
        for year, month, day in ((LAST.year, 12, 31), (LAST.year + 1, 1, 1), (LAST.year + 1, 12, 31),
                                 (LAST.year + 2, 1, 1))
    ]  # fmt: skip
    assert barred == [False, True, True, False]
    assert [row.first for row in effects.of_household(strict.zhang, LAST.year)] == [date(LAST.year + 1, 1, 1)]
    _all_hold()


def test_the_month_comes_to_nothing_and_other_months_stay(strict: Desk) -> None:
    strict.record("tidy", happened_on=DAY)
    strict.post()
    strict.record("trees", happened_on=on(1), facts={"quantity": "4"})
    _told(strict, (3, "month"), (5, "tidy"))
    assert sum(row.amount for row in Entry.objects.filter(measure="merit", happened_on__lt=DAY)) == 0
    assert sum(row.amount for row in Entry.objects.filter(measure="merit", happened_on=DAY)) == 2
    taken = Posting.objects.get(cause="zeroing")
    assert {row.measure: row.amount for row in taken.entries.all()} == {"merit": -12, "redeemable": -12}
    assert f"{LAST.year}年{LAST.month}月评比积分有12分，清零" in taken.explanation
    _all_hold()


def test_a_month_that_brought_nothing_is_not_zeroed(strict: Desk) -> None:
    _told(strict, (1, "litter"), (3, "month"))
    assert _merit(strict) == -5 and not Posting.objects.filter(cause="zeroing").exists()
    _all_hold()


def test_a_month_zeroed_twice_is_zeroed_once(strict: Desk) -> None:
    _told(strict, (1, "tidy"), (2, "month"), (3, "tidy"), (4, "tidy"), (5, "month"), (6, "tidy"))
    assert [_worth(row) for row in Posting.objects.filter(cause="zeroing")] == [-4]
    assert _merit(strict) == 0
    _all_hold()


def test_what_the_year_lost_is_not_taken_of_the_month_again(strict: Desk) -> None:
    _told(strict, (1, "tidy"), (1, "tidy"), (1, "tidy"), (2, "year"), (3, "tidy"), (4, "tidy"), (5, "month"))
    taken = Posting.objects.filter(cause="zeroing").order_by("pk")
    assert list(taken.values_list("follows__declaration__rule__code", flat=True)) == ["year", "month"]
    assert [_worth(row) for row in taken] == [-4, -2]
    assert _merit(strict) == 0
    _all_hold()


def test_a_months_zeroing_takes_no_more_than_the_year_has(strict: Desk) -> None:
    before = MONTH - timedelta(days=3)
    other = before if before.year == MONTH.year else DAY
    strict.record("litter", happened_on=other)
    strict.post(other.replace(day=1))
    _told(strict, (1, "tidy"), (2, "tidy"), (3, "tidy"), (4, "month"))
    assert [_worth(row) for row in Posting.objects.filter(cause="zeroing")] == [-1]
    assert _merit(strict) == 0
    _all_hold()


def test_a_months_zeroing_goes_back_with_its_deed(strict: Desk) -> None:
    rows = _told(strict, (1, "tidy"), (1, "tidy"), (2, "month"))
    assert _merit(strict) == 0
    ledger.reverse(posting=rows[2], reason="查无此事", by=strict.by)
    assert _merit(strict) == 4
    _all_hold()


def test_a_reversal_takes_the_zeroing_back_and_it_is_not_reversed_alone(strict: Desk) -> None:
    rows = _told(strict, (1, "tidy"), (1, "tidy"), (2, "free"))
    taken = Posting.objects.get(cause="zeroing")
    with pytest.raises(errors.ZeroingFollows):
        ledger.reverse(posting=taken, reason="求情", by=strict.by)
    ledger.reverse(posting=rows[2], reason="查无此事", by=strict.by)
    taken.refresh_from_db()
    assert taken.reversed_at is not None and not effects.of_household(strict.zhang, LAST.year)
    assert sum(Entry.objects.filter(measure="redeemable").values_list("amount", flat=True)) == 4
    _all_hold()


def test_what_is_held_for_an_exchange_stays_held(strict: Desk) -> None:
    nine = Decimal(9)
    ledger.open_balance(household=strict.zhang, merit=nine, redeemable=nine, document="签字的期初表", by=SYSTEM)
    ledger.hold(household=strict.zhang, points=Decimal(4))
    strict.record("free", happened_on=DAY)
    strict.post()
    assert available(strict.zhang) == 0
    ledger.capture(household=strict.zhang, points=Decimal(4), redemption_id=7, reason="换", by=SYSTEM)
    assert available(strict.zhang) == 0


def _rated(desk: Desk, number: int) -> None:
    desk.zhang.stars = number
    desk.zhang.save(update_fields=["stars"])


def _star(desk: Desk, day: date) -> stars.Star:
    return stars.of([desk.zhang], day)[desk.zhang.pk]


def test_a_downgrade_lowers_the_star_until_its_end_and_the_roster_stays(strict: Desk) -> None:
    _rated(strict, 3)
    rows = _told(strict, (2, "stars"), (4, "stars"), (5, "fall"))
    assert [_star(strict, on(day)).level for day in (1, 2, 4, 5)] == [3, 1, 0, 0]
    end = date(LAST.year, 12, 31)
    assert _star(strict, on(2)).words == f"1星（评为3星，按细则降2星，到{LAST.year}年12月31日）"
    assert _star(strict, on(4)).words == f"没有星级（评为3星，按细则降4星，到{LAST.year}年12月31日）"
    assert _star(strict, on(5)).words == "没有星级（评为3星，按细则降5星）"
    assert _star(strict, end + timedelta(days=1)).level == 2
    for row in rows[1:]:
        ledger.reverse(posting=row, reason="查无此事", by=strict.by)
    assert _star(strict, on(5)).level == 1 and Household.objects.get(pk=strict.zhang.pk).stars == 3
    _all_hold()


def test_a_repair_gives_the_star_back(strict: Desk) -> None:
    _rated(strict, 3)
    _told(strict, (2, "fall"), (6, "mend"))
    assert [_star(strict, on(day)).level for day in (2, 5, 6)] == [2, 2, 3]
    _all_hold()


def test_pages_show_the_star_that_counts(strict: Desk, client_for: Browser) -> None:
    _rated(strict, 4)
    _told(strict, (2, "fall"))
    policies.install(section=REPORTING, effective_from=date(LAST.year, 1, 1), by=SYSTEM)
    told = "3星（评为4星，按细则降1星）"
    steward, number = client_for(strict.steward), strict.zhang.number
    for name, given in (("scoring:village_passbook", [number]), ("community:village_household", [number]),
                        ("reporting:village-honours", [])):  # fmt: skip
        assert told in steward.get(reverse(name, args=given), {"year": LAST.year}).content.decode(), name
    rows = steward.get(reverse("community:village_households")).content.decode()
    assert ">3星<" in rows and "降星" in rows
    assert told in client_for(strict.cast.villager(strict.zhang)).get(reverse("scoring:passbook")).content.decode()


def _starred(desk: Desk) -> int:
    """Households with a star, as the village's newest word to the district counts them."""
    word = Message.objects.filter(kind="village", payload__village_id=desk.village.pk).latest("pk")
    return int(word.payload["star_households"])


def test_the_district_counts_the_stars_that_count(strict: Desk) -> None:
    _rated(strict, 2)
    figures.tell([strict.village.pk])
    assert _starred(strict) == 1
    row = _now(strict, "stars")
    assert _starred(strict) == 0
    ledger.reverse(posting=row, reason="查无此事", by=strict.by)
    assert _starred(strict) == 1


def test_a_repair_and_its_reversal_are_told_to_the_district(strict: Desk) -> None:
    _rated(strict, 1)
    strict.record("fall", happened_on=on(2))
    strict.post(MONTH)
    assert _starred(strict) == 0
    mend = strict.record("mend", happened_on=DAY)
    strict.post()
    assert _starred(strict) == 1
    ledger.reverse(posting=mend.postings.get(), reason="没有整改", by=strict.by)
    assert _starred(strict) == 0


def test_the_district_hears_when_a_downgrade_ends_by_itself(strict: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    _rated(strict, 2)
    _now(strict, "stars")
    after = date(DAY.year + 1, 1, 1)
    due = Due.objects.get(kind=services.STAR)
    assert (due.period, due.due_at) == (f"{after}/{strict.village.pk}", clock.at(after, services.MORNING))
    monkeypatch.setattr(clock, "today", lambda: after)
    lookup(due.kind).body(due.period)
    assert _starred(strict) == 1


def test_programs_read_the_star_that_counts(strict: Desk, api_client: Browser) -> None:
    _rated(strict, 4)
    _told(strict, (2, "fall"))
    api, number = api_client(strict.steward), strict.zhang.number
    one = api.get(f"/api/v1/households/{number}/").json()
    assert (one["stars"], one["rated_stars"]) == (3, 4)
    listed = {row["number"]: row["stars"] for row in api.get("/api/v1/households/").json()["results"]}
    assert listed[number] == 3 and set(listed.values()) == {0, 3}


def test_a_household_leaves_on_the_next_morning_and_is_back_when_the_deed_is_reversed(strict: Desk) -> None:
    [row] = _told(strict, (2, "gone"))
    effect = Effect.objects.get()
    assert Due.objects.filter(kind=services.LEAVE, period__startswith=f"{effect.pk}/").exists()
    assert community.is_joined(strict.zhang, DAY)
    for _ in range(2):
        services.leave(effect=effect.pk)
    today = clock.today()
    assert not community.is_joined(strict.zhang, today)
    ledger.reverse(posting=row, reason="查无此事", by=strict.by)
    assert community.is_joined(strict.zhang, today)
    _all_hold()


def test_who_leaves_at_zero_stays_while_there_are_points(strict: Desk) -> None:
    _now(strict, "tidy", "tidy", "tidy", "broke")
    assert not Due.objects.filter(kind=services.LEAVE).exists()
    services.leave(effect=Effect.objects.get().pk)
    assert community.is_joined(strict.zhang, DAY)


def test_effects_are_what_the_engine_says(strict: Desk) -> None:
    _told(strict, (1, "freeze"), (2, "pause"), (3, "stars"))
    for row in Effect.objects.select_related("posting__declaration"):
        assert row.posting.declaration is not None
        spec = Rulebook.model_validate({"categories": [{"name": wide.AREA}], "rules": MORE})
        [one] = pure.outcomes(spec.rule(row.posting.declaration.rule.code), row.first)
        assert (row.kind, row.last, row.until_repair) == (one.kind, one.last, one.until_repair)


def test_a_household_that_took_no_part_has_no_effects(strict: Desk) -> None:
    told = strict.record("stars", happened_on=on(2))
    strict.zhang.applications.update(state="left", left_on=on(1))
    strict.post(MONTH)
    assert told.postings.exists() and not Effect.objects.exists()


def test_the_right_household_has_the_effect_after_a_correction_was_heard(strict: Desk) -> None:
    other = strict.cast.household(name="王五", number="90009")
    [row] = _told(strict, (2, "stars"))
    ledger.reverse(posting=row, reason="认错了户", by=strict.by)
    assert row.declaration is not None
    anew = correct(declaration=row.declaration, correction=Correction(other, None, {}), document="异议1号",
                   by=strict.by)  # fmt: skip
    assert not anew.postings.exists() and effects.of_household(other, LAST.year) == []


def test_effects_are_never_written_by_hand(strict: Desk) -> None:
    rows = _told(strict, (1, "shut"), (2, "tidy"))
    effect = Effect.objects.get()
    with pytest.raises(DatabaseError, match=r"I1|permission"), transaction.atomic():
        Effect.objects.update(last=DAY)
    with pytest.raises(DatabaseError, match="I5"), transaction.atomic():
        Effect.objects.create(
            posting=rows[1], position=0, household=strict.zhang, kind="shut", first=on(2), text="想当然"
        )
    with pytest.raises(DatabaseError, match="I5"), transaction.atomic():
        EffectLift.objects.create(effect=effect, posting=rows[1], day=on(2))


def test_verify_misses_an_effect_that_was_not_carried_out(strict: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "carry_out", lambda **_: None)
    _told(strict, (2, "stars"))
    assert [check.title for check in checks() if check.breaches()] == ["后果与记账的登记所说的一致"]


def test_a_bar_and_an_exchange_at_once_leave_no_exchange_after_the_bar(committing_desk: Desk) -> None:
    desk = _strict(committing_desk)
    for _ in range(3):
        desk.record("tidy", happened_on=DAY)
    desk.post()
    desk.record("shut", happened_on=on(2))
    desk.record("free", happened_on=on(3))
    sheet = desk.sheet(MONTH)
    filings.answer(filing=desk.decide_all(sheet), accept=True, by=Actor.of(desk.officer))
    results = together(_posted(sheet), *[_held(desk) for _ in range(3)])
    refused = [one for one in results[1:] if isinstance(one, Exception)]
    assert all(isinstance(one, errors.RedemptionBarred) for one in refused)
    with pytest.raises(errors.RedemptionBarred):
        _held(desk)()
    _all_hold()


def _posted(sheet: Review) -> Callable[[], int]:
    def act() -> int:
        with transaction.atomic():
            return posting.post_review(review=sheet, by=SYSTEM)

    return act


def _held(desk: Desk) -> Callable[[], None]:
    def act() -> None:
        with transaction.atomic():
            ledger.hold(household=desk.zhang, points=Decimal(1))

    return act


def test_the_honours_of_the_year_leave_out_whom_a_deed_barred(strict: Desk) -> None:
    rows = _told(strict, (2, "illegal"))
    assert effects.barred("bar_honours", on(1)) == set()
    assert effects.barred("bar_honours", date(LAST.year, 12, 31)) == {strict.zhang.pk}
    ledger.reverse(posting=rows[0], reason="查无此事", by=strict.by)
    assert effects.barred("bar_honours", date(LAST.year, 12, 31)) == set()


def test_the_passbook_shows_each_effect_and_leads_to_its_why(strict: Desk, client_for: Browser) -> None:
    rows = _told(strict, (1, "tidy"), (2, "shut"), (3, "free"))
    year = {"year": LAST.year}
    browser = client_for(strict.cast.villager(strict.zhang))
    page = browser.get(reverse("scoring:passbook"), year).content.decode()
    assert "暂停兑换" in page and "整改到位前有效" in page and "积分清零：违规free" in page
    why = browser.get(reverse("scoring:posting", args=[rows[1].pk])).content.decode()
    assert "除了分值，还有这些后果" in why and "按约定办" in why
    taken = Posting.objects.get(cause="zeroing")
    assert "可兑换积分有2分，清零" in browser.get(reverse("scoring:posting", args=[taken.pk])).content.decode()
    address = reverse("scoring:village_passbook", args=[strict.zhang.number])
    assert "整改到位前有效" in client_for(strict.steward).get(address, year).content.decode()

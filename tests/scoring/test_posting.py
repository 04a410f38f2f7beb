"""A month becomes entries in one statement, and the statement does what the plain reference does."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jifen.audit import services as audit
from jifen.kernel.actors import SYSTEM, Actor
from jifen.outbox.models import Message
from scoring import errors, tasks
from scoring.models import CapUse, Declaration, Entry, Posting, Rule
from scoring.rules.limits import Candidate, apply_limits
from scoring.rules.spec import Rulebook
from scoring.selectors import spec_of
from scoring.services import filings, ledger, posting, rulebooks
from scoring.verify import checks
from tests.scoring.desk import DAY, MONTH, NOW, Desk, rule, scheme


def test_a_second_run_posts_nothing(desk: Desk) -> None:
    desk.record("tidy")
    assert desk.post() == 2
    sheet = desk.sheet()
    assert posting.post_review(review=sheet, by=SYSTEM) == 0
    assert Entry.objects.count() == 2


def test_an_unsettled_sheet_is_not_posted(desk: Desk) -> None:
    desk.record("tidy")
    sheet = desk.sheet()
    with pytest.raises(errors.ReviewNotSettled):
        posting.post_review(review=sheet, by=SYSTEM)
    assert not Posting.objects.exists()


def test_the_task_posts_the_sheet_by_its_id(desk: Desk) -> None:
    desk.record("tidy")
    sheet = desk.sheet()
    filings.answer(filing=desk.decide_all(sheet), accept=True, by=Actor.of(desk.officer))
    assert tasks.post_review(sheet.pk) == 2


def test_a_capped_deed_says_what_the_cap_left(desk: Desk) -> None:
    for _ in range(3):
        desk.record("help", resident=desk.head())
    desk.post()
    amounts = list(Entry.objects.filter(measure="merit").order_by("pk").values_list("amount", flat=True))
    assert amounts == [5, 5, 2]
    assert Posting.objects.latest("pk").explanation.endswith("；本月上限12分，已得10分，计2分")
    assert CapUse.objects.get().used == 12


def test_a_deed_beyond_a_count_is_posted_with_nothing_and_says_why(desk: Desk) -> None:
    desk.record("class")
    desk.record("class")
    assert desk.post() == 2
    empty = Posting.objects.latest("pk")
    assert not empty.entries.exists() and "本季度限计1次，已计1次，不再计分" in empty.explanation


def test_a_reversal_frees_the_cap_for_later_deeds(desk: Desk) -> None:
    desk.record("class")
    desk.post()
    ledger.reverse(posting=Posting.objects.get(), reason="不是本人", by=desk.by)
    assert CapUse.objects.get().used == 0


def test_a_deduction_lowers_merit_and_redeemable_points(desk: Desk) -> None:
    desk.record("litter")
    desk.post()
    assert {row.measure: row.amount for row in Entry.objects.all()} == {"merit": -3, "redeemable": -3}


def test_points_that_only_rank_are_not_redeemable(desk: Desk) -> None:
    desk.record("honour")
    desk.post()
    assert [(row.measure, row.amount) for row in Entry.objects.all()] == [("merit", 6)]


def test_a_household_that_left_meanwhile_gets_nothing(desk: Desk) -> None:
    desk.record("tidy")
    application = desk.zhang.applications.get()
    application.state, application.left_on = "left", DAY
    application.save()
    assert desk.post() == 0
    assert "未参加积分制" in Posting.objects.get().explanation


def test_the_outbox_tells_one_line_per_village_month_and_measure(desk: Desk) -> None:
    for code in ("tidy", "litter"):
        desk.record(code)
    Message.objects.all().delete()
    desk.post()
    told = {row.payload["measure"]: row.payload for row in Message.objects.filter(kind="ledger", town="t_alpha")}
    assert (told["merit"]["positive"], told["merit"]["negative"], told["merit"]["entries"]) == (2, 3, 2)
    assert told["redeemable"]["month"] == MONTH.month and told["redeemable"]["year"] == NOW.year


def test_a_posting_that_dies_half_way_leaves_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.record("help", resident=desk.head())
    sheet = desk.sheet()
    filings.answer(filing=desk.decide_all(sheet), accept=True, by=Actor.of(desk.officer))
    with monkeypatch.context() as broken, pytest.raises(ConnectionError):
        broken.setattr(audit, "record", _die)
        posting.post_review(review=sheet, by=SYSTEM)
    assert not Posting.objects.exists() and not Entry.objects.exists() and not CapUse.objects.exists()
    assert posting.post_review(review=sheet, by=SYSTEM) == 2


def _die(**_: Any) -> None:
    raise ConnectionError


LIMIT = st.fixed_dictionaries({
    "kind": st.sampled_from(["points", "count"]),
    "value": st.integers(1, 9),
    "period": st.sampled_from(["day", "week", "month", "quarter", "year", "ever"]),
    "scope": st.sampled_from(["resident", "household", "village"]),
})  # fmt: skip
DEED = st.tuples(st.integers(0, 1), st.integers(0, 2), st.booleans(), st.integers(0, 2), st.integers(1, 6))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    limits=st.lists(st.lists(LIMIT, max_size=2), min_size=4, max_size=4), deeds=st.lists(DEED, min_size=1, max_size=12)
)
def test_posting_does_what_the_reference_does(desk: Desk, limits: Any, deeds: Any) -> None:
    with transaction.atomic():
        point = transaction.savepoint()
        try:
            _compare(desk, limits, deeds)
        finally:
            transaction.savepoint_rollback(point)


def _compare(desk: Desk, limits: Any, deeds: Any) -> None:
    _install(limits[:2], date(NOW.year, 1, 1))
    _install(limits[2:], max(DAY - timedelta(days=4), date(NOW.year, 1, 2)))
    households = [desk.zhang, desk.cast.household(name="李四")]
    made = [_tell(desk, households, *deed) for deed in deeds]
    desk.post()
    made.sort(key=lambda one: (one.happened_on, one.pk))
    wanted = {row.key: row for row in apply_limits([_candidate(one) for one in made])}
    for one in made:
        amount = sum(row.amount for row in Entry.objects.filter(posting__declaration=one, measure="merit"))
        assert amount == wanted[str(one.pk)].points
        told = wanted[str(one.pk)].explanation
        assert told is None or Posting.objects.get(declaration=one).explanation.endswith(told)
    _caps_add_up()


def _install(limits: Any, since: date) -> None:
    """The first version of the rules, and one with other limits that judges the deeds of the last days."""
    rules = [
        rule("plus", "加分", {"kind": "per_unit", "points": 1, "unit": "次"}, subject="household", limits=limits[0]),
        rule("minus", "扣分", {"kind": "per_unit", "points": 1, "unit": "次"}, sign="negative", limits=limits[1]),
    ]
    book = Rulebook.model_validate({"categories": [{"name": "人居环境"}], "rules": rules})
    rulebooks.install(
        scheme=scheme().model_copy(update={"rulebook": book}),
        effective_from=since,
        resolution="修订",
        by=SYSTEM,
    )


def _tell(desk: Desk, households: Any, which: int, back: int, personal: bool, home: int, size: int) -> Declaration:
    household = households[home % 2]
    day = max(DAY - timedelta(days=back * 3), date(NOW.year, 1, 1))
    code = "plus" if which == 0 else "minus"
    chosen = Rule.objects.filter(code=code, version__effective_from__lte=day).latest("version__effective_from")
    return desk.record(
        household=household, resident=household.head if personal else None, rule=chosen, happened_on=day,
        facts={"quantity": str(size)},
    )  # fmt: skip


def _candidate(one: Declaration) -> Candidate:
    return Candidate(
        key=str(one.pk), rule=spec_of(one.rule), date=one.happened_on, points=Decimal(one.points),
        household=str(one.household_id), village=str(one.village_id),
        resident=str(one.resident_id) if one.resident_id else None,
    )  # fmt: skip


def _caps_add_up() -> None:
    assert [check.title for check in checks() if check.breaches()] == []

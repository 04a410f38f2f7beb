"""I5, I6, I10, I12: one cause, one decision, one posting, one cap, also when two do it at the same moment."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest

from jifen.kernel.actors import SYSTEM
from scoring import errors, tasks
from scoring.models import CapUse, Declaration, Entry, Posting, Review
from scoring.services import filings, ledger, posting, years
from tenants.models import Town
from tests.invariants import book
from tests.scoring.desk import MONTH, Desk
from tests.scoring.owner import refusal
from tests.together import together

LAST_MONTH = (MONTH - timedelta(days=1)).replace(day=1)
COLUMNS = "reason, explanation, posted_at, actor_realm, actor_id, actor_name"


def settled(desk: Desk) -> Review:
    sheet = desk.sheet()
    filings.answer(filing=desk.decide_all(sheet), accept=True, by=SYSTEM)
    return sheet


def of_type(answers: list[Any], kind: type) -> int:
    return sum(isinstance(answer, kind) for answer in answers)


def test_two_corrections_at_the_same_moment_correct_once(committing_town: Town, desk: Desk) -> None:
    desk.record("tidy")
    desk.post()
    back = partial(ledger.reverse, posting=Posting.objects.get(), reason="认错户", by=SYSTEM)
    answers = together(back, back, back)
    assert (of_type(answers, Posting), of_type(answers, errors.AlreadyReversed)) == (1, 2)
    assert desk.merit() == 0 and book.unreversed() == 0


def test_a_correction_is_not_corrected(desk: Desk) -> None:
    desk.record("tidy")
    desk.post()
    reversal = ledger.reverse(posting=Posting.objects.get(), reason="认错户", by=SYSTEM)
    with pytest.raises(errors.ReversalOfReversal):
        ledger.reverse(posting=reversal, reason="还是对的", by=SYSTEM)
    assert Posting.objects.count() == 2 and desk.merit() == 0


@pytest.mark.parametrize("cause", ["declaration", "redemption", "opening", "reversal"])
def test_a_posting_without_what_its_cause_needs_is_refused(desk: Desk, cause: str) -> None:
    desk.record("tidy")
    desk.post()
    bare = f"INSERT INTO scoring_posting (cause, document, {COLUMNS}) SELECT '{cause}', '', {COLUMNS}"
    refused = refusal(f"{bare} FROM scoring_posting")
    assert "violates check constraint" in refused
    assert Posting.objects.count() == 1


def test_two_workers_with_one_sheet_post_it_once(committing_town: Town, desk: Desk) -> None:
    for _ in range(3):
        desk.record("help", resident=desk.head())
    sheet = settled(desk)
    answers = together(*[partial(tasks.post_review, sheet.pk)] * 4)
    assert sorted(answers) == [0, 0, 0, 6]
    assert Posting.objects.count() == 3 and desk.merit() == 12
    assert book.breaches() == {}


def test_two_sheets_at_the_same_moment_share_one_cap(committing_town: Town, desk: Desk) -> None:
    years.open_year(number=LAST_MONTH.year, by=SYSTEM)
    sheets = []
    for month in (LAST_MONTH, MONTH):
        for _ in range(2):
            desk.record("help", resident=desk.head(), happened_on=LAST_MONTH)
        sheet = desk.sheet(month)
        filings.answer(filing=desk.decide_all(sheet), accept=True, by=SYSTEM)
        sheets.append(sheet)
    counts = together(*[partial(posting.post_review, review=sheet, by=SYSTEM) for sheet in sheets])
    assert sorted(counts) == [2, 4]
    amounts = Entry.objects.filter(measure="merit").order_by("pk").values_list("amount", flat=True)
    assert list(amounts) == [5, 5, 2] and CapUse.objects.get().used == 12
    assert book.breaches() == {}


def test_a_late_deed_takes_what_is_left_and_reprices_nothing(desk: Desk) -> None:
    years.open_year(number=LAST_MONTH.year, by=SYSTEM)
    for _ in range(2):
        desk.record("help", resident=desk.head(), happened_on=LAST_MONTH + timedelta(days=9))
    desk.post(LAST_MONTH)
    first = list(Entry.objects.order_by("pk").values())
    desk.record("help", resident=desk.head(), happened_on=LAST_MONTH)
    desk.post()
    assert list(Entry.objects.order_by("pk").values())[: len(first)] == first
    assert Entry.objects.filter(measure="merit").latest("pk").amount == 2


def test_a_double_click_at_the_same_moment_records_one_deed(committing_town: Town, desk: Desk) -> None:
    click = partial(desk.record, "trees", facts={"quantity": "4"}, idempotency_key="k1")
    answers = together(click, click, click)
    assert len({answer.pk for answer in answers}) == 1
    assert Declaration.objects.count() == 1


@pytest.mark.parametrize(
    "other", [{"facts": {"quantity": "40"}}, {"reason": "另一处"}, {"place": "村尾"}, {"happened_on": LAST_MONTH}]
)
def test_a_key_used_for_one_deed_is_refused_for_another(desk: Desk, other: dict[str, Any]) -> None:
    told: dict[str, Any] = {"facts": {"quantity": "4"}, "idempotency_key": "k1"}
    first = desk.record("trees", **told)
    assert desk.record("trees", **told) == first
    with pytest.raises(errors.KeyReused):
        desk.record("trees", **{**told, **other})
    assert Declaration.objects.get().points == Decimal(12)


def test_a_program_that_sends_a_deed_twice_at_once_records_it_once(
    committing_town: Town, desk: Desk, api_client: Callable[..., Any]
) -> None:
    deed = {"household": desk.zhang.number, "rule": desk.rule_in_force("tidy").pk, "happened_on": MONTH.isoformat(),
            "place": "村口", "reason": "见照片", "channel": "oral"}  # fmt: skip

    def send() -> Any:
        return api_client(desk.steward).post("/api/v1/declarations/", deed, headers={"Idempotency-Key": "k1"})

    answers = together(send, send, send)
    assert [answer.status_code for answer in answers] == [201] * 3
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert Declaration.objects.count() == 1

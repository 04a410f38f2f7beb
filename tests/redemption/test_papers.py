"""Vouchers, cards and passbooks: what is printed, kept, and never lost."""

import base64
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone

from jifen.clocks import backlog
from jifen.clocks.jobs import lookup
from jifen.clocks.models import Work
from jifen.files import selectors as files
from jifen.files.errors import StoreUnavailable
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from jifen.web import pdf
from redemption import errors, tasks
from redemption.models import Redemption, Voucher
from redemption.services import papers, redemptions, settlements, signatures, vouchers
from tenants.models import Town
from tests.audit.test_audit import as_owner
from tests.cast import Cast
from tests.redemption.market import Market, give, opened

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


class Upload:
    name, content_type = "签名.png", "image/png"

    def read(self) -> bytes:
        return PIXEL


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What was handed to the printer."""
    seen: list[dict[str, Any]] = []
    real = pdf.compile

    def compile(template: str, data: Any) -> bytes:  # noqa: A001
        seen.append(dict(data))
        return real(template, data)

    monkeypatch.setattr(pdf, "compile", compile)
    return seen


def test_a_voucher_is_archived_once(market: Market) -> None:
    row = market.bought(quantity=2)
    voucher = vouchers.archive(redemption=row)
    tasks.archive_vouchers()
    assert Voucher.objects.get().pk == voucher.pk
    assert files.body(voucher.file).startswith(b"%PDF")


def test_no_voucher_before_the_goods_change_hands(market: Market) -> None:
    with pytest.raises(errors.WrongState):
        vouchers.archive(redemption=market.hold())


def test_a_returned_redemption_keeps_its_voucher(market: Market) -> None:
    row = redemptions.reverse(redemption=market.bought(), reason="破损", by=SYSTEM)
    assert vouchers.archive(redemption=row).redemption_id == row.pk


def test_a_voucher_masks_the_households_head(market: Market, printed: list[dict[str, Any]]) -> None:
    row = market.bought(quantity=2, is_proxy=True, collected_by="钱邻居", signed_on_paper=True)
    vouchers.archive(redemption=row)
    [data] = printed
    assert (data["head"], data["collected_by"], data["points"], data["yuan"]) == ("张*", "钱邻居", Decimal(40), "42.00")


def test_a_proxys_signature_is_kept(market: Market) -> None:
    upload: Any = Upload()
    file = signatures.keep(upload, by=market.by)
    row = market.hold(is_proxy=True, collected_by="钱邻居", signature=file)
    assert row.signature is not None
    assert row.signature.kind == "signature"
    assert signatures.keep(None, by=market.by) is None


def test_a_sheet_of_cards_carries_number_digits_and_qr(market: Market, printed: list[dict[str, Any]]) -> None:
    households = [market.household, market.cast.household(name="李小明")]
    assert papers.sheet(households).startswith(b"%PDF")
    [first, second] = printed[0]["cards"]
    assert (first["number"], first["head"], second["head"]) == (market.household.number, "张*", "李*明")
    assert first["qr"].startswith("<?xml")
    assert len(first["digits"]) == 4


def test_a_passbook_lists_every_entry(market: Market, printed: list[dict[str, Any]]) -> None:
    market.bought()
    assert papers.passbook(market.household, clock.today().year).startswith(b"%PDF")
    [data] = printed
    assert (data["head"], data["merit"], data["available"]) == ("张三", Decimal(50), Decimal(30))
    assert [line["redeemable"] for line in data["entries"]] == ["+50", "\N{MINUS SIGN}20"]


def test_a_statement_prints_every_line_and_its_sum(market: Market, printed: list[dict[str, Any]]) -> None:
    row, today = market.bought(quantity=2), clock.today()
    [bill] = settlements.draw_all(from_date=today, to_date=today, by=SYSTEM)
    assert papers.statement(bill).startswith(b"%PDF")
    [data] = printed
    assert (data["payer"], data["yuan"], data["redemptions"]) == ("", "42.00", 1)
    assert [(line["number"], line["yuan"]) for line in data["lines"]] == [(str(row.number), "42.00")]


def test_a_lost_vouchers_task_is_sent_again(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(vouchers, "archive_soon", lambda: asked.append(True))
    row = market.bought()
    assert vouchers.archive_missing() == 0
    Redemption.objects.filter(pk=row.pk).update(hold_expires_at=timezone.now() - timedelta(seconds=1))
    assert vouchers.archive_missing() == 1
    assert asked == [True, True]


def test_many_exchanges_are_archived_by_one_piece_of_work(
    market: Market, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr(backlog, "feed", lambda **_: 0)
    monkeypatch.setattr(vouchers, "BATCH", 2)
    give(market.household, 100)
    with django_capture_on_commit_callbacks(execute=True):
        for _ in range(3):
            market.bought()
    assert list(Work.objects.values_list("task", "args")) == [(tasks.ARCHIVE, [])]
    tasks.archive_vouchers()
    assert Voucher.objects.count() == 2 and Work.objects.count() == 1
    tasks.archive_vouchers()
    assert Voucher.objects.count() == 3


def test_one_voucher_that_cannot_be_made_holds_up_no_other(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = market.bought(), market.bought()
    real = vouchers.contents

    def contents(row: Redemption) -> dict[str, Any]:
        if row.pk == first.pk:
            raise StoreUnavailable
        return real(row)

    monkeypatch.setattr(vouchers, "contents", contents)
    with pytest.raises(StoreUnavailable):
        tasks.archive_vouchers()
    assert [voucher.redemption_id for voucher in Voucher.objects.all()] == [second.pk]


@pytest.fixture
def poisoned(committing_town: Town, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> list[Redemption]:
    """Four exchanges; the vouchers of the first two are refused by the database, and a batch is of two."""
    monkeypatch.setattr(vouchers, "BATCH", 2)
    monkeypatch.setattr(backlog, "feed", lambda **_: 0)
    market = opened(cast, points=100)
    rows = [market.bought() for _ in range(4)]
    check = f"ADD CONSTRAINT poisoned CHECK (redemption_id > {rows[1].pk})"
    as_owner(f"ALTER TABLE redemption_voucher {check}", committing_town.schema_name)
    return rows


def made() -> list[int]:
    return list(Voucher.objects.order_by("pk").values_list("redemption", flat=True))


def test_a_batch_that_failed_goes_behind_later_ones(poisoned: list[Redemption]) -> None:
    for _ in range(2):
        with suppress(IntegrityError):
            tasks.archive_vouchers()
    assert made() == [row.pk for row in poisoned[2:]]
    with pytest.raises(IntegrityError):
        tasks.archive_vouchers()
    assert vouchers.archive_waiting().more is False


def test_what_failed_is_archived_when_nothing_hinders_it_any_more(
    poisoned: list[Redemption], committing_town: Town
) -> None:
    for _ in range(2):
        with suppress(IntegrityError):
            tasks.archive_vouchers()
    as_owner("ALTER TABLE redemption_voucher DROP CONSTRAINT poisoned", committing_town.schema_name)
    tasks.archive_vouchers()
    assert sorted(made()) == [row.pk for row in poisoned]


def test_after_one_failure_the_rest_goes_on_at_once(poisoned: list[Redemption], committing_town: Town) -> None:
    vouchers.archive_waiting()
    Redemption.objects.filter(pk=poisoned[0].pk).update(archive_failed_at=None)
    Work.objects.all().delete()
    with pytest.raises(IntegrityError):
        tasks.archive_vouchers()
    assert made() == [poisoned[2].pk]
    assert list(Work.objects.values_list("task", "args")) == [(tasks.ARCHIVE, [])]


def test_what_must_not_be_known_stands_in_no_printed_passbook(market: Market) -> None:
    class Row:
        day, title, reason = clock.today(), "举报违法犯罪行为", ""
        merit = redeemable = Decimal(2)

    row: Any = Row()
    assert papers._line(row)["reason"] == "其他（事由不公开）"


def test_a_character_that_the_font_lacks_is_named_not_lost(printed: list[dict[str, Any]]) -> None:
    assert pdf.missing("禤汧龘犇①张𪚥") == ["𪚥"]
    ready, lost = pdf._replaced({"head": "张𪚥", "rows": [{"name": "𪚥"}, 3]})
    assert (ready, lost) == ({"head": "张〓", "rows": [{"name": "〓"}, 3]}, ["U+2A6A5"])


def test_dates_and_points_are_printed_as_people_write_them() -> None:
    day = date(2025, 3, 5)
    plain = pdf._plain({"at": clock.at(day, 14, 6), "on": [day], "points": Decimal("3.20"), "n": 2})
    assert plain == {"at": "2025年3月5日 14:06", "on": ["2025年3月5日"], "points": "3.2", "n": 2}


def test_the_clock_looks_again_while_something_is_held(market: Market) -> None:
    row = market.hold()
    look = lookup(redemptions.EXPIRY).body
    assert [following.kind for following in look("") or ()] == [redemptions.EXPIRY]
    redemptions.release(redemption=row, by=SYSTEM)
    assert look("") == []

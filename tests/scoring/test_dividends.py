"""分红: a pool of money parted by points, to the fen, once, and never changed afterwards."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.cache import cache
from django.db import DatabaseError, transaction

from jifen.audit.models import AuditRow
from jifen.kernel import reading, spreadsheets
from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.database import connection
from scoring import dividend_errors as errors
from scoring.models import Dividend, DividendLine, Entry, Year
from scoring.rules import periods
from scoring.selectors import dividends as seen
from scoring.services import dividends, ledger
from scoring.verify_dividends import checks
from tenants.community.models import Household, Village
from tests.clients import api_client
from tests.clients import page_client as client
from tests.scoring import closing, owner, wide
from tests.scoring import desk as desks
from tests.scoring.desk import NOW, Desk

LAST = periods.start("quarter", NOW) - timedelta(days=1)
BEFORE = periods.start("quarter", LAST) - timedelta(days=1)
POOL = {"code": "hong", "name": "集体收益分红", "period": "quarter", "residue": "largest"}
HUNDRED = Decimal(100)


def code(day: date) -> str:
    return f"{day.year}Q{(day.month + 2) // 3}"


def shared(desk: Desk, *last_days: date, **pool: Any) -> list[Household]:
    """Three households, each with a tidy yard in each quarter that ends on such a day."""
    cache.clear()
    desks.last_year(desk, sealed=False)
    wide.install(desk, since=date(NOW.year - 1, 1, 2), settings={"pools": [POOL | pool]})
    homes = [desk.zhang, *(desk.cast.household(name=name, number=number) for name, number in OTHERS)]
    for day in last_days or (LAST,):
        for home in homes:
            desk.record("tidy", household=home, happened_on=day)
        desk.post(day.replace(day=1))
    return homes


OTHERS = (("李四", "999992"), ("王五", "999993"))


def confirmed(
    desk: Desk, day: date = LAST, amount: Decimal = HUNDRED, village: Village | None = None, mark: str = ""
) -> Dividend:
    place = village or desk.village
    return dividends.confirm(village=place, pool="hong", term=code(day), amount=amount, mark=mark, by=desk.by)


def parts(run: Dividend) -> list[int]:
    return list(run.lines.order_by("household_id").values_list("fen", flat=True))


def all_hold() -> bool:
    return [check.title for check in checks() if check.breaches()] == []


def test_a_hundred_yuan_go_to_three_households_to_the_fen(desk: Desk) -> None:
    shared(desk)
    before = Entry.objects.count()
    run = confirmed(desk)
    assert (parts(run), run.residue_fen, run.households, run.points) == ([3334, 3333, 3333], 0, 3, 6)
    assert run.told == "集体收益分红：100元 ÷ 6分，1分约16.6666元，3户，2位小数以下舍去，没有余额"
    assert Entry.objects.count() == before and all_hold()
    assert AuditRow.objects.filter(action="dividend.confirm").count() == 1


def test_what_is_left_goes_into_the_next_run_and_is_said(desk: Desk) -> None:
    shared(desk, BEFORE, LAST, residue="next", places=0)
    first = confirmed(desk, BEFORE)
    second = confirmed(desk, LAST, Decimal(101))
    assert (parts(first), first.residue_fen) == ([3300, 3300, 3300], 100)
    assert (second.carried_from, second.carried_fen, parts(second)) == (first, 100, [3400, 3400, 3400])
    assert "3户，元以下舍去，余1元转入下一期" in first.told
    assert second.told.startswith("集体收益分红：102元 ÷ 6分") and second.told.endswith("；其中上期转入1元")
    with pytest.raises(errors.DividendCarried):
        dividends.void(run=first, reason="金额写错", by=desk.by)
    assert all_hold()


def test_what_is_kept_is_not_carried_on(desk: Desk) -> None:
    shared(desk, BEFORE, LAST, residue="kept", places=0)
    confirmed(desk, BEFORE)
    assert confirmed(desk).carried_fen == 0


def test_a_period_is_parted_once_unless_it_was_voided(desk: Desk) -> None:
    shared(desk)
    run = confirmed(desk)
    with pytest.raises(errors.DividendTaken):
        confirmed(desk)
    with pytest.raises(errors.VoidReasonMissing):
        dividends.void(run=run, reason=" ", by=desk.by)
    assert dividends.void(run=run, reason="金额写错", by=desk.by).state == "void"
    again = confirmed(desk, amount=Decimal(90))
    assert parts(again) == [3000, 3000, 3000] and parts(run) == [3334, 3333, 3333]
    with pytest.raises(errors.DividendOver):
        dividends.pay(run=run, paid_on=NOW, by=desk.by)


def test_an_earlier_period_is_not_parted_after_a_later_one(desk: Desk) -> None:
    shared(desk, BEFORE, LAST)
    confirmed(desk)
    with pytest.raises(errors.DividendLater):
        confirmed(desk, BEFORE)


def test_what_was_paid_out_stands(desk: Desk) -> None:
    shared(desk)
    run = confirmed(desk)
    for day in (None, LAST, NOW + timedelta(days=1)):
        with pytest.raises(errors.PaidDayWrong):
            dividends.pay(run=run, paid_on=day, by=desk.by)
    assert dividends.pay(run=run, paid_on=NOW, by=desk.by).paid_by_name == desk.by.name
    with pytest.raises(errors.DividendOver):
        dividends.void(run=run, reason="不分了", by=desk.by)


def test_a_period_that_is_not_posted_waits(desk: Desk) -> None:
    shared(desk)
    month = LAST.replace(day=1)
    desk.sheet(month=(month - timedelta(days=1)).replace(day=1))
    with pytest.raises(errors.TermUnposted) as refused:
        confirmed(desk)
    assert desk.village.name in refused.value.message and not Dividend.objects.exists()


@pytest.mark.parametrize(
    ("asked", "refused"), [
        ({"pool": "none"}, errors.PoolUnknown),
        ({"term": "2001"}, errors.TermUnknown),
        ({"amount": Decimal(0)}, errors.AmountWrong),
        ({"amount": Decimal("1.001")}, errors.AmountWrong),
        ({"amount": None}, errors.AmountWrong),
    ],
)  # fmt: skip
def test_what_cannot_be_parted_is_refused(desk: Desk, asked: dict[str, Any], refused: type[Exception]) -> None:
    shared(desk)
    wanted: dict[str, Any] = {"village": desk.village, "pool": "hong", "term": code(LAST), "amount": HUNDRED}
    with pytest.raises(refused):
        dividends.plan(**wanted | asked)


def test_only_those_with_enough_points_take_part(desk: Desk) -> None:
    shared(desk, least_points=3)
    with pytest.raises(errors.NobodyTakesPart):
        confirmed(desk)


def test_what_moved_after_the_preview_asks_for_another_look(desk: Desk) -> None:
    shared(desk, BEFORE, LAST, residue="next", places=0)
    mark = dividends.plan(village=desk.village, pool="hong", term=code(LAST), amount=HUNDRED).mark
    confirmed(desk, BEFORE)
    with pytest.raises(errors.DividendMoved):
        confirmed(desk, mark=mark)
    now = dividends.plan(village=desk.village, pool="hong", term=code(LAST), amount=HUNDRED).mark
    assert confirmed(desk, mark=now).carried_fen == 100


def test_a_later_correction_counts_in_the_period_in_which_it_is_booked(desk: Desk) -> None:
    shared(desk)
    posting = Entry.objects.filter(household=desk.zhang, measure="merit").earliest("pk").posting
    ledger.reverse(posting=posting, reason="记错了", by=SYSTEM)
    books_in_its_last_month = LAST.year < NOW.year
    assert confirmed(desk).households == (2 if books_in_its_last_month else 3)


def test_the_whole_town_has_runs_of_its_own(desk: Desk) -> None:
    shared(desk)
    far = desk.cast.village("赵家村")
    run = dividends.confirm(village=None, pool="hong", term=code(LAST), amount=HUNDRED, by=Actor.of(desk.officer))
    assert run.village is None and run.households == 3
    assert confirmed(desk).pk != run.pk
    with pytest.raises(errors.NobodyTakesPart):
        confirmed(desk, village=far)


def test_the_database_takes_no_run_that_does_not_add_up(desk: Desk) -> None:
    shared(desk)
    run = confirmed(desk)
    more = {"dividend": run, "household": desk.cast.household(name="孙七"), "points": 1}
    with pytest.raises(DatabaseError, match="I14"), transaction.atomic():
        DividendLine.objects.create(**more, fen=1)
    columns = {one.attname: getattr(run, one.attname) for one in Dividend._meta.fields if one.attname != "id"}
    with pytest.raises(DatabaseError, match="I14"), transaction.atomic():
        Dividend.objects.create(**columns | {"since": BEFORE})
        connection.check_constraints()


@pytest.mark.parametrize("change", [{"amount_fen": 1}, {"told": "改"}, {"households": 9}])
def test_the_database_changes_no_run(desk: Desk, change: dict[str, Any]) -> None:
    shared(desk)
    run = confirmed(desk)
    with pytest.raises(DatabaseError, match="I1: a dividend is never changed"), transaction.atomic():
        Dividend.objects.filter(pk=run.pk).update(**change)


def test_the_database_keeps_shares_and_takes_no_second_run(desk: Desk) -> None:
    shared(desk)
    run = confirmed(desk)
    for act in ("UPDATE scoring_dividendline SET fen = 0", "DELETE FROM scoring_dividend"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(act)
    columns = {one.attname: getattr(run, one.attname) for one in Dividend._meta.fields if one.attname != "id"}
    with pytest.raises(DatabaseError, match="scoring_dividend_once"), transaction.atomic():
        Dividend.objects.create(**columns)
    assert parts(run) == [3334, 3333, 3333]


@pytest.fixture
def steward(desk: Desk) -> Any:
    return client(desk.steward)


def _asked(day: date = LAST, amount: str = "100") -> dict[str, str]:
    return {"what": f"hong:{code(day)}", "amount": amount}


def test_the_steward_looks_confirms_and_prints(desk: Desk, steward: Any) -> None:
    shared(desk)
    page = steward.get("/village/dividends/", _asked())
    assert "1分约16.6666元" in page.content.decode() and "¥33.34" in page.content.decode()
    mark = page.context["plan"].mark
    made = steward.post("/village/dividends/make/", _asked() | {"mark": mark})
    run = Dividend.objects.get()
    assert made["Location"] == f"/village/dividends/{run.pk}/"
    assert "李四" in steward.get(made["Location"]).content.decode()
    assert steward.get(f"/village/dividends/{run.pk}/list.pdf").content.startswith(b"%PDF")
    rows = spreadsheets.first(steward.get(f"/village/dividends/{run.pk}/list.xlsx").content, most_rows=50).grid
    assert rows[1][2:5] == ["张三", "2", "33.34"] and rows[4][4] == "100.00"
    assert steward.get(f"/village/dividends/{run.pk}/list.doc").status_code == 404


def test_the_page_says_what_is_wrong_with_the_sum(desk: Desk, steward: Any) -> None:
    shared(desk)
    page = steward.get("/village/dividends/", _asked(amount="1.234"))
    assert page.status_code == 422 and "请填写要分的金额" in page.content.decode()
    steward.post("/village/dividends/make/", _asked() | {"mark": "old"})
    assert not Dividend.objects.exists()


def test_the_page_notes_the_payment_and_voids(desk: Desk, steward: Any) -> None:
    shared(desk)
    run = confirmed(desk)
    steward.post(f"/village/dividends/{run.pk}/void/", {"reason": "金额写错"})
    again = confirmed(desk)
    steward.post(f"/village/dividends/{again.pk}/paid/", {"paid_on": NOW.isoformat()})
    run.refresh_from_db()
    again.refresh_from_db()
    assert (run.state, run.void_reason, again.state) == ("void", "金额写错", "paid")
    assert "金额写错" in steward.get(f"/village/dividends/{run.pk}/").content.decode()


def test_the_committee_reads_and_does_not_part(desk: Desk) -> None:
    shared(desk)
    run = confirmed(desk)
    asking = client(desk.li)
    assert "按积分分一笔钱" not in asking.get("/village/dividends/", _asked()).content.decode()
    assert asking.post("/village/dividends/make/", _asked()).status_code == 403
    assert asking.post(f"/village/dividends/{run.pk}/void/", {"reason": "不"}).status_code == 403
    assert asking.get(f"/village/dividends/{run.pk}/").status_code == 200
    assert run.state == "open" and Dividend.objects.count() == 1


def test_another_villages_run_does_not_exist_for_its_neighbours(desk: Desk) -> None:
    shared(desk)
    run = confirmed(desk)
    far = client(desk.cast.steward(desk.cast.village("赵家村"), name="远管理"))
    for path in ("", "list.pdf", "list.xlsx"):
        assert far.get(f"/village/dividends/{run.pk}/{path}").status_code == 404
    assert far.post(f"/village/dividends/{run.pk}/void/", {"reason": "不"}).status_code == 404


def test_the_office_parts_for_the_town_or_a_village(desk: Desk) -> None:
    shared(desk)
    office = client(desk.officer)
    for more in ({}, {"village": str(desk.village.pk)}):
        plan = office.get("/office/dividends/", _asked() | more).context["plan"]
        office.post("/office/dividends/make/", _asked() | more | {"mark": plan.mark})
    assert sorted(run.village_id or 0 for run in Dividend.objects.all()) == [0, desk.village.pk]
    town = Dividend.objects.get(village=None)
    assert office.get(f"/office/dividends/{town.pk}/").status_code == 200
    assert client(desk.steward).get(f"/village/dividends/{town.pk}/").status_code == 404


def test_a_resident_reads_her_share_and_how_it_came_about(desk: Desk) -> None:
    shared(desk)
    confirmed(desk)
    told = "没有余额；您家2分，分得33.34元"
    hers = desk.cast.villager(desk.zhang)
    assert told in client(hers).get("/passbook/").content.decode()
    [own] = api_client(hers).get("/api/v1/own-dividends/").json()
    assert (own["fen"], own["told"].endswith(told)) == (3334, True)
    dividends.void(run=Dividend.objects.get(), reason="不分了", by=desk.by)
    assert seen.own(desk.zhang) == []


def test_the_menu_has_it_where_the_rulebook_has_a_pool(desk: Desk, steward: Any) -> None:
    cache.clear()
    assert "/village/dividends/" not in steward.get("/village/").content.decode()
    shared(desk)
    assert "/village/dividends/" in steward.get("/village/").content.decode()


def test_programs_part_look_and_void(desk: Desk) -> None:
    shared(desk)
    api, asked = api_client(desk.steward), {"village": desk.village.pk, "pool": "hong", "term": code(LAST)}
    told = api.post("/api/v1/dividends/preview/", asked | {"amount": "100"}).json()
    assert [row["fen"] for row in told["lines"]] == [3334, 3333, 3333] and not Dividend.objects.exists()
    made = api.post("/api/v1/dividends/", asked | {"amount": "100", "mark": told["mark"]})
    here = f"/api/v1/dividends/{made.json()['id']}/"
    assert made.status_code == 201 and made.json()["state"] == "open"
    assert len(api.get(f"{here}lines/").json()) == 3
    assert api.get(f"{here}paper/").content.startswith(b"%PDF")
    assert api.post(f"{here}void/", {"reason": "金额写错"}).json()["state"] == "void"
    assert api.post(f"{here}paid/", {"paid_on": NOW.isoformat()}).status_code == 409


def test_programs_part_only_where_their_people_may(desk: Desk) -> None:
    shared(desk)
    run = confirmed(desk)
    far = api_client(desk.cast.steward(desk.cast.village("赵家村"), name="远管理"))
    asked = {"pool": "hong", "term": code(LAST), "amount": "100"}
    for body in (asked, asked | {"village": desk.village.pk}):
        assert far.post("/api/v1/dividends/", body).status_code == 404
    assert far.get(f"/api/v1/dividends/{run.pk}/").status_code == 404
    reader = api_client(desk.li)
    assert reader.get(f"/api/v1/dividends/{run.pk}/").status_code == 200
    assert reader.post(f"/api/v1/dividends/{run.pk}/void/", {"reason": "不"}).status_code == 403
    assert api_client(desk.cast.villager(desk.zhang)).get("/api/v1/dividends/").status_code == 403
    assert Dividend.objects.filter(voided_at=None).count() == 1


def test_verify_finds_shares_that_were_tampered_with(committing_desk: Desk) -> None:
    shared(committing_desk)
    run = confirmed(committing_desk)
    assert all_hold()
    swap = "CASE fen WHEN 3334 THEN 3333 ELSE 3334 END"
    swapped = f"UPDATE scoring_dividendline SET fen = {swap} WHERE household_id = ANY(%s)"
    first, second = sorted(run.lines.values_list("household_id", flat=True))[:2]
    with owner.owner(connection.schema_name) as database:
        database.execute("ALTER TABLE scoring_dividendline DISABLE TRIGGER USER")
        database.execute(swapped, [[first, second]])
        database.execute("ALTER TABLE scoring_dividendline ENABLE TRIGGER USER")
    assert [check.breaches() for check in checks()] == [0, 1]


def test_points_that_ended_with_the_year_were_earned_all_the_same(desk: Desk) -> None:
    last = date(NOW.year - 1, 12, 31)
    shared(desk, last, measure="redeemable")
    closing.seal(Year.objects.get(number=last.year))
    assert Entry.objects.filter(cause="expiry", household=desk.zhang).exists()
    assert parts(confirmed(desk, last)) == [3334, 3333, 3333]


@pytest.mark.parametrize(
    ("text", "sum_"), [
        ("1280", "1280"), ("1280.5", "1280.5"), ("0.05", "0.05"), ("-1", None), ("1e3", None), (".5", None),
        ("1.234", None), ("", None), ("一百", None), ("1.", None),
    ],
)  # fmt: skip
def test_a_sum_is_read_as_people_write_it(text: str, sum_: str | None) -> None:
    assert reading.yuan(text) == (None if sum_ is None else Decimal(sum_))

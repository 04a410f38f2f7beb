"""Who is told of a dividend, and its list as a workbook by program."""

from decimal import Decimal

from jifen.accounts.models import User
from jifen.inbox.models import Message
from jifen.kernel import spreadsheets
from scoring.services import dividends
from tenants.community.models import HouseholdMember
from tests.clients import api_client
from tests.clients import page_client as client
from tests.scoring.desk import NOW, Desk
from tests.scoring.test_dividends import HUNDRED, LAST, code, confirmed, shared


def messages(user: User) -> list[tuple[str, str, bool]]:
    """What waits or waited for her: title, place, whether it is past."""
    rows = Message.objects.filter(user=user, kind="dividend").order_by("pk")
    return [(row.title, row.address, row.past_at is not None) for row in rows]


def test_a_household_is_told_of_its_share_and_led_to_its_line(desk: Desk) -> None:
    shared(desk)
    hers, others = desk.cast.villager(desk.zhang), desk.cast.villager(desk.cast.household(name="孙七"))
    run = confirmed(desk)
    [told] = Message.objects.filter(user=hers)
    assert (told.title, told.address) == ("您家分到33.34元分红", f"/passbook/#dividend-{run.pk}")
    assert told.body.startswith(f"“集体收益分红”（{run.term}），您家2分，分得33.34元。") and not messages(others)
    hers_at = client(hers)
    assert f'<li id="dividend-{run.pk}">' in hers_at.get("/passbook/").content.decode()
    told.refresh_from_db()
    assert told.read_at is not None


def test_a_preview_tells_nobody_and_a_void_run_is_told_again(desk: Desk) -> None:
    shared(desk)
    hers = desk.cast.villager(desk.zhang)
    dividends.plan(village=desk.village, pool="hong", term=code(LAST), amount=HUNDRED)
    assert messages(hers) == []
    run = confirmed(desk)
    dividends.void(run=run, reason="金额写错", by=desk.by)
    assert [(title, past) for title, _, past in messages(hers)] == [
        ("您家分到33.34元分红", True), ("一次分红已作废", False),
    ]  # fmt: skip
    again = confirmed(desk, amount=Decimal(90))
    assert messages(hers)[-1] == ("您家分到30元分红", f"/passbook/#dividend-{again.pk}", False)


def test_who_has_left_the_household_is_not_told(desk: Desk) -> None:
    shared(desk)
    stays, left = desk.cast.villager(desk.zhang), desk.cast.account(desk.cast.member(desk.zhang))
    HouseholdMember.objects.filter(resident__user=left).update(to_date=NOW)
    confirmed(desk)
    assert (len(messages(stays)), messages(left)) == (1, [])


def test_programs_fetch_the_list_as_a_workbook(desk: Desk) -> None:
    shared(desk)
    here = f"/api/v1/dividends/{confirmed(desk).pk}/workbook/"
    answer = api_client(desk.steward).get(here)
    assert (answer.status_code, answer["Content-Type"]) == (200, spreadsheets.XLSX)
    rows = spreadsheets.first(answer.content, most_rows=50).grid
    assert rows[0][:5] == ["村居", "户号", "户主", "积分", "分得（元）"] and rows[1][2:5] == ["张三", "2", "33.34"]
    assert api_client(desk.steward).get(here, headers={"Accept": spreadsheets.XLSX}).status_code == 200
    far = api_client(desk.cast.steward(desk.cast.village("赵家村"), name="远管理"))
    assert far.get(here).status_code == 404

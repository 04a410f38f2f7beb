"""A new town is told what to do first; an old one is not."""

from collections.abc import Callable
from datetime import date, timedelta

from jifen.accounts.models import User
from jifen.flows import beginning, homes
from jifen.kernel import clock
from scoring.models import Year
from scoring.permissions import ScoringPermission
from tenants.community.models import HouseholdTotal
from tests.cast import Cast
from tests.clients import PageClient
from tests.redemption import market
from tests.scoring.desk import MONTH, Desk

Clients = Callable[..., PageClient]


def _done(user: User) -> list[str]:
    return [step.label for step in beginning.steps(user) if step.is_done]


def test_a_new_towns_office_sees_the_five_first_steps_with_links(cast: Cast, client_for: Clients) -> None:
    cast.village()
    page = client_for(cast.admin()).get("/office/").text
    for label, path in (("导入花名册", "roster"), ("定职责", "roles"), ("办理参加", "households")):
        assert f'<a href="/office/{path}/">{label}</a>' in page
    assert "还差1个村" in page and "各村都已审完" not in page


def test_each_step_is_ticked_once_every_village_has_done_it(desk: Desk) -> None:
    admin = desk.cast.admin()
    assert _done(admin) == ["导入花名册", "定职责", "办理参加"]
    HouseholdTotal.objects.create(village=desk.village, as_of=date(2026, 1, 1), total=100, source="户籍")
    assert _done(admin) == ["导入花名册", "登记总户数", "定职责", "办理参加"]
    desk.cast.village("双桥村")
    assert _done(admin) == []


def test_nothing_is_said_once_all_is_done(cast: Cast) -> None:
    market.accepted_shop()
    home = cast.household()
    cast.steward(home.village)
    cast.committee(home.village)
    admin = cast.admin()
    assert [step.label for step in beginning.steps(admin) if not step.is_done] == ["登记总户数"]
    HouseholdTotal.objects.create(village=home.village, as_of=date(2026, 1, 1), total=100, source="户籍")
    assert beginning.steps(admin) == []


def test_a_town_that_began_this_month_is_not_asked_for_the_month_before(desk: Desk, client_for: Clients) -> None:
    browser, before = client_for(desk.officer), clock.month_start(MONTH - timedelta(days=1))
    assert browser.get("/office/months/").context["month"] == MONTH
    assert homes.work(desk.officer, ScoringPermission.FILE).month == MONTH
    assert browser.get("/office/months/", {"month": f"{before:%Y-%m}"}).context["month"] == before
    Year.objects.update(opened_at=clock.at(before))
    assert browser.get("/office/months/").context["month"] == before

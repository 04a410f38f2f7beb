"""The provider sees how towns' background work stands, lets what failed run again, and keeps the holidays."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from jifen.accounts import services as accounts
from jifen.accounts.models import SiteRole, User
from jifen.audit.models import AuditRow
from jifen.clocks import errors, lateness, services
from jifen.clocks.models import Due, Holiday, Lane, Work
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from jifen.kernel.tenancy import entered, outside
from tenants.models import DistrictRole, Town

Browser = Callable[..., Any]


def account(name: str) -> User:
    return accounts.create(username=name, display_name=name, password="sesame-open-8", by=SYSTEM)


@pytest.fixture
def provider(db: None, client_for: Browser) -> Iterator[Any]:
    with outside():
        user = account("provider")
        accounts.grant_role(user=user, role=SiteRole.PROVIDER, by=SYSTEM)
        yield client_for(user)


def failed(kind: str = "year.close") -> Due:
    services.schedule(town="t_alpha", kind=kind, period="2025", due_at=clock.now() - timedelta(hours=1))
    Due.objects.filter(kind=kind).update(state="failed", problem="ZeroDivisionError(body:3)")
    return Due.objects.get(kind=kind)


def test_what_failed_is_shown_under_its_town_and_runs_again(provider: Any, other_town: Town) -> None:
    due, town = failed(), Town.objects.get(schema_name="t_alpha")
    assert "树人镇" in provider.get("/provider/work/").content.decode()
    assert "年度封账" in provider.get(f"/provider/work/{town.pk}/").content.decode()
    assert provider.post(f"/provider/work/{town.pk}/due/{due.pk}/again/").status_code == 302
    due.refresh_from_db()
    assert (due.state, due.attempts, due.problem) == ("waiting", 0, "")
    assert AuditRow.objects.filter(action="clocks.try_again").count() == 1


def test_what_failed_in_one_town_is_not_run_again_through_another(provider: Any, other_town: Town) -> None:
    due = failed()
    provider.post(f"/provider/work/{other_town.pk}/due/{due.pk}/again/")
    due.refresh_from_db()
    assert due.state == "failed"
    assert not AuditRow.objects.filter(action="clocks.try_again").exists()


def test_a_failed_piece_of_the_backlog_runs_again(provider: Any) -> None:
    now = timezone.now()
    work = Work.objects.create(town="t_alpha", task="reporting.make_posters", args=[1], put_at=now, ready_at=now)
    with pytest.raises(errors.NotGivenUp):
        services.try_again(town="t_alpha", pk=work.pk, is_work=True, by=SYSTEM)
    Work.objects.update(state="failed", attempts=5)
    services.try_again(town="t_alpha", pk=work.pk, is_work=True, by=SYSTEM)
    work.refresh_from_db()
    assert (work.state, work.attempts) == ("waiting", 0)


@pytest.mark.parametrize(("wanted", "kept"), [("4", 4), ("0", None), ("65", None), ("viele", None)])
def test_a_town_s_share_is_set_within_bounds(provider: Any, wanted: str, kept: int | None) -> None:
    town = Town.objects.get(schema_name="t_alpha")
    answer = provider.post(f"/provider/work/{town.pk}/share/", {"concurrency": wanted})
    assert answer.status_code == (302 if kept else 422)
    assert Lane.objects.filter(town="t_alpha").values_list("concurrency", flat=True).first() == kept


def test_holidays_of_a_new_year_are_entered_and_removed(provider: Any) -> None:
    assert "2026年为止" in provider.get("/provider/holidays/").content.decode()
    provider.post("/provider/holidays/", {"day": "2027-02-06", "is_off": "1", "name": "春节"})
    row = Holiday.objects.get(day=date(2027, 2, 6))
    assert row.is_off
    provider.post(f"/provider/holidays/{row.pk}/remove/")
    assert not Holiday.objects.filter(day=date(2027, 2, 6)).exists()


@pytest.mark.parametrize("path", ["/provider/work/", "/provider/holidays/", "/district/late/"])
def test_others_do_not_see_these_pages(db: None, client_for: Browser, path: str) -> None:
    with outside():
        assert client_for(account("nobody")).get(path).status_code == 403


def test_the_district_sees_how_many_villages_are_late_in_its_towns_alone(
    db: None, other_town: Town, client_for: Browser
) -> None:
    for schema, villages in (("t_alpha", 2), ("t_beta", 3)):
        with entered(schema):
            lateness.note(
                clock_name="filing", period="2026-03", due_on=date(2026, 4, 10), villages=villages, is_escalated=True
            )
    with outside():
        user = account("district")
        DistrictRole.objects.create(user=user, district=other_town.district)
        page = client_for(user).get("/district/late/").content.decode()
    assert "2026年3月报镇" in page and "3处" in page and "明德镇" in page


def test_programs_see_the_work_and_set_a_share_as_the_pages_do(db: None, api_client: Browser) -> None:
    with outside():
        user = account("provider")
        accounts.grant_role(user=user, role=SiteRole.PROVIDER, by=SYSTEM)
        program, due = api_client(user), failed()
        assert [row["town"] for row in program.get("/api/v1/town-work/").json() if row["failed"]] == ["t_alpha"]
        assert program.post("/api/v1/town-work/t_alpha/share/", {"concurrency": 3}).status_code == 204
        assert program.post("/api/v1/town-work/t_alpha/share/", {"concurrency": 99}).status_code == 422
        assert Lane.objects.get(town="t_alpha").concurrency == 3
        assert program.post(f"/api/v1/town-work/t_alpha/due/{due.pk}/again/").status_code == 204
        assert program.post(f"/api/v1/town-work/t_alpha/due/{due.pk}/again/").status_code == 409

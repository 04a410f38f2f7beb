"""The pages of villagers, staff and passers-by."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from jifen.accounts.models import User
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from reporting.models import Notice, Objection, ObjectionState
from reporting.services import notices, objections
from scoring.models import Posting, Year
from scoring.services import years
from tenants.community.models import Household, TownProfile, Village
from tests.cast import Cast
from tests.clients import PageClient
from tests.reporting import months
from tests.scoring import closing

JULY = date(2026, 7, 6)
Clients = Callable[..., PageClient]


@pytest.fixture
def home(cast: Cast) -> Household:
    months.set_up("seed_000_003")
    return cast.household(name="赵六", number="0001")


@pytest.fixture
def posting(home: Household) -> Posting:
    deed = months.deed(home, "植树", JULY, facts={"quantity": "2"})
    months.deed(home, "焚烧秸秆", JULY)
    months.post(home.village, JULY)
    return months.posting_of(deed)


@pytest.fixture
def notice(home: Household, posting: Posting) -> Notice:
    return notices.publish_quarter(village=home.village, year=2026, quarter=3, by=SYSTEM)


@pytest.fixture
def villager(cast: Cast, home: Household) -> User:
    return cast.villager(home)


def test_anyone_with_the_address_reads_the_notice(client_for: Clients, notice: Notice) -> None:
    answer = client_for().get(f"/n/{notice.token}/")
    assert answer.status_code == 200
    assert "noindex" in answer["X-Robots-Tag"]
    assert "家庭户正积分排名" in answer.content.decode()


def test_the_address_closes_after_the_notices_days(
    client_for: Clients, notice: Notice, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = clock.at(notice.closes_on + timedelta(days=365))
    monkeypatch.setattr(clock, "now", lambda: later)
    answer = client_for().get(f"/n/{notice.token}/")
    assert answer.status_code == 410
    assert "公示已结束" in answer.content.decode()
    assert "0001" not in answer.content.decode()


def test_a_wrong_address_is_not_found(client_for: Clients, notice: Notice) -> None:
    assert client_for().get("/n/nothing/").status_code == 404


def test_a_villager_sees_her_villages_notices(client_for: Clients, villager: User, notice: Notice) -> None:
    page = client_for(villager)
    assert notice.title in page.get("/notices/").content.decode()
    assert "我家" not in page.get("/notices/").content.decode()
    assert 'class="top mine"' in page.get(f"/notices/{notice.pk}/").content.decode()


def test_another_villages_notice_is_not_hers(client_for: Clients, cast: Cast, villager: User) -> None:
    home = cast.household(cast.village("竹溪村"))
    other = notices.publish_quarter(village=home.village, year=2026, quarter=3, by=SYSTEM)
    assert client_for(villager).get(f"/notices/{other.pk}/").status_code == 404


def test_a_villager_objects_to_her_entry(client_for: Clients, villager: User, posting: Posting) -> None:
    page = client_for(villager)
    assert "植树造林" in page.get(f"/objections/new/?posting={posting.pk}").content.decode()
    answer = page.post(f"/objections/new/?posting={posting.pk}", {"text": "那天我不在村里。"})
    objection = Objection.objects.get()
    assert answer.status_code == 302
    assert objection.posting == posting
    assert "核实中" in page.get(f"/objections/{objection.pk}/").content.decode()


def test_of_a_sealed_year_it_is_said_at_once_instead_of_the_form(
    client_for: Clients, cast: Cast, villager: User, posting: Posting, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = clock.at(date(months.YEAR + 1, 3, 1))
    monkeypatch.setattr(clock, "now", lambda: later)
    years.open_year(number=months.YEAR + 1, by=SYSTEM)
    closing.seal(Year.objects.get(number=months.YEAR))
    entering = f"/village/objections/enter/one/?posting={posting.pk}&household=0001"
    for user, address in ((villager, f"/objections/new/?posting={posting.pk}"), (cast.steward(), entering)):
        page = client_for(user).get(address).content.decode()
        assert "植树造林" in page and "2026 年度已经封账" in page and 'name="text"' not in page
    answer = client_for(villager).post(f"/objections/new/?posting={posting.pk}", {"text": "那天我不在村里。"})
    assert answer.status_code == 422 and "已经封账" in answer.content.decode() and not Objection.objects.exists()


def test_that_it_is_questioned_already_is_told_to_the_household_alone(
    client_for: Clients, cast: Cast, villager: User, home: Household, posting: Posting
) -> None:
    objections.raise_objection(household=home, posting=posting, text="不对。", is_direct=True, by=SYSTEM)
    ask = f"/objections/new/?posting={posting.pk}"
    assert "正在核实，请等待答复" in client_for(villager).get(ask).content.decode()
    entering = f"/village/objections/enter/one/?posting={posting.pk}&household={home.number}"
    for user, address in ((cast.supervisor(home.village), ask), (cast.steward(home.village), entering)):
        page = client_for(user).get(address).content.decode()
        assert 'name="text"' in page and "正在核实" not in page


def test_an_empty_objection_is_sent_back(client_for: Clients, villager: User, posting: Posting) -> None:
    answer = client_for(villager).post(f"/objections/new/?posting={posting.pk}", {"text": ""})
    assert answer.status_code == 422
    assert not Objection.objects.exists()


def test_a_neighbours_entry_cannot_be_questioned_from_nowhere(
    client_for: Clients, cast: Cast, posting: Posting
) -> None:
    neighbour = cast.villager(cast.household())
    assert client_for(neighbour).get(f"/objections/new/?posting={posting.pk}").status_code == 404


def test_a_supervisor_objects_for_the_household_concerned(
    client_for: Clients, cast: Cast, home: Household, posting: Posting
) -> None:
    page = client_for(cast.supervisor(home.village))
    answer = page.post(f"/objections/new/?posting={posting.pk}", {"text": "佐证照片不是本村。"})
    objection = Objection.objects.get()
    assert objection.household == home
    assert answer.headers["Location"] == f"/village/objections/{objection.pk}/"
    assert "佐证照片不是本村" in page.get(answer.headers["Location"]).content.decode()


@pytest.mark.parametrize("area", ["village", "office"])
def test_staff_pages_open(client_for: Clients, cast: Cast, notice: Notice, area: str) -> None:
    user = cast.committee(notice.village) if area == "village" else cast.officer()
    objection = _raised(notice)
    page = client_for(user)
    for route in ("notices/", f"notices/{notice.pk}/", "objections/", f"objections/{objection.pk}/", "honours/"):
        assert page.get(f"/{area}/{route}").status_code == 200, route
    assert page.get(f"/{area}/objections/?state=answered").status_code == 200


def _raised(notice: Notice) -> Objection:
    household = Household.objects.get(number="0001")
    return objections.raise_objection(household=household, notice=notice, text="请查。", by=SYSTEM)


def test_staff_are_warned_of_a_poster_without_a_number(client_for: Clients, cast: Cast, notice: Notice) -> None:
    page = client_for(cast.steward())
    TownProfile.objects.update(phone="")
    assert "海报上会缺联系电话" in page.get("/village/notices/").content.decode()
    Village.objects.update(phone="52671234")
    assert "海报上会缺联系电话" not in page.get("/village/notices/").content.decode()


def test_the_internal_black_list_is_for_staff_alone(client_for: Clients, cast: Cast, notice: Notice) -> None:
    page = client_for(cast.steward(notice.village)).get(f"/village/notices/{notice.pk}/")
    assert "黑榜（内部掌握，不上墙）" in page.content.decode()
    assert "黑榜" not in client_for().get(f"/n/{notice.token}/").content.decode()


def test_a_steward_publishes_by_hand(client_for: Clients, cast: Cast, home: Household, posting: Posting) -> None:
    page = client_for(cast.steward(home.village))
    answer = page.post("/village/notices/publish/", {"place": str(home.village_id), "period": "2026Q3"})
    assert answer.status_code == 302
    assert Notice.objects.get().village == home.village


def test_only_quarters_of_the_towns_own_years_are_offered(client_for: Clients, cast: Cast, home: Household) -> None:
    page = client_for(cast.steward(home.village)).get("/village/notices/").text
    assert "2026年第三季度" in page
    assert "2025年第四季度" not in page


def test_staff_are_led_from_a_notices_figures_to_the_entries_and_the_public_is_not(
    client_for: Clients, cast: Cast, home: Household, posting: Posting
) -> None:
    notice = notices.publish_quarter(village=home.village, year=2026, quarter=3, by=SYSTEM)
    staff = client_for(cast.officer()).get(f"/office/notices/{notice.pk}/").text
    for path in (f"/office/postings/{posting.pk}/", f"/office/balances/{home.number}/", "/office/participation/"):
        assert f'href="{path}"' in staff, path
    public = client_for().get(f"/n/{notice.token}/").text
    assert f"/postings/{posting.pk}/" not in public and "/balances/" not in public


def test_a_list_says_by_what_and_how_a_tie_is_broken(
    client_for: Clients, cast: Cast, home: Household, posting: Posting
) -> None:
    notice = notices.publish_quarter(village=home.village, year=2026, quarter=3, by=SYSTEM)
    page = client_for().get(f"/n/{notice.token}/").text
    assert "按本季正积分由高到低" in page and "不按户号挑选" in page


def test_a_committee_member_upholds_an_objection(client_for: Clients, cast: Cast, posting: Posting) -> None:
    household = Household.objects.get(number="0001")
    page = client_for(cast.committee(household.village))
    objection = objections.raise_objection(household=household, posting=posting, text="不对。", by=SYSTEM)
    answer = page.post(f"/village/objections/{objection.pk}/", {"verdict": "upheld", "finding": "登记有误。"})
    assert answer.status_code == 302
    objection.refresh_from_db()
    assert objection.state == ObjectionState.UPHELD


def test_a_steward_reads_objections_and_answers_none(client_for: Clients, cast: Cast, notice: Notice) -> None:
    objection = _raised(notice)
    page = client_for(cast.steward(notice.village))
    page.post(f"/village/objections/{objection.pk}/", {"verdict": "upheld", "finding": "好。"})
    objection.refresh_from_db()
    assert objection.state == ObjectionState.RAISED


def test_another_villages_committee_does_not_see_an_objection(client_for: Clients, cast: Cast, notice: Notice) -> None:
    objection = _raised(notice)
    page = client_for(cast.committee(cast.village("竹溪村")))
    assert page.get(f"/village/objections/{objection.pk}/").status_code == 404


def test_a_supervisor_finds_the_entry_she_objects_to(
    client_for: Clients, cast: Cast, home: Household, posting: Posting
) -> None:
    page = client_for(cast.supervisor(home.village))
    assert "提异议" in page.get("/village/").content.decode()
    found = page.get("/village/objections/new/", {"word": "0001", "year": str(months.YEAR)}).content.decode()
    assert f"/objections/new/?posting={posting.pk}" in found
    stranger = client_for(cast.supervisor(cast.village("白江洞村"), name="钱监督"))
    assert "没有找到这一户" in stranger.get("/village/objections/new/", {"word": home.number}).content.decode()
    assert client_for(cast.steward(home.village)).get("/village/objections/new/").status_code == 403

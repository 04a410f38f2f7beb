"""The provider watches the towns, suspends one, and sees no villager."""

from collections.abc import Callable

import pytest

from jifen.accounts import services as accounts
from jifen.accounts.models import SiteRole, User
from jifen.kernel.actors import SYSTEM
from scoring.rules import library
from tenants.models import Provisioning, Town, TownState
from tests.clients import PageClient

ClientFor = Callable[..., PageClient]


@pytest.fixture
def provider(db: None) -> User:
    user = accounts.create(username="provider", display_name="平台值班", password=None, by=SYSTEM)
    accounts.grant_role(user=user, role=SiteRole.PROVIDER, by=SYSTEM)
    return user


def town_of(name: str) -> Town:
    return Town.objects.get(name=name)


def test_all_towns_are_listed_with_their_state(provider: User, client_for: ClientFor) -> None:
    page = client_for(provider).get("/provider/").content.decode()
    assert "树人镇" in page
    assert "明德镇" in page


def test_a_figure_leads_to_the_towns_it_counts(provider: User, client_for: ClientFor) -> None:
    Town.objects.filter(name="明德镇").update(state=TownState.SUSPENDED)
    page = client_for(provider).get("/provider/?state=suspended").content.decode()
    assert "明德镇" in page and "树人镇" not in page


def test_nobody_else_sees_the_towns(db: None, client_for: ClientFor) -> None:
    other = accounts.create(username="other", display_name="别人", password=None, by=SYSTEM)
    assert client_for(other).get("/provider/").status_code == 403
    assert client_for().get("/provider/").status_code == 302


def test_a_suspended_town_is_not_served_and_comes_back(provider: User, client_for: ClientFor) -> None:
    town, client = town_of("树人镇"), client_for(provider)
    client.post(f"/provider/towns/{town.pk}/suspend/")
    assert town_of("树人镇").state == TownState.SUSPENDED
    assert client.get("/login/", SERVER_NAME="alpha.localhost").status_code == 503
    client.post(f"/provider/towns/{town.pk}/resume/")
    assert client.get("/login/", SERVER_NAME="alpha.localhost").status_code == 200


def test_a_ready_town_is_not_archived(provider: User, client_for: ClientFor) -> None:
    town = town_of("树人镇")
    client_for(provider).post(f"/provider/towns/{town.pk}/archive/")
    assert town_of("树人镇").state == TownState.READY


def test_a_new_town_is_asked_for_by_a_form(provider: User, client_for: ClientFor) -> None:
    values = {
        "district": town_of("树人镇").district_id, "name": "新月镇", "code": "310115109", "scheme_code": "seed_002",
        "host": "xinyue", "admin_name": "周主任", "villages": "东村\n西村",
    }  # fmt: skip
    answer = client_for(provider).post("/provider/open/", values)
    town = town_of("新月镇")
    assert (answer["Location"], town.state) == (f"/provider/towns/{town.pk}/", TownState.PROVISIONING)
    assert Provisioning.objects.get(town=town).request["villages"] == ["东村", "西村"]
    assert "已受理" in client_for(provider).get(answer["Location"]).content.decode()


def test_a_wrong_code_is_said_at_its_field(provider: User, client_for: ClientFor) -> None:
    values = {
        "district": town_of("树人镇").district_id, "name": "新月镇", "code": "999999109", "scheme_code": "seed_002",
        "host": "xinyue", "admin_name": "周主任",
    }  # fmt: skip
    answer = client_for(provider).post("/provider/open/", values)
    assert answer.status_code == 422
    assert "前6位" in answer.content.decode()


def test_all_that_is_wrong_with_a_new_town_is_said_at_once(provider: User, client_for: ClientFor) -> None:
    values = {
        "district": town_of("树人镇").district_id, "name": "树人镇", "code": "31011510", "scheme_code": "seed_002",
        "host": "WWW", "admin_name": "周主任", "phone": "没有", "villages": "东村\n东村",
    }  # fmt: skip
    form = client_for(provider).post("/provider/open/", values).context["form"]
    assert set(form.errors) == {"name", "code", "host", "phone", "villages"}
    assert all(len(told) == 1 for told in form.errors.values())
    form = client_for(provider).post("/provider/open/", values | {"villages": "东村 1--2", "name": ""}).context["form"]
    assert "东村的电话" in form.errors["villages"][0] and form.errors["name"] == ["请填写“乡镇名称”。"]


def test_progress_is_a_fragment_that_asks_again(provider: User, client_for: ClientFor) -> None:
    town = town_of("树人镇")
    Town.objects.filter(pk=town.pk).update(state=TownState.PROVISIONING)
    Provisioning.objects.create(town=town, step="正在建立数据表", percent=20, started_at=town.created_at)
    page = client_for(provider).get(f"/provider/towns/{town.pk}/progress/").content.decode()
    assert f'hx-get="/provider/towns/{town.pk}/progress/"' in page


def test_a_towns_page_says_where_it_is_and_that_it_lives(provider: User, client_for: ClientFor) -> None:
    town = town_of("树人镇")
    page = client_for(provider).get(f"/provider/towns/{town.pk}/", SERVER_PORT="8123").content.decode()
    assert 'href="http://alpha.localhost:8123/"' in page
    assert town.schema_name in page
    assert "最近一次办理" in page


def test_the_district_is_asked_for_and_may_be_a_new_one(provider: User, client_for: ClientFor) -> None:
    client = client_for(provider)
    form = client.get("/provider/open/").context["form"]
    assert form.fields["district"].required and not form.fields["district_name"].required
    values = {
        "name": "新月镇",
        "code": "999999109",
        "scheme_code": "seed_002",
        "host": "xinyue",
        "admin_name": "周主任",
    }
    assert "district" in client.post("/provider/open/", values).context["form"].errors
    assert client.post("/provider/open/", values | {"district_name": "新区"}).status_code == 302
    assert town_of("新月镇").district.name == "新区"


def test_no_template_has_a_town_without_a_name_in_its_title() -> None:
    assert not [code for code in library.available() if "XX" in library.load(code).title]


def test_no_template_is_called_by_a_town_without_a_name(provider: User, client_for: ClientFor) -> None:
    page = client_for(provider).get("/provider/open/").content.decode()
    assert "XX镇" not in page and "乡村治理积分制（个人计分、累计入户）" in page and "不能在网页上修改" not in page

"""The district's page of templates: published from a file, shown with what changed, retired."""

from collections.abc import Callable, Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from jifen.accounts import services as accounts
from jifen.accounts.models import User
from jifen.kernel.actors import SYSTEM
from jifen.kernel.tenancy import outside
from scoring.library import services
from scoring.library.models import Template, TemplateVersion
from tenants.models import District, DistrictRole
from tests.clients import PageClient
from tests.scoring.desk import rule
from tests.scoring.test_library import bands, publish, source

Clients = Callable[..., PageClient]
LIST = "/district/templates/"


@pytest.fixture
def reader(db: None) -> Iterator[User]:
    with outside():
        user = accounts.create(username="d310115", display_name="区里的人", password=None, by=SYSTEM)
        DistrictRole.objects.create(user=user, district=District.objects.get(code="310115"))
        yield user


def _sent(client: PageClient, content: str | bytes, **more: str) -> str:
    district = District.objects.get(code="310115")
    body = content.encode() if isinstance(content, str) else content
    form = {"district": str(district.pk), "title": "统一样张", "code": "standard", "note": "首次发布"} | more
    answer = client.post(f"{LIST}publish/", {**form, "content": SimpleUploadedFile("a.yaml", body)}, follow=True)
    return answer.content.decode()


def test_a_file_becomes_a_template(reader: User, client_for: Clients) -> None:
    client = client_for(reader)
    assert "本区还没有发布样张" in client.get(LIST).content.decode()
    page = _sent(client, source())
    assert "第1版已发布" in page and "庭院整洁" in page and "+2分" in page
    assert "统一样张" in client.get(LIST).content.decode()


def test_the_next_version_says_what_it_changed(reader: User, client_for: Clients) -> None:
    client = client_for(reader)
    first = publish()
    assert 'value="standard"' in client.get(f"{LIST}publish/?template={first.template_id}").content.decode()
    assert "新增“防火巡逻”：+3分。" in _sent(client, source(rule("fire", "防火巡逻", 3)))
    old = client.get(f"{LIST}{first.template_id}/?version=1").content.decode()
    assert "第1版（正在看）" in old and "防火巡逻" not in old


@pytest.mark.parametrize(
    ("content", "words"),
    [("rulebook: 3", "规则文件有"), (b"\xff\xfe\x00", "不是 UTF-8"), ("a" * 500_001, "超过500KB")],
)
def test_a_wrong_file_is_refused_where_it_was_chosen(
    reader: User, client_for: Clients, content: str | bytes, words: str
) -> None:
    assert words in _sent(client_for(reader), content)
    assert not Template.objects.exists()


def test_every_fault_of_a_file_is_listed(reader: User, client_for: Clients) -> None:
    page = _sent(client_for(reader), source(bands((0, 5), (4, 8), (9, 12))))
    assert "没有发布" in page and page.count("<strong>须改正</strong>") == 2
    assert not Template.objects.exists()


def test_a_version_can_be_fetched_and_the_template_retired(reader: User, client_for: Clients) -> None:
    client, made = client_for(reader), publish()
    assert client.get(f"/district/template-versions/{made.pk}/file/").content.decode() == made.source
    page = client.post(f"{LIST}{made.template_id}/retire/", follow=True).content.decode()
    assert "已停止提供" in page and not Template.objects.get().is_offered


def test_another_district_s_templates_do_not_exist(reader: User, client_for: Clients) -> None:
    other = District.objects.create(code="310116", name="别的区")
    made = services.publish(district=other, code="other", title="别区样张", source=source(), by=SYSTEM)
    client = client_for(reader)
    assert "别区样张" not in client.get(LIST).content.decode()
    assert client.get(f"{LIST}{made.template_id}/").status_code == 404
    assert client.post(f"{LIST}{made.template_id}/retire/").status_code == 404
    assert "没有这一项" in _sent(client, source(), district=str(other.pk)) and TemplateVersion.objects.count() == 1


def test_what_comes_with_the_platform_is_shown_item_by_item(reader: User, client_for: Clients) -> None:
    client = client_for(reader)
    assert f"{LIST}built-in/seed_003/" in client.get(LIST).content.decode()
    assert "每日清扫自家院落" in client.get(f"{LIST}built-in/seed_003/").content.decode()
    assert client.get(f"{LIST}built-in/none/").status_code == 404

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
from tests.scoring.page_forms import form_on
from tests.scoring.rules.annexes import HEAD, sheet
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


LISTED = (["人居环境", "植绿", "河边种树", "加2分/次，每年不超过20分"], ["人居环境", "植绿", "浇水", "视情况"])


def listed(client: PageClient, *rows: list[str], **more: str) -> str:
    return _sent(client, sheet(HEAD, *rows, title="正面清单"), **more)


def test_a_list_in_excel_is_looked_at_and_then_published(reader: User, client_for: Clients) -> None:
    client = client_for(reader)
    page = listed(client, *LISTED)
    assert "还没有发布" in page and "读出1条" in page and "视情况" in page and "河边种树" in page
    assert not Template.objects.exists()
    form = form_on(page, "publish-form")
    told = client.post(f"{LIST}publish/", form, follow=True).content.decode()
    assert "第1版已发布" in told and "每户每年最多20分" in told


def test_what_asks_to_be_looked_at_is_listed_before_publishing(reader: User, client_for: Clients) -> None:
    page = listed(client_for(reader), ["人居环境", "植绿", "河边种树", "加2分/次，封顶20分"])
    assert "请核对的" in page and "1处请核对" in page and not Template.objects.exists()


def test_a_refused_list_need_not_be_chosen_again(reader: User, client_for: Clients) -> None:
    client = client_for(reader)
    form = form_on(listed(client, *LISTED), "publish-form")
    page = client.post(f"{LIST}publish/", form | {"code": ["不行"]}, follow=True).content.decode()
    again = form_on(page, "publish-form")
    assert not Template.objects.exists() and again["read"][0].strip() == form["read"][0].strip()
    assert "第1版已发布" in client.post(f"{LIST}publish/", again | {"code": ["standard"]}, follow=True).content.decode()


def test_a_new_item_of_the_next_list_gets_no_code_of_the_earlier_one(reader: User, client_for: Clients) -> None:
    client = client_for(reader)
    for rows in (LISTED, (["人居环境", "植绿", "门前种花", "加1分/次"], *LISTED)):
        form = form_on(listed(client, *rows), "publish-form")
        page = client.post(f"{LIST}publish/", form, follow=True).content.decode()
    assert "新增“门前种花”：+1分/次。" in page and "改名为" not in page


@pytest.mark.parametrize(
    ("rows", "words"), [([LISTED[1]], "一条也没有读出来"), ([["", "", "", ""]], "没有找到积分清单")]
)
def test_a_list_that_yields_nothing_is_refused(
    reader: User, client_for: Clients, rows: list[list[str]], words: str
) -> None:
    assert words in listed(client_for(reader), *rows) and not Template.objects.exists()

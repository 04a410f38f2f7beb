"""The district publishes templates; its towns begin with them and see when there is a newer one."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import yaml
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from jifen.accounts import services as accounts
from jifen.accounts.models import User
from jifen.audit.models import AuditRow
from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.tenancy import outside
from scoring import rulebook_errors as errors
from scoring.library import selectors, services
from scoring.library.models import Template, TemplateVersion
from scoring.rules import library
from scoring.selectors import drafts as seen
from scoring.selectors import rulebooks as books
from scoring.services import drafts, versions
from tenants.models import District, DistrictRole
from tests.clients import ApiClient
from tests.scoring.desk import NOW, RULES, rule
from tests.scoring.owner import refusal
from tests.scoring.rulebooks import Office
from tests.scoring.rules.annexes import HEAD, sheet

Clients = Callable[..., ApiClient]


def source(*more: dict[str, Any]) -> str:
    book = {"categories": [{"name": "人居环境"}], "rules": [*RULES, *more]}
    return yaml.safe_dump({"rulebook": book}, allow_unicode=True)


def publish(content: str = "", code: str = "standard", **more: str) -> TemplateVersion:
    district = District.objects.get(code="310115")
    text = content or source()
    return services.publish(district=district, code=code, title="区里的统一样张", source=text, by=SYSTEM, **more)


@pytest.fixture
def reader(db: None) -> Iterator[User]:
    """Somebody of the district of 树人镇, on the public site."""
    with outside():
        user = accounts.create(username="d310115", display_name="区里的人", password=None, by=SYSTEM)
        DistrictRole.objects.create(user=user, district=District.objects.get(code="310115"))
        yield user


def test_what_is_published_is_checked_and_kept(db: None) -> None:
    first = publish()
    second = publish(source(rule("fire", "防火巡逻", 3)))
    assert [(one.number, one.rules) for one in (first, second)] == [(1, len(RULES)), (2, len(RULES) + 1)]
    assert [line.text for line in selectors.change(second, 1)] == ["新增“防火巡逻”：+3分。"]


def bands(*ranges: tuple[int, int]) -> dict[str, Any]:
    listed = [{"least": least, "below": below, "points": place + 1} for place, (least, below) in enumerate(ranges)]
    return rule("hours", "志愿时长", 1) | {
        "amount": {"kind": "bands", "by": "quantity", "unit": "小时", "bands": listed}
    }


def test_what_has_to_be_mended_is_not_published_at_all(db: None) -> None:
    with pytest.raises(services.TemplateFaulty) as refused:
        publish(source(bands((0, 5), (4, 8), (9, 12))))
    told = refused.value.data["findings"]
    assert [(severity, titles) for severity, titles, _, _ in told] == [("须改正", ["志愿时长"])] * 2
    assert all(text in refused.value.message for _, _, text, _ in told)
    assert "不满4小时计1分、4小时以上不满9小时计2分" in told[0][3]
    assert not TemplateVersion.objects.exists()


def test_what_has_to_be_signed_is_published_with_a_reason(db: None) -> None:
    text = source(rule("clinic", "拒不参加医保", 3, sign="negative") | {"text": "不缴医保的扣分"})
    with pytest.raises(services.TemplateUnsigned):
        publish(text)
    assert publish(text, reason="区里研究过，只作提醒").number == 1
    assert AuditRow.objects.get(action="template.publish").data["reason"] == "区里研究过，只作提醒"


def test_the_same_text_is_not_published_twice(db: None) -> None:
    publish()
    with pytest.raises(services.TemplateSame):
        publish()
    assert TemplateVersion.objects.count() == 1


@pytest.mark.parametrize("content", ["", "a: [", "rulebook: 3", "rulebook: {categories: [], rules: []}", "code: x"])
def test_a_file_that_is_no_rulebook_is_refused_with_its_line(db: None, content: str) -> None:
    with pytest.raises(services.TemplateWrong) as refused:
        publish(content or " ")
    assert refused.value.data["problems"] and not Template.objects.exists()


def test_a_whole_scheme_is_a_template_too(db: None) -> None:
    made = publish(library.text("seed_002"), reason="原方案如此，由各镇自己签署")
    assert selectors.rulebook_of(made) == library.load("seed_002").rulebook


def test_what_was_published_stays(db: None) -> None:
    publish()
    assert "permission denied" in refusal("UPDATE library_templateversion SET source = ''")


def test_a_town_begins_with_the_district_s_and_the_platform_s(office: Office) -> None:
    made = publish()
    offered = selectors.offers("t_alpha")
    assert [one.start for one in offered[:2]] == [f"district:{made.pk}", "template:seed_000"]
    assert {"template:seed_001", "template:seed_002", "template:seed_003"} <= {one.start for one in offered}
    draft = office.town_draft(offered[0].start)
    assert (draft.origin_code, draft.origin_number, seen.difference(draft)) == ("310115-standard", 1, ())


def test_a_town_sees_when_a_newer_one_exists_and_what_it_brings(office: Office, client_for: Any) -> None:
    made = publish()
    draft = office.town_draft(f"district:{made.pk}")
    office.price(draft, points=4)
    office.submit(office.ready(draft), NOW)
    version = draft.versions.get()
    assert books.newer_template() is None
    versions.approve(version=version, by=office.zhou)
    assert books.newer_template() is None
    publish(source(rule("fire", "防火巡逻", 3)))
    found = books.newer_template()
    assert found is not None and (found.number, found.since) == (2, 1)
    assert [line.text for line in found.lines] == ["新增“防火巡逻”：+3分。"]
    page = client_for(office.desk.cast.admin()).get(reverse("scoring:office_rulebooks")).content.decode()
    assert "样张有新的一版" in page and "已出第2版（本镇用的是第1版）" in page and "新增“防火巡逻”" in page


def test_another_district_s_template_does_not_exist(office: Office) -> None:
    other = District.objects.create(code="310116", name="别的区")
    made = services.publish(district=other, code="standard", title="样张", source=source(), by=SYSTEM)
    with pytest.raises(errors.TemplateUnknown):
        office.town_draft(f"district:{made.pk}")
    with pytest.raises(errors.TemplateUnknown):
        drafts.open_draft(village=None, start="template:none", by=office.zhou)


def test_a_retired_template_is_not_offered_until_it_is_published_again(office: Office) -> None:
    made = publish()
    services.retire(template=made.template, by=SYSTEM)
    with pytest.raises(errors.TemplateUnknown):
        office.town_draft(f"district:{made.pk}")
    assert publish().number == 2


def test_the_district_s_program_publishes_for_its_own(reader: User, api_client: Clients) -> None:
    client = api_client(reader)
    form = {"district": "310115", "code": "standard", "title": "区里的统一样张", "content": source()}
    made = client.post("/api/v1/district-templates/", form, format="json")
    assert (made.status_code, made.json()["number"]) == (201, 1)
    one = f"/api/v1/district-templates/{made.json()['id']}/"
    assert client.get(one).json()["content"] == form["content"]
    assert client.post("/api/v1/district-templates/", form, format="json").status_code == 409
    assert client.post("/api/v1/district-templates/", form | {"content": "x"}, format="json").status_code == 422
    assert client.post("/api/v1/district-templates/", form | {"district": "310116"}, format="json").status_code == 404
    assert client.post(f"{one}retire/").json()["is_offered"] is False


def test_the_district_s_program_reads_a_list_and_publishes_it(reader: User, api_client: Clients) -> None:
    client = api_client(reader)
    rows = (["人居环境", "植绿", "河边种树", "加2分/次"], ["人居环境", "植绿", "浇水", "视情况"])
    form = {"district": "310115", "code": "standard", "title": "统一样张"}
    file = SimpleUploadedFile("清单.xlsx", sheet(HEAD, *rows, title="正面清单"))
    told = client.post("/api/v1/district-templates/read/", form | {"file": file}, format="multipart").json()
    assert (told["rules"], [one["cell"] for one in told["problems"]]) == (1, ["D3"])
    assert not Template.objects.exists()
    made = client.post("/api/v1/district-templates/", form | {"content": told["content"]}, format="json")
    assert made.status_code == 201


def test_who_is_not_of_a_district_publishes_nothing(db: None, api_client: Clients) -> None:
    user = accounts.create(username="nobody", display_name="路人", password=None, by=SYSTEM)
    assert api_client(user).get("/api/v1/district-templates/").status_code == 403
    assert Actor.of(user).realm == "public"

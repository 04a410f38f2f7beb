"""Evidence goes straight to the object store, is looked at on arrival and is read by a short-lived link."""

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
import requests

from jifen.accounts import services as accounts
from jifen.accounts.models import User
from jifen.files import content, errors, selectors, services, storage
from jifen.files.models import File, FileState
from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.errors import InvalidInput
from jifen.kernel.tenancy import entered
from tenants.models import Town
from tests.files.test_content import picture

pytestmark = pytest.mark.services

BY = Actor("t_alpha", 7, "王管理")
BODY = picture()


@pytest.fixture(autouse=True)
def bucket() -> None:
    storage.ensure_bucket()


@pytest.fixture
def steward(town: Town) -> User:
    return accounts.create(username="wang", display_name="王管理", password=None, by=SYSTEM)


def announce(body: bytes = BODY, *, content_type: str = "image/jpeg", **other: Any) -> services.Upload:
    sha256 = hashlib.sha256(body).hexdigest()
    values = {"kind": "evidence", "name": "植树.jpg", "content_type": content_type, "size": len(body), "by": BY}
    return services.expect(**{**values, "sha256": sha256, **other})


def put(upload: services.Upload, body: bytes = BODY) -> int:
    return requests.put(upload.url, data=body, headers=upload.headers, timeout=10).status_code


def test_an_uploaded_photo_becomes_ready_and_can_be_read(town: Town) -> None:
    upload = announce()
    assert put(upload) == 200
    file = services.arrive(file=upload.file, by=BY)
    assert file.state == FileState.READY
    assert requests.get(selectors.link(file), timeout=10).content == BODY
    assert selectors.body(file) == BODY


def test_a_key_says_town_kind_and_month(town: Town) -> None:
    schema, kind, year, month, name = announce().file.key.split("/")
    assert (schema, kind, name[-4:]) == ("t_alpha", "evidence", ".jpg")
    assert len(year) == 4
    assert len(month) == 2


def test_a_download_link_carries_the_file_s_own_name(town: Town) -> None:
    file = services.store(kind="notice", name="公示.pdf", content_type="application/pdf", body=b"%PDF-1.7", by=BY)
    answer = requests.get(selectors.link(file, download=True), timeout=10)
    assert "attachment" in answer.headers["Content-Disposition"]
    assert "%E5%85%AC%E7%A4%BA.pdf" in answer.headers["Content-Disposition"]


def test_nothing_uploaded_is_not_an_arrival(town: Town) -> None:
    upload = announce()
    with pytest.raises(errors.NotArrived, match="还没有传上来"):
        services.arrive(file=upload.file, by=BY)
    assert File.objects.get(pk=upload.file.pk).state == FileState.EXPECTED


def test_another_type_or_size_than_announced_is_stopped_by_the_store(town: Town) -> None:
    upload = announce()
    assert put(upload, BODY + b"more") == 403
    upload.headers["Content-Type"] = "text/html"
    assert put(upload) == 403


def test_a_page_that_is_called_a_photo_is_refused_for_good(town: Town) -> None:
    page = b"<html>" + b" " * 100
    upload = announce(page)
    put(upload, page)
    for _ in range(2):
        with pytest.raises(errors.FileRefused, match="这不是图片，请重新拍照"):
            services.arrive(file=upload.file, by=BY)
    file = File.objects.get(pk=upload.file.pk)
    assert (file.state, file.problem) == (FileState.REFUSED, "这不是图片，请重新拍照。")


def test_another_photo_of_the_same_size_is_refused(town: Town) -> None:
    upload = announce()
    put(upload, BODY[:-1] + b"\x00")
    with pytest.raises(errors.FileRefused):
        services.arrive(file=upload.file, by=BY)


@pytest.mark.parametrize("other", [{"sha256": "xyz"}, {"kind": "voucher"}, {"content_type": "video/mp4"}, {"size": 0}])
def test_a_wrong_announcement_writes_nothing(town: Town, other: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        announce(**other)
    assert not File.objects.exists()


def test_only_ready_files_of_one_s_own_count_as_evidence(town: Town) -> None:
    mine = services.receive(kind="evidence", name="a.jpg", content_type="image/jpeg", body=BODY, by=BY)
    assert selectors.ready([mine.pk, mine.pk], by=BY) == [mine]
    with pytest.raises(errors.FileNotReady, match="还没有传好"):
        selectors.ready([announce().file.pk])
    with pytest.raises(errors.FileUnknown) as refused:
        selectors.ready([mine.pk], by=Actor("t_alpha", 8, "别人"))
    assert refused.value.field == "evidence"


def test_a_form_upload_is_looked_at_too(town: Town) -> None:
    with pytest.raises(errors.NotPicture):
        services.receive(kind="evidence", name="a.jpg", content_type="image/jpeg", body=b"text", by=BY)
    assert not File.objects.exists()


def test_a_file_of_one_town_is_not_reachable_from_another(town: Town, other_town: Town) -> None:
    file = services.receive(kind="evidence", name="a.jpg", content_type="image/jpeg", body=BODY, by=BY)
    with entered(other_town.schema_name):
        with pytest.raises(errors.FileUnknown):
            selectors.link(file)
        with pytest.raises(errors.FileUnknown):
            selectors.ready([file.pk])


def test_an_unreachable_store_is_said_so(town: Town, settings: Any) -> None:
    settings.S3 = {**settings.S3, "endpoint_url": "http://127.0.0.1:1"}
    assert not storage.is_reachable()
    with pytest.raises(errors.StoreUnavailable, match="暂时不可用"):
        services.store(kind="notice", name="a.pdf", content_type="application/pdf", body=b"%PDF-", by=BY)
    assert not File.objects.exists()


def announcement(body: bytes = BODY) -> dict[str, Any]:
    sha256 = hashlib.sha256(body).hexdigest()
    return {"kind": "evidence", "name": "a.jpg", "content_type": "image/jpeg", "size": len(body), "sha256": sha256}


def test_a_program_uploads_in_three_steps(town: Town, steward: User, api_client: Callable[..., Any]) -> None:
    client = api_client(steward)
    made = client.post("/api/v1/uploads/", announcement()).json()
    requests.put(made["url"], data=BODY, headers=made["headers"], timeout=10).raise_for_status()
    answer = client.post(f"/api/v1/uploads/{made['file']['id']}/arrived/")
    assert (answer.status_code, answer.json()["state"]) == (200, "ready")
    again = client.get(f"/api/v1/uploads/{made['file']['id']}/").json()
    assert requests.get(again["link"], timeout=10).content == BODY


def test_a_refused_upload_is_a_problem_and_stays_refused(
    town: Town, steward: User, api_client: Callable[..., Any]
) -> None:
    client, page = api_client(steward), b"<html></html>"
    made = client.post("/api/v1/uploads/", announcement(page)).json()
    requests.put(made["url"], data=page, headers=made["headers"], timeout=10).raise_for_status()
    answer = client.post(f"/api/v1/uploads/{made['file']['id']}/arrived/")
    assert (answer.status_code, answer.json()["code"]) == (422, "file_not_picture")
    assert File.objects.get(pk=made["file"]["id"]).state == FileState.REFUSED


def test_somebody_else_s_upload_is_not_there(town: Town, steward: User, api_client: Callable[..., Any]) -> None:
    other = accounts.create(username="li", display_name="李委员", password=None, by=SYSTEM)
    made = api_client(steward).post("/api/v1/uploads/", announcement()).json()
    assert api_client(other).get(f"/api/v1/uploads/{made['file']['id']}/").status_code == 404


def test_an_upload_without_signing_in_is_refused(town: Town, api_client: Callable[..., Any]) -> None:
    answer = api_client().post("/api/v1/uploads/", announcement())
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    assert "WWW-Authenticate" in answer.headers


def test_every_kind_of_upload_says_its_types_in_words() -> None:
    assert all(allowed.words and allowed.limit for allowed in content.UPLOADS.values())

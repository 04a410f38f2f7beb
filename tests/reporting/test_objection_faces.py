"""Pages, API and papers of objections; who objects, and who told of a deduction, stays with the investigators."""

from collections.abc import Callable
from datetime import date

import pytest

from jifen.accounts.models import User
from jifen.audit.models import AuditRow
from jifen.files.models import File
from jifen.kernel.actors import SYSTEM, Actor
from jifen.web import pdf
from reporting import slip
from reporting.models import NoticePolicy, Objection, ObjectionState
from reporting.services import answers, notices, objections
from scoring.models import Declaration, Posting
from tenants.community.models import Household
from tests.cast import Cast, head_of
from tests.clients import ApiClient, PageClient
from tests.reporting import months
from tests.scoring.desk import photo

JULY = date(2026, 7, 6)
WORDS = "那天我在外地打工。"
NUMBER = "77001"
Pages = Callable[..., PageClient]
Apis = Callable[..., ApiClient]


@pytest.fixture
def home(cast: Cast) -> Household:
    months.set_up("seed_000_003")
    cast.committee(name="吴委员")
    cast.officer(name="陈经办")
    cast.steward(name="王管理")
    return cast.household(name="赵六", number=NUMBER)


@pytest.fixture
def posting(home: Household) -> Posting:
    deed = months.deed(home, "植树", JULY, facts={"quantity": "2"})
    months.post(home.village, JULY)
    return months.posting_of(deed)


@pytest.fixture
def objection(home: Household, posting: Posting) -> Objection:
    by = Actor("t_alpha", 0, "赵六", home.head_id)
    return objections.raise_objection(household=home, posting=posting, text=WORDS, by=by)


def _user(name: str) -> User:
    return User.objects.get(display_name=name)


def _tells(text: str) -> list[str]:
    return [word for word in (NUMBER, "赵六", WORDS, "植树") if word in text]


@pytest.mark.parametrize(("name", "area"), [("王管理", "village"), ("陈经办", "office")])
def test_staff_who_do_not_investigate_see_no_objector(
    client_for: Pages, objection: Objection, name: str, area: str
) -> None:
    page = client_for(_user(name))
    for route in ("objections/", "objections/?state=open", f"objections/{objection.pk}/", ""):
        text = page.get(f"/{area}/{route}").content.decode()
        assert _tells(text) == [], route
    assert objection.number in page.get(f"/{area}/objections/").content.decode()


def test_a_refused_objection_keeps_its_photo(cast: Cast, client_for: Pages, posting: Posting, home: Household) -> None:
    villager = cast.villager(home)
    file = photo("ready")
    File.objects.filter(pk=file.pk).update(**Actor.of(villager).columns())
    refused = client_for(villager).post(f"/objections/new/?posting={posting.pk}", {"text": "", "evidence": [file.pk]})
    assert refused.status_code == 422
    assert f'<input type="hidden" name="evidence" value="{file.pk}">' in refused.content.decode()


def test_an_entry_can_be_questioned_from_its_page(
    cast: Cast, client_for: Pages, posting: Posting, home: Household
) -> None:
    text = client_for(cast.villager(home)).get(f"/passbook/{posting.pk}/").content.decode()
    assert "对这笔积分有异议" in text


@pytest.mark.parametrize("is_answered", [False, True])
def test_an_entry_once_questioned_offers_the_objection_instead(
    cast: Cast, client_for: Pages, objection: Objection, home: Household, is_answered: bool
) -> None:
    if is_answered:
        by = Actor.of(_user("吴委员"))
        answers.answer(objection=objection, upheld=False, finding="已核实，登记无误。", by=by)
    text = client_for(cast.villager(home)).get(f"/passbook/{objection.posting_id}/").content.decode()
    assert "对这笔积分有异议" not in text
    assert "看我的异议" in text


def test_an_investigator_sees_everything(client_for: Pages, objection: Objection) -> None:
    text = client_for(_user("吴委员")).get(f"/village/objections/{objection.pk}/").content.decode()
    assert _tells(text) == [NUMBER, WORDS, "植树"]


def test_a_notices_page_tells_staff_no_objector(client_for: Pages, home: Household, posting: Posting) -> None:
    notice = notices.publish_quarter(village=home.village, year=2026, quarter=3, by=SYSTEM)
    objections.raise_objection(household=home, notice=notice, text=WORDS, by=SYSTEM)
    text = client_for(_user("王管理")).get(f"/village/notices/{notice.pk}/").content.decode()
    assert "对这份公示的异议" in text
    assert WORDS not in text


def test_the_api_tells_staff_no_objector(api_client: Apis, objection: Objection) -> None:
    client = api_client(_user("王管理"))
    [row] = client.get("/api/v1/objections/").json()["results"]
    one = client.get(f"/api/v1/objections/{objection.pk}/").json()
    assert row == one
    assert (row["number"], row["is_mine"], row["household"], row["text"], row["posting"]) == (
        objection.number, False, "", "", None,
    )  # fmt: skip


def test_the_trail_and_the_receipt_tell_no_objector(objection: Objection) -> None:
    trail = list(AuditRow.objects.filter(subject_kind="reporting.objection").values_list("actor_name", flat=True))
    assert set(trail) == {"异议人"}
    assert _tells(str(slip.content(objection, url="https://x/"))) == []


def test_the_receipt_is_a_page_of_paper_with_its_code(client_for: Pages, objection: Objection) -> None:
    answer = client_for().get(f"/o/{objection.token}/receipt/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert b"/Count 1" in pdf.compile("reporting/receipt.typ", slip.content(objection, url="https://x/"))


def test_the_page_behind_the_code_follows_it_without_a_name(client_for: Pages, objection: Objection) -> None:
    page = client_for()
    assert _tells(page.get(f"/o/{objection.token}/").content.decode()) == []
    answers.answer(objection=objection, upheld=False, finding="照片属实。", by=Actor.of(_user("吴委员")))
    told = page.get(f"/o/{objection.token}/").content.decode()
    assert "照片属实" in told and "复核" in told
    assert page.get("/o/unknown/").status_code == 404


def test_the_direct_line_is_unknown_in_the_village(client_for: Pages, api_client: Apis, posting: Posting) -> None:
    home = Household.objects.get(number=NUMBER)
    direct = objections.raise_objection(household=home, posting=posting, text=WORDS, is_direct=True, by=SYSTEM)
    for name in ("王管理", "吴委员"):
        page, client = client_for(_user(name)), api_client(_user(name))
        assert page.get(f"/village/objections/{direct.pk}/").status_code == 404
        assert direct.number not in page.get("/village/objections/?state=open").content.decode()
        assert client.get("/api/v1/objections/").json()["results"] == []
    assert WORDS in client_for(_user("陈经办")).get(f"/office/objections/{direct.pk}/").content.decode()


def test_the_steward_writes_down_what_was_said_on_the_phone(client_for: Pages, posting: Posting) -> None:
    page = client_for(_user("王管理"))
    found = page.get("/village/objections/enter/", {"word": NUMBER, "year": "2026"}).content.decode()
    assert f"?posting={posting.pk}&amp;household={NUMBER}" in found
    told = {"household": NUMBER, "channel": "phone", "text": WORDS}
    answer = page.post(f"/village/objections/enter/one/?posting={posting.pk}&household={NUMBER}", told)
    made = Objection.objects.get()
    assert (made.channel, made.is_direct, answer.headers["Location"]) == (
        "phone", False, f"/village/objections/{made.pk}/",
    )  # fmt: skip
    seen = page.get(answer.headers["Location"]).content.decode()
    assert "打印回执" in seen and WORDS not in seen


def test_paper_without_its_scan_is_sent_back(client_for: Pages, posting: Posting) -> None:
    told = {"household": NUMBER, "channel": "paper", "text": WORDS}
    answer = client_for(_user("王管理")).post(f"/village/objections/enter/one/?posting={posting.pk}", told)
    assert (answer.status_code, Objection.objects.count()) == (422, 0)


def test_what_the_office_takes_in_goes_past_the_village(client_for: Pages, posting: Posting) -> None:
    told = {"household": NUMBER, "channel": "in_person", "text": WORDS}
    client_for(_user("陈经办")).post(f"/office/objections/enter/one/?posting={posting.pk}", told)
    assert Objection.objects.get().is_direct


def test_a_foreign_steward_enters_nothing(client_for: Pages, cast: Cast, posting: Posting) -> None:
    stranger = cast.steward(cast.village("竹溪村"), name="何管理")
    told = {"household": NUMBER, "channel": "phone", "text": WORDS}
    answer = client_for(stranger).post(f"/village/objections/enter/one/?posting={posting.pk}", told)
    assert (answer.status_code, Objection.objects.count()) == (422, 0)


def test_a_resident_asks_the_town_when_she_is_not_satisfied(
    client_for: Pages, cast: Cast, home: Household, objection: Objection
) -> None:
    page = client_for(cast.villager(home))
    answers.answer(objection=objection, upheld=False, finding="照片属实。", by=Actor.of(_user("吴委员")))
    assert "请镇里复核" in page.get(f"/objections/{objection.pk}/").content.decode()
    answer = page.post(f"/objections/{objection.pk}/appeal/", {"text": "照片不是我家。"})
    second = Objection.objects.get(stage=2)
    assert answer.headers["Location"] == f"/objections/{second.pk}/"
    assert "镇里核实中" in page.get(f"/objections/{second.pk}/").content.decode()


def test_the_investigators_record_it_anew_on_the_page(client_for: Pages, objection: Objection) -> None:
    page = client_for(_user("吴委员"))
    told = {"verdict": "corrected", "finding": "实际三棵。", "household": NUMBER, "person": "", "quantity": "3"}
    assert page.post(f"/village/objections/{objection.pk}/", told).status_code == 302
    objection.refresh_from_db()
    assert (objection.state, objection.corrected and objection.corrected.points) == (ObjectionState.UPHELD, 9)


def test_a_wrong_person_is_sent_back(client_for: Pages, objection: Objection) -> None:
    told = {"verdict": "corrected", "finding": "是家人做的。", "household": NUMBER, "person": "无名", "quantity": "3"}
    answer = client_for(_user("吴委员")).post(f"/village/objections/{objection.pk}/", told)
    objection.refresh_from_db()
    assert (answer.status_code, objection.state) == (422, ObjectionState.RAISED)


def test_the_api_takes_in_answers_and_appeals(api_client: Apis, cast: Cast, home: Household, posting: Posting) -> None:
    steward, member = api_client(_user("王管理")), api_client(_user("吴委员"))
    told = {"household": NUMBER, "posting": posting.pk, "text": WORDS, "channel": "phone"}
    made = steward.post("/api/v1/objections/", told)
    assert (made.status_code, made.json()["text"]) == (201, "")
    assert steward.post("/api/v1/objections/", {**told, "is_direct": True}).status_code == 403
    path = f"/api/v1/objections/{made.json()['id']}/answer/"
    assert member.post(path, {"upheld": False, "finding": "属实。"}).json()["state"] == "dismissed"
    own = f"/api/v1/own-objections/{made.json()['id']}/appeal/"
    second = api_client(cast.villager(home)).post(own, {"text": "还是不对。"})
    assert (second.status_code, second.json()["stage"]) == (201, 2)


def test_the_api_corrects_too(api_client: Apis, objection: Objection) -> None:
    correction = {"household": NUMBER, "facts": {"quantity": "3"}}
    answer = api_client(_user("吴委员")).post(
        f"/api/v1/objections/{objection.pk}/answer/",
        {"upheld": True, "finding": "实际三棵。", "correction": correction},
    )
    assert answer.status_code == 200
    assert Declaration.objects.get(pk=answer.json()["corrected"]).points == 9


def test_a_town_admin_sets_days_and_investigators(client_for: Pages, cast: Cast, home: Household) -> None:
    told = {"answer_days": "7", "town_answer_days": "15", "appeal_days": "5", "investigated_by": ["committee", "town"]}
    assert client_for(_user("陈经办")).get("/office/objections/handling/").status_code == 403
    assert client_for(cast.admin()).post("/office/objections/handling/", told).status_code == 302
    assert NoticePolicy.objects.latest("effective_from").data["answer_days"] == 7


def _accused(cast: Cast, home: Household) -> Declaration:
    neighbour = cast.household(name="钱举报")
    return months.told_by(home, "铺张浪费", JULY, declarer=head_of(neighbour), by=Actor.of(cast.villager(neighbour)))


def test_who_told_of_a_deduction_is_on_no_page(client_for: Pages, cast: Cast, home: Household) -> None:
    deed = _accused(cast, home)
    own, steward = client_for(cast.villager(home)), client_for(_user("王管理"))
    told = [
        own.get(f"/declarations/{deed.pk}/"), steward.get("/village/verify/"),
        steward.get(f"/village/declarations/{deed.pk}/"),
    ]  # fmt: skip
    assert [answer.status_code for answer in told] == [200, 200, 200]
    assert ["钱举报" in answer.content.decode() for answer in told] == [False, False, False]
    assert not AuditRow.objects.filter(actor_name="钱举报", action__startswith="declaration").exists()
    assert not AuditRow.objects.filter(actor_name="钱举报", action__startswith="approval").exists()

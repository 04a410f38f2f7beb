"""What a flow may look at in a declaration: told when it starts and when it is mended, offered by the designer."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from jifen.accounts.models import User
from jifen.approvals import naming, registry, selectors, services
from jifen.approvals.definition import parse
from jifen.approvals.models import FlowDraft, Stage
from jifen.kernel.actors import SYSTEM, Actor
from scoring.selectors import verifying
from scoring.services import amending
from tests.clients import PageClient, api_client
from tests.scoring.desk import DAY, Desk, photo

Pages = Callable[..., PageClient]
KIND = "declaration"
STEWARD = {"name": "核实", "who": {"role": "steward"}}
FORM: dict[str, Any] = {
    "revision": "0", "rows": "1", "name": "镇里核实", "who_0": "role:town_officer", "level_0": "village",
    "weight_0": "1", "how": "any", "share": "half", "then": "remind", "empty": "office", "joiner": "||",
}  # fmt: skip


def told(desk: Desk, code: str, **more: Any) -> dict[str, Any]:
    """The facts of a deed that 张三 declares."""
    by = Actor.of(User.objects.filter(resident=desk.head()).first() or desk.cast.villager(desk.zhang))
    row = desk.record(code, declared_by="self", declarer=desk.head(), by=by, **more)
    item = selectors.last_item(KIND, row.pk)
    assert item is not None
    facts: dict[str, Any] = item.facts
    return facts


def test_they_are_told_when_it_starts(desk: Desk) -> None:
    plain = {"declared_by": "self", "is_negative": False, "category": "人居环境"}
    assert told(desk, "tidy") == plain | {"points": "2.00", "has_evidence": False, "discretionary": False}
    found = told(desk, "host", facts={"points": "4"}, evidence=[photo("ready")])
    assert found == plain | {"points": "4.00", "has_evidence": True, "discretionary": True}


def test_they_are_told_anew_when_it_is_mended(desk: Desk) -> None:
    by = Actor.of(desk.cast.villager(desk.zhang))
    row = desk.record("tidy", declared_by="self", declarer=desk.head(), by=by)
    item = selectors.last_item(KIND, row.pk)
    assert item is not None
    services.send_back(item=item, to="starter", reason="请补照片", by=desk.by)
    where: dict[str, Any] = {"resident": None, "happened_on": DAY, "place": "村口", "reason": "扫院子", "facts": {}}
    amending.amend(declaration=row, evidence=[photo("ready")], by=by, **where)
    item.refresh_from_db()
    assert item.facts["has_evidence"] is True


@pytest.mark.parametrize(
    "when", ["is_negative == false", 'category == "人居环境"', "has_evidence == false", "discretionary == false"]
)
def test_conditions_look_at_them(desk: Desk, when: str) -> None:
    services.install(subject_kind=KIND, steps=[{**STEWARD, "name": "特办", "when": when}, STEWARD], by=SYSTEM)
    told(desk, "tidy")
    assert Stage.objects.get().name == "特办"


def test_the_test_drive_asks_for_them(desk: Desk, client_for: Pages) -> None:
    when = 'is_negative && category == "人居环境" && !has_evidence && discretionary'
    services.install(subject_kind=KIND, steps=[{**STEWARD, "name": "特办", "when": when}, STEWARD], by=SYSTEM)
    browser = client_for(desk.cast.admin())
    asked: dict[str, str | int] = {
        "village": desk.village.pk,
        "fact_is_negative": "yes",
        "fact_category": "人居环境",
        "fact_has_evidence": "no",
    }
    ways = {answer: browser.get("/office/flows/declaration/drive/", asked | {"fact_discretionary": answer}).text
            for answer in ("yes", "no")}  # fmt: skip
    assert '<option value="人居环境" selected>' in ways["yes"]
    assert "特办" in ways["yes"] and "只在" not in ways["yes"]
    assert "不办" in ways["no"] or "不经过" in ways["no"]


def test_the_designer_offers_what_a_fact_may_hold(desk: Desk, client_for: Pages) -> None:
    page = client_for(desk.cast.admin()).get("/office/flows/declaration/step/?spot=").text
    for option in ('"declared_by=neighbour">邻居', '"category=人居环境">人居环境', '"is_negative=true">是'):
        assert f"<option value={option}</option>" in page


@pytest.mark.parametrize(
    ("row", "when"),
    [
        ({"fact_0": "category", "sign_0": "==", "pick_0": "category=人居环境"}, 'category == "人居环境"'),
        ({"fact_0": "declared_by", "sign_0": "!=", "pick_0": "declared_by=neighbour"}, 'declared_by != "neighbour"'),
        ({"fact_0": "is_negative", "sign_0": "==", "pick_0": "is_negative=false"}, "is_negative == false"),
    ],
)
def test_what_is_picked_comes_back_in_the_form(desk: Desk, client_for: Pages, row: dict[str, str], when: str) -> None:
    browser = client_for(desk.cast.admin())
    assert browser.post("/office/flows/declaration/step/?spot=", FORM | row).status_code == 302
    assert parse(FlowDraft.objects.get().steps).step("镇里核实").when == when  # type: ignore[union-attr]
    page = browser.get("/office/flows/declaration/step/?key=镇里核实").text
    assert f'<option value="{row["pick_0"]}" selected>' in page


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"fact_0": "declared_by", "sign_0": ">=", "value_0": "外星人"}, "“由谁申报”不能比“不少于”"),
        ({"fact_0": "declared_by", "sign_0": "==", "value_0": "外星人"}, "“由谁申报”没有“外星人”这个选项"),
        ({"fact_0": "category", "sign_0": "==", "pick_0": "declared_by=self"}, "“大类”要填其中一项：人居环境"),
        ({"fact_0": "points", "sign_0": ">=", "value_0": "很多"}, "“分值”要填数字"),
        ({"how": "quorum", "share": "percent"}, "请填百分之几同意才算通过"),
        ({"how": "quorum", "share": "count", "share_number": ""}, "请填要几票同意才算通过"),
        ({"how": "quorum", "share": "percent", "share_number": "130"}, "百分之几要填1到100的数"),
    ],
)
def test_a_step_is_refused_in_peoples_words(desk: Desk, client_for: Pages, row: dict[str, str], said: str) -> None:
    answer = client_for(desk.cast.admin()).post("/office/flows/declaration/step/?spot=", FORM | row)
    assert answer.status_code == 422 and said in answer.text
    assert not FlowDraft.objects.exists()


def test_a_value_that_never_occurs_is_warned_of(desk: Desk) -> None:
    step = {**STEWARD, "when": 'category == "没带卡" || declared_by >= "外星人"'}
    found = {one.code: one.text for one in naming.concerns(parse([step]), registry.subject(KIND))}
    assert found["value_unknown"] == "“核实”的条件里，“大类”没有“没带卡”这个选项"
    assert found["text_ordered"] == "“核实”的条件里，“由谁申报”是文字，不能比大小"
    fine = naming.concerns(parse([{**STEWARD, "when": 'category == "人居环境"'}]), registry.subject(KIND))
    assert not {one.code for one in fine} & {"value_unknown", "text_ordered"}


def test_an_imported_file_and_the_api_warn_of_it_too(desk: Desk, client_for: Pages) -> None:
    step = "  - {name: 核实, who: {role: steward}, when: 'declared_by == \"外星人\"'}"
    content, admin = f"kind: declaration\nsteps:\n{step}\n", desk.cast.admin()
    file = SimpleUploadedFile("flow.yaml", content.encode())
    page = client_for(admin).post("/office/flows/declaration/bring/", {"revision": "0", "file": file}, follow=True)
    assert "“由谁申报”没有“外星人”这个选项" in page.text
    flow = services.save(subject_kind=KIND, steps=parse([{**STEWARD, "when": 'declared_by == "外星人"'}]), by=SYSTEM)
    told = api_client(admin).get(f"/api/v1/approval-flows/{flow.pk}/concerns/").json()
    assert "value_unknown" in {one["code"] for one in told}


def test_categories_are_those_of_the_rules_in_force(desk: Desk) -> None:
    assert verifying.categories() == ["人居环境"]

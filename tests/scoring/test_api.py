"""The same operations for programs."""

from collections.abc import Callable
from typing import Any

import pytest

from scoring.models import Declaration, Posting
from tests.scoring.desk import MONTH, Desk, photo

Program = Callable[..., Any]


def test_a_program_records_reviews_files_and_reads(desk: Desk, api_client: Program) -> None:
    steward, li, wu, officer = map(api_client, (desk.steward, desk.li, desk.wu, desk.officer))
    made = steward.post("/api/v1/declarations/", _deed(desk, "tidy"))
    assert made.status_code == 201 and made.json()["points"] == "2.00"
    review = li.post("/api/v1/reviews/", {"village": desk.village.pk, "month": MONTH.isoformat()}).json()["id"]
    [item] = li.get(f"/api/v1/reviews/{review}/items/").json()["results"]
    adjusted = li.post(
        f"/api/v1/review-items/{item['id']}/decide/", {"verdict": "adjusted", "points": "1", "reason": "半天"}
    )
    assert adjusted.json()["points"] == "1.00"
    assert li.post(f"/api/v1/reviews/{review}/rest/").json() == {"count": 0}
    assert [who.post(f"/api/v1/reviews/{review}/sign/").status_code for who in (li, wu)] == [200, 200]
    filing = li.post(f"/api/v1/reviews/{review}/close/").json()["id"]
    assert officer.post(f"/api/v1/filings/{filing}/answer/", {"accept": True}).json()["state"] == "received"


def test_a_program_reads_the_ledger_and_corrects_it(desk: Desk, api_client: Program) -> None:
    desk.record("tidy")
    desk.post()
    officer = api_client(desk.officer)
    assert len(officer.get("/api/v1/entries/").json()["results"]) == 2
    assert officer.get(f"/api/v1/passbooks/{desk.zhang.number}/").json()["merit"] == "2.00"
    assert officer.get("/api/v1/years/").json()["results"][0]["state"] == "open"
    posting = Posting.objects.get()
    answer = officer.post(f"/api/v1/postings/{posting.pk}/reverse/", {"reason": "认错户"})
    assert answer.status_code == 201 and {row["amount"] for row in answer.json()["entries"]} == {"-2.00"}
    assert officer.get(f"/api/v1/postings/{posting.pk}/").json()["reversed_at"]


def test_a_villagers_program_declares_and_reads_her_own(desk: Desk, api_client: Program) -> None:
    villager = api_client(desk.cast.villager(desk.zhang))
    deed = _deed(desk, "tidy")
    assert villager.post("/api/v1/own-declarations/", deed).json()["state"] == "submitted"
    assert len(villager.get("/api/v1/own-declarations/").json()["results"]) == 1
    assert villager.get("/api/v1/own-passbook/").json()["merit"] == "0.00"
    assert villager.get("/api/v1/declarations/").status_code == 403
    told = Declaration.objects.get()
    steward = api_client(desk.steward)
    verified = steward.post(f"/api/v1/declarations/{told.pk}/verify/", {"accept": False, "reason": "没有照片"})
    assert verified.json()["refusal"] == "没有照片"


def test_a_batch_is_all_or_nothing(desk: Desk, api_client: Program) -> None:
    stranger = desk.cast.household(name="未入户", joined=False)
    rows = [{"household": one.number, "rule": desk.rule_in_force("tidy").pk} for one in (desk.zhang, stranger)]
    form: dict[str, Any] = {"village": desk.village.pk, "kind": "activity", "title": "劳动", "place": "村口"}
    form["happened_on"] = MONTH.isoformat()
    steward = api_client(desk.steward)
    refused = steward.post("/api/v1/batches/", form | {"rows": rows})
    assert refused.status_code == 422 and refused.json()["code"] == "batch_invalid"
    assert not Declaration.objects.exists()
    assert steward.post("/api/v1/batches/", form | {"rows": rows[:1]}).json()["declarations"] == 1


def test_rules_are_everybodys_to_read(desk: Desk, api_client: Program) -> None:
    villager = api_client(desk.cast.villager(desk.zhang))
    rules = villager.get("/api/v1/rules/", {"village": desk.village.pk}).json()["results"]
    assert rules[0]["title"] == "庭院整洁" and rules[0]["price"] == "+2分"
    assert villager.get(f"/api/v1/rules/{rules[0]['id']}/").status_code == 200
    assert api_client().get("/api/v1/rules/").status_code == 401


def test_another_villages_declaration_does_not_exist(desk: Desk, api_client: Program) -> None:
    told = desk.record("tidy")
    other = api_client(desk.cast.steward(desk.cast.village("李家村"), name="钱管理"))
    assert other.get(f"/api/v1/declarations/{told.pk}/").status_code == 404
    assert other.post(f"/api/v1/declarations/{told.pk}/withdraw/").status_code == 404
    assert other.post("/api/v1/declarations/", _deed(desk, "tidy")).status_code == 404


def test_a_villagers_program_reads_no_more_of_a_sensitive_deed_than_her_page(desk: Desk, api_client: Program) -> None:
    desk.record("report", evidence=[photo("ready")], reason="举报某人", place="某人家门口")
    [row] = api_client(desk.cast.villager(desk.zhang)).get("/api/v1/own-declarations/").json()["results"]
    assert (row["rule"], row["reason"], row["place"], row["evidence"]) == (None, "", "", [])


def test_a_rule_goes_in_and_comes_out_by_the_same_number(desk: Desk, api_client: Program) -> None:
    sent = _deed(desk, "tidy")
    made = api_client(desk.steward).post("/api/v1/declarations/", sent).json()
    assert (made["rule"], made["rule_code"]) == (sent["rule"], "tidy")


@pytest.mark.parametrize("path", ["/api/v1/declarations/", "/api/v1/own-declarations/"])
def test_a_figure_under_an_unknown_name_is_refused(desk: Desk, api_client: Program, path: str) -> None:
    user = desk.cast.villager(desk.zhang) if "own" in path else desk.steward
    answer = api_client(user).post(path, _deed(desk, "tidy", facts={"quantiti": "3"}))
    assert (answer.status_code, answer.json()["field"]) == (422, "facts")
    assert "quantiti" in answer.json()["detail"] and "quantity" in answer.json()["detail"]
    assert not Declaration.objects.exists()


def test_no_program_reads_a_rules_code_where_the_page_says_none(desk: Desk, api_client: Program) -> None:
    deed = desk.record("tidy")
    desk.post()
    officer, villager = api_client(desk.officer), api_client(desk.cast.villager(desk.zhang))
    told = [
        officer.get(f"/api/v1/declarations/{deed.pk}/").json()["explanation"],
        officer.get(f"/api/v1/postings/{Posting.objects.get().pk}/").json()["explanation"],
        villager.get("/api/v1/own-passbook/").json()["rows"][0]["explanation"],
    ]
    assert all(one.startswith("细则：庭院整洁") for one in told)


def test_nobody_learns_a_strangers_name_by_trying_numbers(desk: Desk, api_client: Program) -> None:
    stranger = desk.head(desk.cast.household(desk.cast.village("李家村"), name="欧阳春"))
    own, steward = api_client(desk.cast.villager(desk.zhang)), api_client(desk.steward)
    told = _deed(desk, "help", resident=stranger.pk)
    for answer in (own.post("/api/v1/own-declarations/", told), steward.post("/api/v1/declarations/", told)):
        assert (answer.status_code, answer.json()["field"]) == (404, "resident")
        assert "欧阳春" not in answer.content.decode()
    assert not Declaration.objects.exists()


def _deed(desk: Desk, code: str, **more: Any) -> dict[str, Any]:
    return {
        "household": desk.zhang.number, "rule": desk.rule_in_force(code).pk, "happened_on": MONTH.isoformat(),
        "place": "村口", "reason": "见照片", "channel": "oral",
    } | more  # fmt: skip

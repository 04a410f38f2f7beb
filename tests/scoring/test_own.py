"""What a household reads of its own deeds: what was posted, and no more of a sensitive one than it may know."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from jifen.approvals import services as approvals
from jifen.approvals.models import Item
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.web.wording import date_cn
from scoring.errors import FactUnused
from scoring.models import Declaration, Posting
from scoring.selectors.own import told
from scoring.services.corrections import take_back
from scoring.services.declarations import withdraw
from tests.questions import asked
from tests.scoring.desk import DAY, Desk, photo

Caller = Callable[..., Any]


def test_a_capped_deed_shows_what_was_posted_and_why(desk: Desk, client_for: Caller) -> None:
    for _ in range(3):
        desk.record("help", resident=desk.head())
    desk.post()
    villager = desk.cast.villager(desk.zhang)
    rows = told(list(Declaration.objects.order_by("pk")), villager)
    assert [row.points for row in rows] == [Decimal(5), Decimal(5), Decimal(2)]
    assert "上限12分" in rows[2].note and not rows[0].note
    browser = client_for(villager)
    assert "上限12分" in browser.get(reverse("scoring:own_declarations")).content.decode()
    page = browser.get(reverse("scoring:own_declaration", args=[rows[2].row.pk])).content.decode()
    assert page.index("已记积分") < page.index("申报分值")


def test_the_village_reads_of_a_posted_deed_what_the_ledger_has_and_beside_it_what_was_declared(
    desk: Desk, client_for: Caller, api_client: Caller
) -> None:
    *_, last = [desk.record("help", resident=desk.head()) for _ in range(3)]
    desk.post()
    browser = client_for(desk.steward)
    page = browser.get(reverse("scoring:declaration", args=[last.pk])).content.decode()
    head, _, rest = page.partition('<dl class="facts">')
    assert ">+2<" in head and "上限12分，已得10分，计2分" in head and "+5" not in head
    assert "<dt>申报分值</dt>" in rest and "+5" in rest
    rows = browser.get(reverse("scoring:declarations")).content.decode()
    assert rows.count("申报+5") == 1 and ">+2<" in rows
    with asked() as questions:
        told_of = api_client(desk.steward).get("/api/v1/declarations/").json()["results"]
    assert sum("scoring_posting" in one for one in questions) == 1
    assert {(row["points"], row["posted"]) for row in told_of} == {("5.00", "5.00"), ("5.00", "2.00")}
    one = api_client(desk.steward).get(f"/api/v1/declarations/{last.pk}/").json()
    assert one["posted"] == "2.00"


def test_a_deed_taken_back_is_called_corrected(desk: Desk, client_for: Caller) -> None:
    row = desk.record("help", resident=desk.head())
    desk.post()
    take_back(posting=Posting.objects.get(declaration=row), reason="认错了人", by=desk.by)
    villager = desk.cast.villager(desk.zhang)
    [shown] = told(list(Declaration.objects.all()), villager)
    assert shown.is_taken_back and shown.note == "认错了人"
    for here in (reverse("scoring:own_declarations"), reverse("scoring:own_declaration", args=[row.pk])):
        page = client_for(villager).get(here).content.decode()
        assert "已更正" in page and "已记账" not in page


def test_a_deed_over_its_count_shows_nought_with_the_reason(desk: Desk) -> None:
    for _ in range(2):
        desk.record("class")
    desk.post()
    [_, second] = told(list(Declaration.objects.order_by("pk")), desk.cast.villager(desk.zhang))
    assert (second.points, second.is_posted) == (Decimal(0), True)
    assert "不再计分" in second.note


def test_a_sensitive_deed_is_not_named_to_the_rest_of_the_household(
    desk: Desk, client_for: Caller, api_client: Caller
) -> None:
    told_by_steward = desk.record("report", evidence=[photo("ready")])
    villager = desk.cast.villager(desk.zhang)
    for here in (
        reverse("scoring:own_declarations"),
        reverse("scoring:own_declaration", args=[told_by_steward.pk]),
    ):
        page = client_for(villager).get(here).content.decode()
        assert "事由不公开" in page and "举报线索" not in page
    [row] = api_client(villager).get("/api/v1/own-declarations/").json()["results"]
    assert (row["rule"], row["rule_code"]) == (None, "")


def test_the_declarer_reads_the_name_of_her_own_sensitive_deed(desk: Desk) -> None:
    villager = desk.cast.villager(desk.zhang)
    row = desk.record(
        "report", evidence=[photo("ready")], declared_by="self", declarer=desk.head(), by=Actor.of(villager)
    )
    [own] = told([row], villager)
    assert own.title == "举报线索"


def test_what_the_office_ended_is_read_with_who_when_and_why(
    desk: Desk, client_for: Caller, api_client: Caller
) -> None:
    villager, admin = desk.cast.villager(desk.zhang), desk.cast.admin("周主任")
    row = desk.record("tidy", declared_by="self", declarer=desk.head(), by=Actor.of(villager))
    item = Item.objects.get(subject_kind="declaration", subject_id=row.pk)
    approvals.terminate(item=item, reason="报重了", by=Actor.of(admin))
    page = client_for(villager).get(reverse("scoring:own_declaration", args=[row.pk])).content.decode()
    assert "已终止" in page and "周主任" in page and "理由：报重了" in page and date_cn(clock.today()) in page
    listed = client_for(villager).get(reverse("scoring:own_declarations")).content.decode()
    assert "已终止" in listed and "理由：报重了" in listed
    read = [client_for(desk.steward).get(reverse(one, args=args)).content.decode()
            for one, args in (("scoring:declarations", []), ("scoring:declaration", [row.pk]))]  # fmt: skip
    assert "已终止</span>" in read[0] and "已终止</span>" in read[1] and "已撤回</span>" not in read[0] + read[1]
    assert "已撤回" not in page + listed
    [told_of] = api_client(villager).get("/api/v1/own-declarations/").json()["results"]
    assert (told_of["ended"]["is_terminated"], told_of["ended"]["reason"]) == (True, "报重了")
    assert "周主任" in told_of["ended"]["by"]


def test_what_she_took_back_herself_is_no_end_by_the_office(desk: Desk, api_client: Caller) -> None:
    villager = desk.cast.villager(desk.zhang)
    row = desk.record("tidy", declared_by="self", declarer=desk.head(), by=Actor.of(villager))
    withdraw(declaration=row, by=Actor.of(villager))
    [told_of] = api_client(villager).get("/api/v1/own-declarations/").json()["results"]
    assert (told_of["ended"]["title"], told_of["ended"]["by"]) == ("已撤回", "")


def test_a_program_declares_for_no_other_household(desk: Desk, api_client: Caller) -> None:
    other = desk.cast.household(name="李四")
    deed = {"household": other.number, "rule": desk.rule_in_force("tidy").pk, "happened_on": DAY.isoformat()}
    answer = api_client(desk.cast.villager(desk.zhang)).post(
        "/api/v1/own-declarations/", deed | {"place": "村口", "reason": "见照片"}
    )
    assert (answer.status_code, answer.json()["field"]) == (403, "household")
    assert not Declaration.objects.exists()


@pytest.mark.parametrize(("code", "name"), [("tidy", "quantity"), ("trees", "tier"), ("host", "quantity")])
def test_a_figure_that_the_rule_does_not_count_is_refused_by_name(desk: Desk, code: str, name: str) -> None:
    with pytest.raises(FactUnused) as refused:
        desk.record(code, facts={name: "-5"})
    assert refused.value.field == name
    assert not Declaration.objects.exists()

"""I11: nobody decides on her own household's or a declared relative's deed, by whatever way she comes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from jifen.approvals import errors as approvals
from jifen.inbox.models import Message
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from scoring import errors
from scoring.models import ReviewItem
from scoring.services import declarations, reviews
from scoring.verify import checks
from tenants.community.models import HouseholdMember, Relative, Resident
from tenants.community.services import cells, relatives
from tests.invariants import book
from tests.scoring import wide
from tests.scoring.desk import DAY, MONTH, Desk, rule
from tests.scoring.owner import refusal

Faces = Callable[..., Any]


def resident_of(user: Any) -> Resident:
    return Resident.objects.get(user=user)


def related(desk: Desk, *, turned: bool = False) -> Resident:
    """李委员 is 张三's sister-in-law; she said so, or he did."""
    hers, his = resident_of(desk.li), desk.head()
    pair = (his, hers) if turned else (hers, his)
    Relative.objects.create(resident=pair[0], other=pair[1], kind="other", declared_on=MONTH)
    return hers


@pytest.mark.parametrize("turned", [False, True])
def test_a_relative_is_recused_whoever_declared_it(desk: Desk, turned: bool) -> None:
    related(desk, turned=turned)
    desk.record("tidy")
    sheet = desk.sheet()
    item = sheet.items.get()
    with pytest.raises(errors.Recused):
        reviews.decide(item=item, verdict="approved", by=Actor.of(desk.li))
    assert reviews.decide_rest(review=sheet, by=Actor.of(desk.li)) == 0
    assert reviews.decide_rest(review=sheet, by=Actor.of(desk.wu)) == 1


def test_what_a_relative_had_decided_is_decided_anew_when_the_relation_is_recorded(desk: Desk) -> None:
    desk.record("tidy")
    desk.record("tidy", household=desk.cast.household(desk.village, name="李四"))
    sheet, li = desk.sheet(), Actor.of(desk.li)
    assert reviews.decide_rest(review=sheet, by=li) == 2
    reviews.sign(review=sheet, role=desk.seat(desk.wu), by=Actor.of(desk.wu))
    relatives.declare(resident=desk.head(), other=resident_of(desk.li), kind="in_law", on=MONTH, by=SYSTEM)
    assert sorted(sheet.items.values_list("verdict", flat=True)) == ["approved", "pending"]
    assert not sheet.seats.exists()
    news = Message.objects.filter(title__endswith="的审核表有1件要重新审定")
    assert {row.user_id for row in news} == {desk.li.pk, desk.wu.pk}
    assert reviews.decide_rest(review=sheet, by=li) == 0
    desk.decide_all(sheet)
    assert [check.title for check in checks() if check.breaches()] == []


def test_a_relation_recorded_later_makes_no_wrong_of_what_was_closed(desk: Desk) -> None:
    desk.record("tidy")
    desk.decide_all(desk.sheet())
    relatives.declare(resident=desk.head(), other=resident_of(desk.li), kind="in_law", on=MONTH, by=SYSTEM)
    Relative.objects.update(recorded_at=clock.now() + timedelta(days=1))
    assert ReviewItem.objects.get().verdict == "approved"
    assert [check.title for check in checks() if check.breaches()] == []


def test_a_statement_in_a_relatives_name_is_refused(desk: Desk) -> None:
    hers = related(desk)
    desk.record("tidy")
    desk.sheet()
    before = book.fingerprint()
    act = "UPDATE scoring_reviewitem SET verdict = 'approved', decided_at = now(), decided_by_resident_id = %s"
    assert "I11: " in refusal(act, [hers.pk])
    assert book.fingerprint() == before


def test_a_program_and_a_page_refuse_a_relative_too(desk: Desk, api_client: Faces, client_for: Faces) -> None:
    related(desk)
    desk.record("tidy")
    sheet = desk.sheet()
    item = sheet.items.get()
    answer = api_client(desk.li).post(f"/api/v1/review-items/{item.pk}/decide/", {"verdict": "approved"})
    assert (answer.status_code, answer.json()["code"]) == (403, "recused")
    assert api_client(desk.li).post(f"/api/v1/reviews/{sheet.pk}/rest/").json() == {"count": 0}
    client_for(desk.li).post(reverse("scoring:sheet_act", args=[sheet.pk, "plain"]))
    item.refresh_from_db()
    assert item.verdict == "pending"


def test_moving_out_after_the_deed_changes_nothing(desk: Desk) -> None:
    desk.record("tidy")
    sheet, hers = desk.sheet(), resident_of(desk.li)
    HouseholdMember.objects.filter(resident=hers).update(to_date=MONTH.replace(year=MONTH.year - 5))
    start = MONTH.replace(year=MONTH.year - 5)
    HouseholdMember.objects.create(resident=hers, household=desk.zhang, relation="媳", from_date=start)
    HouseholdMember.objects.filter(resident=hers, household=desk.zhang).update(to_date=DAY.replace(day=2))
    with pytest.raises(errors.Recused):
        reviews.decide(item=sheet.items.get(), verdict="approved", by=Actor.of(desk.li))


def test_an_actor_who_leaves_out_who_she_is_is_recognised(desk: Desk) -> None:
    hers = related(desk)
    desk.record("tidy")
    sheet = desk.sheet()
    anonymous = Actor("t_alpha", desk.li.pk, "别的名字")
    assert hers.user_id == anonymous.id
    with pytest.raises(errors.Recused):
        reviews.decide(item=sheet.items.get(), verdict="approved", by=anonymous)
    assert reviews.decide_rest(review=sheet, by=anonymous) == 0


def test_her_signature_does_not_count_for_her_relatives_deed(desk: Desk) -> None:
    related(desk)
    desk.record("tidy")
    sheet = desk.sheet()
    reviews.decide_rest(review=sheet, by=Actor.of(desk.wu))
    reviews.sign(review=sheet, role=desk.seat(desk.li), by=Actor.of(desk.li))
    with pytest.raises(errors.QuorumMissing):
        reviews.close(review=sheet, by=Actor.of(desk.li))


def test_a_steward_does_not_verify_her_relatives_declaration(desk: Desk, client_for: Faces) -> None:
    steward = resident_of(desk.steward)
    Relative.objects.create(resident=steward, other=desk.head(), kind="other", declared_on=MONTH)
    told = desk.record("tidy", declared_by="self", declarer=desk.head())
    assert told.state == "submitted"
    with pytest.raises(approvals.Recused):
        declarations.verify(declaration=told, accept=True, by=desk.by)
    client_for(desk.steward).post(reverse("scoring:verify_one", args=[told.pk]), {"verdict": "accept"})
    told.refresh_from_db()
    assert told.state == "submitted"


WHOM = {"name": "whom", "label": "替谁", "kind": "person"}
SHARED = [
    rule("cell", "联户互助", 4, attribution="cell"),
    rule("lost", "联户失管", 3, sign="negative", attribution="cell"),
    rule("gave", "为老人代劳", 3, subject="resident", attribution="beneficiary", beneficiary="whom", inputs=[WHOM]),
]


def in_one_cell(desk: Desk) -> Resident:
    """李委员's household and 张三's are in one cell."""
    wide.install(desk, more=SHARED)
    hers = resident_of(desk.li)
    home = HouseholdMember.objects.get(resident=hers).household
    cell = cells.make(village=desk.village, name="第一组", by=SYSTEM)
    cells.put_in(cell=cell, numbers=[desk.zhang.number, home.number], on=DAY, by=SYSTEM)
    return hers


def test_who_gets_a_part_of_a_cells_deed_is_recused(desk: Desk) -> None:
    hers = in_one_cell(desk)
    shared, alone = desk.record("cell"), desk.record("tidy")
    by_role = desk.record("lead", resident=desk.head(), household=desk.zhang)
    sheet = desk.sheet()
    with pytest.raises(errors.Recused):
        reviews.decide(item=desk.item(shared), verdict="approved", by=Actor.of(desk.li))
    assert "I11: " in refusal(
        "UPDATE scoring_reviewitem SET verdict = 'approved', decided_at = now(), decided_by_resident_id = %s"
        " WHERE declaration_id = %s", [hers.pk, shared.pk],
    )  # fmt: skip
    assert reviews.decide_rest(review=sheet, by=Actor.of(desk.li)) == 2
    assert {desk.item(one).verdict for one in (alone, by_role)} == {"approved"}
    assert reviews.decide_rest(review=sheet, by=Actor.of(desk.wu)) == 1


def test_a_beneficiary_and_her_relative_are_recused(desk: Desk) -> None:
    wide.install(desk, more=SHARED)
    whom = resident_of(desk.li)
    Relative.objects.create(resident=whom, other=resident_of(desk.steward), kind="other", declared_on=MONTH)
    doer = desk.head()
    told = desk.record("gave", resident=doer, facts={"inputs": {"whom": whom.name}}, declared_by="self", declarer=doer)
    assert told.facts["people"]["beneficiary"] == f"resident:{whom.pk}"
    with pytest.raises(approvals.Recused):
        declarations.verify(declaration=told, accept=True, by=desk.by)


def test_who_bears_a_part_of_a_deduction_is_told(desk: Desk) -> None:
    in_one_cell(desk)
    desk.choose(hearing_days=3)
    desk.record("lost")
    sheet = desk.sheet()
    reviews.decide_rest(review=sheet, by=Actor.of(desk.wu))
    desk.sign_and_close(sheet)
    [told] = Message.objects.filter(user_id=desk.li.pk, title="有一笔扣分您家也分担")
    assert told.body.startswith("联户失管：−3分")

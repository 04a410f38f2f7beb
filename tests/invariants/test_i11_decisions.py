"""I11: nobody decides on her own household's or a declared relative's deed, by whatever way she comes."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from jifen.approvals import errors as approvals
from jifen.kernel.actors import Actor
from scoring import errors
from scoring.services import declarations, reviews
from tenants.community.models import HouseholdMember, Relative, Resident
from tests.invariants import book
from tests.scoring.desk import DAY, MONTH, Desk
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

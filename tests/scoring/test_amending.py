"""What was sent back is mended by whoever told it, and handed in again; nothing that was told is lost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from jifen.accounts.models import User
from jifen.approvals import selectors, services
from jifen.approvals.models import Item
from jifen.audit.models import AuditRow
from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.errors import JifenError
from scoring import errors
from scoring.models import Declaration, DeclarationChange
from scoring.rules.errors import RuleError
from scoring.selectors.verifying import SUBJECT_KIND, verify_queue
from scoring.services import amending, declarations
from tests.clients import ApiClient, PageClient
from tests.scoring.desk import DAY, Desk, photo

Pages = Callable[..., PageClient]
Apis = Callable[..., ApiClient]


@pytest.fixture
def own(desk: Desk) -> Actor:
    return Actor.of(desk.cast.villager(desk.zhang))


@pytest.fixture
def deed(desk: Desk, own: Actor) -> Declaration:
    """Three trees, sent back by the steward for a picture."""
    told = {"declared_by": "self", "declarer": desk.head(), "by": own, "facts": {"quantity": "3"}}
    row = desk.record("trees", **told)
    services.send_back(item=_item(row), to="starter", reason="请补照片", by=desk.by)
    return row


def _item(row: Declaration) -> Item:
    found = selectors.last_item(SUBJECT_KIND, row.pk)
    assert found is not None
    return found


def _amend(row: Declaration, by: Actor, **more: Any) -> Declaration:
    told: dict[str, Any] = {
        "resident": None, "happened_on": DAY, "place": "村口", "reason": "种了两棵", "facts": {"quantity": "2"},
    }  # fmt: skip
    return amending.amend(declaration=row, by=by, **told | more)


def test_it_is_priced_anew_and_goes_on(desk: Desk, own: Actor, deed: Declaration) -> None:
    scan = photo("ready")
    row = _amend(deed, own, evidence=[scan], text="已补照片")
    item = _item(row)
    assert (row.state, row.points, row.reason, item.facts["points"], item.state) == (
        "submitted", 6, "种了两棵", "6.00", "open")  # fmt: skip
    assert [one.file for one in row.evidence.all()] == [scan]
    assert item.words.get(kind="resubmit").text == "已补照片"
    declarations.verify(declaration=row, accept=True, by=desk.by)
    desk.post()
    assert desk.merit() == 6


def test_what_was_told_first_is_kept_and_shown(desk: Desk, own: Actor, deed: Declaration, client_for: Pages) -> None:
    _amend(deed, own)
    kept = DeclarationChange.objects.get()
    assert (kept.before["points"], kept.before["reason"], kept.actor_id) == (9, "见现场照片", own.id)
    assert AuditRow.objects.filter(action="declaration.amend").count() == 1
    page = client_for(desk.steward).get(f"/village/declarations/{deed.pk}/").content.decode()
    assert ("退回后修改" in page, "见现场照片" in page) == (True, True)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [({"reason": " "}, errors.ReasonMissing), ({"facts": {}}, errors.FactsMissing),
     ({"facts": {"quantity": "-1"}}, RuleError)],
)  # fmt: skip
def test_a_wrong_one_changes_nothing(own: Actor, deed: Declaration, wrong: Any, error: type[JifenError]) -> None:
    with pytest.raises(error):
        _amend(deed, own, **wrong)
    deed.refresh_from_db()
    assert (deed.points, _item(deed).state, DeclarationChange.objects.count()) == (9, "returned", 0)


def test_nobody_else_mends_it_and_nothing_is_mended_twice(desk: Desk, own: Actor, deed: Declaration) -> None:
    with pytest.raises(errors.NotAmendable):
        _amend(deed, desk.by)
    _amend(deed, own)
    with pytest.raises(errors.NotAmendable):
        _amend(deed, own)


def test_the_database_refuses_a_change_that_keeps_nothing(deed: Declaration) -> None:
    with pytest.raises(DatabaseError, match="never rewritten"), transaction.atomic():
        Declaration.objects.filter(pk=deed.pk).update(points=100)
    with pytest.raises(DatabaseError, match="never rewritten"), transaction.atomic():
        Declaration.objects.filter(pk=deed.pk).update(place="别处")


def test_the_database_refuses_a_change_after_verification(desk: Desk, own: Actor, deed: Declaration) -> None:
    row = _amend(deed, own)
    declarations.verify(declaration=row, accept=True, by=desk.by)
    with pytest.raises(DatabaseError, match="never rewritten"), transaction.atomic():
        Declaration.objects.filter(pk=deed.pk).update(points=9)


def test_a_villager_mends_it_on_her_page(own: Actor, deed: Declaration, client_for: Pages) -> None:
    client = client_for(User.objects.get(pk=own.id))
    work = client.get(f"/work/{_item(deed).pk}/").content.decode()
    assert f'href="/declarations/{deed.pk}/amend/"' in work
    assert "请补照片" in client.get(f"/declarations/{deed.pk}/").content.decode()
    form = client.get(f"/declarations/{deed.pk}/amend/").content.decode()
    assert ("请补照片" in form, 'value="3"' in form, "见现场照片" in form) == (True, True, True)
    sent = {"quantity": "4", "happened_on": f"{DAY}", "place": "河边", "reason": "种了四棵"}
    assert client.post(f"/declarations/{deed.pk}/amend/", sent).status_code == 302
    deed.refresh_from_db()
    assert (deed.points, deed.place, _item(deed).state) == (12, "河边", "open")
    assert client.get(f"/declarations/{deed.pk}/amend/").status_code == 404


def test_a_wrong_field_is_named_on_the_page(own: Actor, deed: Declaration, client_for: Pages) -> None:
    sent = {"quantity": "", "happened_on": f"{DAY}", "place": "河边", "reason": "种了四棵"}
    answer = client_for(User.objects.get(pk=own.id)).post(f"/declarations/{deed.pk}/amend/", sent)
    assert (answer.status_code, _item(deed).state) == (422, "returned")


def test_a_steward_mends_what_she_wrote_down(desk: Desk, client_for: Pages) -> None:
    row = desk.record("trees", declared_by="self", declarer=desk.head(), facts={"quantity": "3"})
    services.send_back(item=_item(row), to="starter", reason="数不对", by=desk.by)
    client = client_for(desk.steward)
    assert "数不对" in client.get(f"/village/declarations/{row.pk}/amend/").content.decode()
    sent = {"quantity": "1", "happened_on": f"{DAY}", "place": "河边", "reason": "种了一棵"}
    assert client.post(f"/village/declarations/{row.pk}/amend/", sent).status_code == 302
    row.refresh_from_db()
    assert row.points == 3


def test_programs_mend_it_too(desk: Desk, own: Actor, deed: Declaration, api_client: Apis) -> None:
    sent = {"happened_on": f"{DAY}", "place": "河边", "reason": "种了四棵", "facts": {"quantity": "4"}}
    address = f"own-declarations/{deed.pk}/amend/"
    assert api_client(desk.steward).post(f"/api/v1/declarations/{deed.pk}/amend/", sent).status_code == 409
    answer = api_client(User.objects.get(pk=own.id)).post(f"/api/v1/{address}", sent)
    assert (answer.status_code, answer.json()["points"]) == (200, "12.00")


def test_what_is_back_with_her_does_not_wait_for_the_steward(
    desk: Desk, own: Actor, deed: Declaration, client_for: Pages
) -> None:
    steward, villager = client_for(desk.steward), client_for(User.objects.get(pk=own.id))
    queue, lists = reverse("scoring:verify"), (reverse("scoring:own_declarations"), reverse("scoring:declarations"))
    assert "没有待核实的申报" in steward.get(queue).content.decode()
    assert "退回给您修改" in villager.get(lists[0]).content.decode()
    assert "已退回修改" in steward.get(lists[1]).content.decode()
    _amend(deed, own)
    assert "植树" in steward.get(queue).content.decode()
    assert "退回给您修改" not in villager.get(lists[0]).content.decode()


def test_what_the_town_verifies_next_is_past_the_steward(desk: Desk, own: Actor, client_for: Pages) -> None:
    town = {"name": "镇里复核", "who": {"role": "town_officer"}}
    desk.cast.officer()
    services.install(subject_kind=SUBJECT_KIND, steps=[{"name": "核实", "who": {"role": "steward"}}, town], by=SYSTEM)
    row = desk.record("trees", declared_by="self", declarer=desk.head(), by=own, facts={"quantity": "3"})
    page = client_for(desk.steward)
    assert "植树" in page.get(reverse("scoring:verify")).content.decode()
    told = page.post(reverse("scoring:verify_one", args=[row.pk]), {"verdict": "accept"}, follow=True).content.decode()
    assert "您已核实，转下一步办理" in told and "没有待核实的申报" in told
    assert verify_queue({desk.village.pk}).get() == row


def test_an_item_names_the_household_and_leads_the_starter_to_her_own_page(
    desk: Desk, own: Actor, deed: Declaration, client_for: Pages
) -> None:
    item = _item(deed)
    mine = client_for(User.objects.get(pk=own.id)).get(f"/work/{item.pk}/").content.decode()
    address = reverse("scoring:own_declaration", args=[deed.pk])
    assert "张三户：植树" in mine and f'href="{address}"' in mine
    theirs = client_for(desk.steward).get(f"/village/work/{item.pk}/").content.decode()
    assert reverse("scoring:declaration", args=[deed.pk]) in theirs

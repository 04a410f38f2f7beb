"""What was sent back is mended by whoever told it, and handed in again; nothing that was told is lost."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from jifen.accounts.models import User
from jifen.approvals import selectors, services
from jifen.approvals.models import Item
from jifen.audit.models import AuditRow
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError
from scoring import errors
from scoring.models import Declaration, DeclarationChange
from scoring.rules.errors import RuleError
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
    found = selectors.last_item(declarations.SUBJECT_KIND, row.pk)
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

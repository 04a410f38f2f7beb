"""The designer's draft belongs to the town: it outlives a session, and nobody overwrites another's change."""

from collections.abc import Callable
from typing import Any

import pytest

from jifen.approvals import errors, services
from jifen.approvals.definition import parse
from jifen.approvals.models import Flow, FlowDraft
from jifen.approvals.services import drafting
from jifen.audit.models import AuditRow
from jifen.kernel.actors import SYSTEM, Actor
from tests.approvals.deeds import ADMIN, OFFICER, Deed
from tests.approvals.test_designer import STEP, text, url
from tests.cast import Cast
from tests.together import together

DRAFTS = "/api/v1/approval-flow-drafts/deed/"
ZHOU, QIAN = Actor("t_alpha", 901, "周主任"), Actor("t_alpha", 902, "钱主任")
ONE, TWO = parse([OFFICER]), parse([OFFICER, ADMIN])


@pytest.fixture
def two(cast: Cast, client_for: Callable[..., Any], deed: Deed) -> tuple[Any, Any]:
    services.install(subject_kind="deed", steps=[OFFICER], by=SYSTEM)
    return client_for(cast.admin()), client_for(cast.admin(name="钱主任"))


def test_a_draft_outlives_its_session_and_every_admin_sees_it(two: tuple[Any, Any]) -> None:
    first, second = two
    first.post(url("step") + "?spot=", STEP | {"revision": "0"})
    first.logout()
    shown = text(second.get(url("designer")))
    assert "村级核实" in shown and "周主任改于" in shown


def test_the_second_admin_does_not_overwrite_the_first(two: tuple[Any, Any]) -> None:
    first, second = two
    first.post(url("step") + "?spot=", STEP | {"revision": "0"})
    refused = second.post(url("edit"), {"act": "parallel", "spot": "", "revision": "0"}, headers={"HX-Request": "true"})
    assert "周主任在您之后改过这份草稿" in text(refused) and "村级核实" in text(refused)
    assert FlowDraft.objects.get().revision == 1
    second.post(url("edit"), {"act": "down", "key": "村级核实", "revision": "1"})
    assert FlowDraft.objects.get().revision == 2


def test_saving_or_dropping_what_somebody_else_changed_is_refused(two: tuple[Any, Any]) -> None:
    first, second = two
    first.post(url("step") + "?spot=", STEP | {"revision": "0"})
    for name in ("save", "begin"):
        assert "改过这份草稿" in text(second.post(url(name), {"revision": "0"}, follow=True))
    assert FlowDraft.objects.exists() and Flow.objects.filter(subject_kind="deed").count() == 1
    second.post(url("save"), {"revision": "1"})
    assert not FlowDraft.objects.exists() and Flow.objects.filter(subject_kind="deed").count() == 2
    assert "改过这份草稿" in text(first.post(url("edit"), {"act": "up", "key": "经办", "revision": "1"}, follow=True))


def test_every_change_is_on_record(two: tuple[Any, Any]) -> None:
    kept = drafting.keep(subject_kind="deed", steps=TWO, base=1, revision=0, by=ZHOU)
    drafting.drop(subject_kind="deed", revision=kept.revision, by=QIAN)
    drafting.drop(subject_kind="deed", revision=kept.revision, by=QIAN)
    rows = AuditRow.objects.filter(action__startswith="approval.draft").order_by("pk")
    assert [(row.action, row.actor_name) for row in rows] == [
        ("approval.draft", "周主任"), ("approval.draft_drop", "钱主任"),
    ]  # fmt: skip


def test_by_program(two: tuple[Any, Any], cast: Cast, api_client: Callable[..., Any]) -> None:
    program = api_client(cast.admin(name="孙主任"))
    assert program.get(DRAFTS).json()["revision"] == 0
    steps = [OFFICER, ADMIN]
    assert program.put(DRAFTS, {"steps": steps, "revision": 0}, format="json").json()["revision"] == 1
    refused = program.put(DRAFTS, {"steps": steps, "revision": 0}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "approval_draft_changed")
    assert program.post(f"{DRAFTS}save/", {"revision": 1}).json()["version"] == 2
    assert program.delete(f"{DRAFTS}?revision=0").status_code == 204
    assert api_client(cast.officer()).put(DRAFTS, {"steps": steps, "revision": 0}, format="json").status_code == 403


@pytest.fixture
def committed(committing_town: object, deed: Deed) -> None:
    services.install(subject_kind="deed", steps=[OFFICER], by=SYSTEM)


@pytest.mark.parametrize("known", [0, 1])
def test_of_two_at_the_same_moment_one_change_stands(committed: None, known: int) -> None:
    if known:
        drafting.keep(subject_kind="deed", steps=ONE, base=1, revision=0, by=SYSTEM)

    def change(by: Actor) -> FlowDraft:
        return drafting.keep(subject_kind="deed", steps=TWO, base=1, revision=known, by=by)

    results = together(lambda: change(ZHOU), lambda: change(QIAN))
    assert sum(isinstance(one, errors.DraftChanged) for one in results) == 1
    assert FlowDraft.objects.get().revision == known + 1

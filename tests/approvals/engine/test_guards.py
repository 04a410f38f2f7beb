"""What the database holds itself, and what verify finds."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from jifen.approvals import verify
from jifen.approvals.models import Assignment, Item, ItemState, Stage, StageState, Word
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from tests.approvals.engine.desk import Desk, step


@contextmanager
def refused(said: str = "", error: type[DatabaseError] = DatabaseError) -> Iterator[None]:
    with pytest.raises(error, match=said), transaction.atomic():
        yield


def breaches() -> set[str]:
    return {check.code for check in verify.checks() if check.breaches()}


def test_what_is_over_never_changes(desk: Desk) -> None:
    [jia] = desk.people("甲")
    item = desk.say(desk.start(step(jia)), jia)
    with refused("an item that is over"):
        Item.objects.filter(pk=item.pk).update(state=ItemState.OPEN, finished_at=None)
    assert Item.objects.get(pk=item.pk).state == ItemState.APPROVED


def test_a_word_is_never_changed(desk: Desk) -> None:
    [jia] = desk.people("甲")
    item = desk.start(step(jia))
    for act in ("UPDATE approvals_word SET text = ''", "DELETE FROM approvals_word"):
        with refused("permission denied|a word is never changed"), connection.cursor() as cursor:
            cursor.execute(act)
    assert item.words.count() == 1


def test_nothing_of_an_item_is_deleted(desk: Desk) -> None:
    [jia] = desk.people("甲")
    desk.start(step(jia))
    for table in ("item", "stage", "assignment"):
        with refused("permission denied"), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM approvals_{table}")


def test_an_item_is_at_a_step_once_and_a_person_once(desk: Desk) -> None:
    [jia] = desk.people("甲")
    stage = Stage.objects.get(item=desk.start(step(jia)))
    with refused("approvals_stage_once", IntegrityError):
        Stage.objects.create(item=stage.item, key="甲", name="甲", run=2, opened_at=clock.now())
    with refused("approvals_assignment_once", IntegrityError):
        Assignment.objects.create(stage=stage, user_id=jia.id, holder_id=jia.id, seat=5, given_at=clock.now())


def test_a_verdict_and_its_moment_go_together(desk: Desk) -> None:
    [jia] = desk.people("甲")
    desk.start(step(jia))
    with refused("approvals_assignment_done", IntegrityError):
        Assignment.objects.update(state="done")


def test_verify_finds_what_is_lost_unowned_and_left_behind(desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    desk.install(step(jia, yi, how="all"))
    lost, unowned, behind, unheard = (desk.start() for _ in range(4))
    assert breaches() == set()
    Stage.objects.filter(item=lost).update(state=StageState.LEFT, closed_at=clock.now())
    Assignment.objects.filter(stage__item=lost).update(state="lapsed")
    Assignment.objects.filter(stage__item=unowned).update(state="cancelled")
    Item.objects.filter(pk=behind.pk).update(state=ItemState.APPROVED, finished_at=clock.now())
    Assignment.objects.filter(stage__item=unheard, user=jia.id).update(
        state="done", verdict="approve", done_at=clock.now()
    )
    assert breaches() == {"approval_lost", "approval_unowned", "approval_left_open", "approval_unheard"}


def test_verify_finds_a_result_without_its_words(desk: Desk) -> None:
    [jia] = desk.people("甲")
    item = desk.start(step(jia))
    Stage.objects.filter(item=item).update(state=StageState.LEFT, closed_at=clock.now())
    Assignment.objects.filter(stage__item=item).update(state="lapsed")
    Item.objects.filter(pk=item.pk).update(state=ItemState.REJECTED, finished_at=clock.now())
    assert breaches() == {"approval_undecided"}


def test_verify_finds_words_entered_by_somebody_who_stands_back(desk: Desk) -> None:
    jia, yi, bing = desk.people("甲", "乙", "丙")
    desk.deed.near = {jia.id}
    item = desk.start(step(jia, yi, how="all"))
    told = {"item": item, "kind": "approve", "speaker_id": yi.id, "at": clock.now()}
    for by, data in ((jia, {}), (bing, {"scan": 1})):
        Word.objects.create(**by.columns(), **told, data=data)
    assert breaches() == set()
    Word.objects.create(**jia.columns(), **told, data={"scan": 1})
    assert breaches() == {"approval_entered"}


def test_verify_finds_what_a_move_decided(desk: Desk) -> None:
    [jia] = desk.people("甲")
    item = desk.start(step(jia))
    Word.objects.create(
        **SYSTEM.columns(), item=item, kind="move", speaker_id=0, at=clock.now(),
        data={"before": 1, "after": 2, "state": "approved", "steps": []},
    )  # fmt: skip
    assert breaches() == {"approval_moved"}

"""Items, and whose work they are."""

from collections.abc import Iterable
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from jifen.approvals import machine, registry
from jifen.approvals.definition import Definition, Step, parse
from jifen.approvals.models import (
    Activation,
    Assignment,
    AssignmentState,
    Copy,
    Item,
    ItemState,
    Stage,
    StageState,
    Verdict,
    Word,
    WordKind,
)
from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.tenancy import current_schema

MINE = (AssignmentState.ACTIVE, AssignmentState.CLAIMED)
SAID = (WordKind.APPROVE, WordKind.REJECT, WordKind.SKIP)
QUIET = (
    WordKind.READ, WordKind.COMMENT, WordKind.COPY, WordKind.ASK, WordKind.ANSWER, WordKind.REMIND, WordKind.SKIP,
    WordKind.OVERDUE, WordKind.SUSPEND, WordKind.WAKE,
)  # fmt: skip
"""After these, nobody has gone on from a word."""


def open_item(subject_kind: str, subject_id: int) -> Item | None:
    """The item under way for a subject; there is at most one."""
    return Item.objects.filter(subject_kind=subject_kind, subject_id=subject_id, finished_at=None).first()


def back_with(subject_kind: str, subject_id: int, by: Actor) -> Item | None:
    """The subject's item, when it was sent back to ``by``."""
    item = open_item(subject_kind, subject_id)
    return item if item is not None and item.state == ItemState.RETURNED and item.is_started_by(by) else None


def has_flow(subject_kind: str) -> bool:
    """Whether the town has installed a flow for the kind."""
    return Activation.objects.filter(subject_kind=subject_kind).exists()


def in_force(subject_kind: str) -> Definition | None:
    """What the town's flow for the kind says today, the kind's standard one where it has chosen none."""
    rows = Activation.objects.filter(subject_kind=subject_kind).order_by("-id")
    steps = rows.values_list("flow__steps", flat=True).first()
    return parse(steps) if steps is not None else registry.standard_of(subject_kind)


def last_item(subject_kind: str, subject_id: int) -> Item | None:
    """The newest item of a subject, under way or over."""
    rows = Item.objects.filter(subject_kind=subject_kind, subject_id=subject_id)
    return rows.select_related("flow").order_by("-id").first()


def waits_at(item: Item) -> str:
    """The steps where the item stands, by name."""
    return "、".join(stage.name for stage, _ in active_stages(item)) or str(item.get_state_display())


def last_word(item: Item, *kinds: WordKind) -> Word | None:
    """The newest word of these kinds that a person said; none when only time limits spoke."""
    rows = Word.objects.filter(item=item, kind__in=kinds).exclude(actor_realm=SYSTEM.realm)
    return rows.order_by("-id").first()


def with_item(rows: Any, subject_kind: str) -> Any:
    """Adds ``item``: the id of each subject's newest item; null for one that went through no flow."""
    items = Item.objects.filter(subject_kind=subject_kind, subject_id=OuterRef("pk")).order_by("-id")
    return rows.annotate(item=Subquery(items.values("pk")[:1]))


def open_items(subject_kind: str, village_ids: Iterable[int] | None = None) -> QuerySet[Item]:
    """Items under way, oldest first; of some villages or of all."""
    found = Item.objects.filter(subject_kind=subject_kind, finished_at=None).order_by("started_at", "id")
    return found if village_ids is None else found.filter(village_id__in=village_ids)


def active_stages(item: Item) -> list[tuple[Stage, Step]]:
    """Where the item stands, with the steps of its version."""
    definition = item.flow.definition
    rows = Stage.objects.filter(item=item, state=StageState.ACTIVE).order_by("id")
    return [(row, step) for row in rows if (step := definition.step(row.key)) is not None]


def current_step(item: Item) -> Step:
    """The first step the item waits at; when it is through, the flow's last."""
    facts = facts_of(item)
    waiting = machine.walk(item.flow.definition, done_keys(item), item.routes, facts).waiting
    return waiting[0] if waiting else list(item.flow.definition.all_steps())[-1]


def done_keys(item: Item) -> set[str]:
    """The steps that have passed and still count."""
    return set(Stage.objects.filter(item=item, state=StageState.PASSED).values_list("key", flat=True))


def facts_of(item: Item) -> machine.Facts:
    return machine.Facts(item.facts, registry.facts_of(item.subject_kind))


def last_reason(item: Item) -> str:
    """Why it was refused, sent back or ended; empty when nothing was said."""
    kinds = (WordKind.REJECT, WordKind.RETURN, WordKind.TERMINATE, WordKind.OVERDUE)
    return Word.objects.filter(item=item, kind__in=kinds).order_by("-id").values_list("text", flat=True).first() or ""


def last_said(item: Item, user_id: int) -> Assignment | None:
    """Her newest word that still counts, and that she said there herself."""
    rows: QuerySet[Assignment] = _said(item, user_id).exclude(how=WordKind.SKIP)
    return rows.select_related("stage").order_by("-done_at", "-id").first()


def leaning(item: Item, said: Assignment) -> list[Assignment]:
    """Where she is not asked on another way of a fork, as that word of hers, and none beside it, has passed a step."""
    if said.verdict != Verdict.APPROVE or said.stage.state != StageState.PASSED:
        return []
    rows = list(_said(item, said.user_id).exclude(pk=said.pk).select_related("stage").order_by("id"))
    own = [row for row in rows if row.how != WordKind.SKIP and row.verdict == Verdict.APPROVE]
    if any(row.stage.state == StageState.PASSED for row in own):
        return []
    after = machine.later(item.flow.definition, said.stage.key)
    return [row for row in rows if row.how == WordKind.SKIP and row.stage.key not in after]


def _said(item: Item, user_id: int) -> Any:
    """Her words that count; ``how`` she came to each."""
    counts = (StageState.ACTIVE, StageState.PASSED)
    rows = Assignment.objects.filter(stage__item=item, stage__state__in=counts, state=AssignmentState.DONE)
    words = Word.objects.filter(stage=OuterRef("stage"), speaker_id=OuterRef("user"), kind__in=SAID).order_by("-id")
    return rows.filter(user=user_id).annotate(how=Subquery(words.values("kind")[:1]))


def went_on(item: Item, said: Assignment) -> bool:
    """Whether somebody else has acted after that word, or where it spared her: at its step, at one that follows, or on
    the whole item."""
    return any(_went_on(item, one) for one in (said, *leaning(item, said)))


def _went_on(item: Item, said: Assignment) -> bool:
    words = item.words.filter(speaker_id=said.user_id, stage=said.stage_id, kind__in=SAID).order_by("-id")
    own = words.values_list("pk", flat=True).first() or 0
    later = Q(stage=None) | Q(stage__key__in=machine.later(item.flow.definition, said.stage.key))
    after = item.words.filter(later, pk__gt=own).exclude(kind__in=QUIET)
    return after.exclude(actor_realm=current_schema(), speaker_id=said.user_id).exists()


def work_of(user_id: int) -> QuerySet[Assignment]:
    """What waits for an account now, the most urgent first."""
    rows = Assignment.objects.filter(user=user_id, state__in=MINE, stage__state=StageState.ACTIVE)
    rows = rows.filter(stage__item__state=ItemState.OPEN).select_related("stage__item__flow")
    return rows.order_by("stage__due_at", "given_at", "id")


def subjects_at(user_id: int, subject_kind: str) -> QuerySet[Assignment, int]:
    """The ids of the subjects of one kind that wait for an account now."""
    rows = work_of(user_id).filter(stage__item__subject_kind=subject_kind).order_by()
    return rows.values_list("stage__item__subject_id", flat=True)


def subjects_in(subject_kind: str, *states: ItemState) -> QuerySet[Item, int]:
    """The ids of the subjects of one kind whose item is in one of these states."""
    rows = Item.objects.filter(subject_kind=subject_kind, state__in=states, finished_at=None)
    return rows.values_list("subject_id", flat=True)


def returned_to(by: Actor) -> QuerySet[Item]:
    """What was sent back to its starter, who changes it and hands it in again."""
    return Item.objects.filter(state=ItemState.RETURNED, starter_realm=by.realm, starter_id=by.id).order_by(
        "started_at"
    )


def copies_for(user_id: int) -> QuerySet[Copy]:
    """What an account was told of, newest first."""
    return Copy.objects.filter(user=user_id).select_related("item__flow").order_by("-sent_at", "-id")


def questions_for(user_id: int) -> QuerySet[Word]:
    """Questions that wait for an account's answer."""
    asked = Word.objects.filter(kind=WordKind.ASK, to_id=user_id, answered_by=None, item__finished_at=None)
    return asked.select_related("item").order_by("at", "id")


def recused(item: Item) -> QuerySet[Assignment]:
    """Who stands back from the item, at which stage; a substitute's ``holder_id`` is hers."""
    rows = Assignment.objects.filter(stage__item=item, state=AssignmentState.RECUSED)
    return rows.select_related("user", "stage").order_by("id")


def blocked(village_ids: Iterable[int] | None = None) -> QuerySet[Stage]:
    """Stages that nobody can be asked at: the town's office has to appoint somebody, jump or end the item."""
    rows = Stage.objects.filter(state=StageState.ACTIVE, is_blocked=True, item__state=ItemState.OPEN)
    rows = rows if village_ids is None else rows.filter(Q(item__village_id__in=village_ids))
    return rows.select_related("item__flow").order_by("opened_at", "id")

"""What the pages tell of an item: its line in a list, where it stands, who must act, what has been said."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from jifen.accounts.models import User
from jifen.approvals import abilities, directory, registry, selectors, wording
from jifen.approvals.definition import Who
from jifen.approvals.models import (
    Assignment,
    AssignmentState,
    Item,
    Origin,
    StageState,
    Word,
    WordKind,
)
from jifen.approvals.permissions import ApprovalsPermission as May
from jifen.approvals.selectors.people import holds
from jifen.approvals.selectors.veils import veil, veiled
from jifen.approvals.selectors.words import scans
from jifen.approvals.web import choices
from jifen.approvals.web.acts import ACTS, Act, ActForm
from jifen.web.wording import date_cn, points_text

_TONES = {
    WordKind.APPROVE: "good", WordKind.REJECT: "bad", WordKind.RETURN: "wait", WordKind.OVERDUE: "bad",
    WordKind.TERMINATE: "bad", WordKind.WITHDRAW: "wait", WordKind.SUSPEND: "wait", WordKind.REMIND: "wait",
}  # fmt: skip
_STAGE_TONES = {
    StageState.PASSED: "good", StageState.ACTIVE: "wait", StageState.REFUSED: "bad",
}  # fmt: skip
_FIRST = ("approve", "points", "reject", "return", "answer", "resubmit", "claim", "release", "wake")
"""Stand open on the page; the rest under 更多."""


_BROUGHT = (Origin.ADDED, Origin.DELEGATE, Origin.TRANSFERRED, Origin.HANDED_OVER)
"""How somebody comes by work through another person, whom the page names."""


def title(item: Item) -> str:
    return registry.subject(item.subject_kind).title(item)


# A line of a list


@dataclass(frozen=True, slots=True)
class Line:
    """``note`` says why it is here; ``due`` is the step's limit."""

    item: Item
    title: str
    kind: str
    step: str
    note: str = ""
    due: datetime | None = None
    can_tick: bool = False
    fresh: bool = False


def lines(rows: Iterable[Any], tab: str) -> list[Line]:
    """Of assignments, items, questions, copies or stages, as the tab has them."""
    make = {"mine": _of_work, "asked": _of_question, "copies": _of_copy, "blocked": _of_stage, "resting": _of_rest}.get(
        tab, _of_item
    )
    return [make(row) for row in rows]


def _line(item: Item, **more: Any) -> Line:
    subject = registry.subject(item.subject_kind)
    return Line(item, subject.title(item), subject.name, **more)


def _of_work(row: Any) -> Line:
    note = "" if row.origin == "rule" else row.get_origin_display()
    stage = row.stage
    can_tick = not registry.subject(stage.item.subject_kind).one_by_one
    return _line(stage.item, step=stage.name, note=note, due=stage.due_at, can_tick=can_tick, fresh=row.read_at is None)


def _of_question(row: Word) -> Line:
    asker = veiled(row, veil(row.item)).actor_name
    return _line(row.item, step="", note=f"{asker}问：{row.text}", fresh=True)


def _of_copy(row: Any) -> Line:
    return _line(row.item, step=row.item.get_state_display(), fresh=row.read_at is None)


def _of_stage(row: Any) -> Line:
    return _line(row.item, step=row.name, note="没有人可以办", due=row.due_at)


def _of_rest(row: Item) -> Line:
    said = selectors.last_word(row, WordKind.SUSPEND)
    who = f"{veiled(said, veil(row)).actor_name}暂停" if said else ""
    until = f"{date_cn(row.wake_at)}恢复" if row.wake_at else "没有定恢复的日子"
    return _line(row, step=who, note=until)


def _of_item(row: Item) -> Line:
    return _line(row, step=row.get_state_display())


# Where it stands


@dataclass(frozen=True, slots=True)
class Standing:
    """A step the item waits at, and who must act there."""

    name: str
    how: str
    due: datetime | None
    blocked: bool
    people: list[tuple[str, str, str]] = field(default_factory=list)


def standing(item: Item) -> list[Standing]:
    return [_standing(stage, step) for stage, step in selectors.active_stages(item)]


def _standing(stage: Any, step: Any) -> Standing:
    rows = stage.assignments.exclude(state__in=(AssignmentState.CANCELLED, AssignmentState.RECUSED))
    crew = _Crew(stage, list(rows.select_related("user").order_by("seat", "rank", "id")))
    people = [
        (row.user.display_name, crew.word_of(row), "good" if row.state == AssignmentState.DONE else "wait")
        for row in crew.rows
    ]
    return Standing(stage.name, wording.how(step), stage.due_at, stage.is_blocked, people)


class _Crew:
    """The people of a stage, each in words: how far she is, and how she came by it."""

    def __init__(self, stage: Any, rows: list[Any]) -> None:
        self.rows = rows
        self.claimed = {row.seat for row in rows if row.state == AssignmentState.CLAIMED}
        said = Word.objects.filter(stage=stage, kind=WordKind.CLAIM).values_list("speaker_id", flat=True)
        self.claimers = set(said) if self.claimed else set()
        ids = {one for row in rows if row.origin in _BROUGHT for one in (row.holder_id, row.added_by_id) if one}
        self.names = dict(User.objects.filter(pk__in=ids).values_list("pk", "display_name"))

    def word_of(self, row: Any) -> str:
        if row.state == AssignmentState.DONE:
            return str(row.get_verdict_display())
        origin = "" if row.origin == Origin.RULE else f"（{self._origin(row)}）"
        return f"{self._state(row)}{origin}"

    def _state(self, row: Any) -> str:
        """A claim goes along its seat: only who took it has claimed it; those of other seats wait until it is back."""
        if row.state == AssignmentState.CLAIMED and row.user_id not in self.claimers:
            return str(AssignmentState.ACTIVE.label)
        if row.state == AssignmentState.WAITING and row.user_id in self.claimers and row.seat in self.claimed:
            return f"{AssignmentState.CLAIMED.label}，未轮到"
        if row.state == AssignmentState.WAITING and self.claimed - {row.seat}:
            return "别人已认领"
        return str(row.get_state_display())

    def _origin(self, row: Any) -> str:
        if row.origin == Origin.ADDED:
            return self._added(row)
        if row.origin in _BROUGHT and row.holder_id != row.user_id:
            verb = "代" if row.origin == Origin.DELEGATE else "接替"
            return f"{row.get_origin_display()}，{verb}{self.names.get(row.holder_id, '')}"
        return str(row.get_origin_display())

    def _added(self, row: Any) -> str:
        """Before, after or beside whom: who added her sits on the same seat, or on another."""
        name = self.names.get(row.added_by_id, "")
        asker = next((one for one in self.rows if one.user_id == row.added_by_id), None)
        if asker is None or asker.seat != row.seat:
            return f"{name}加签，一起办" if name else str(row.get_origin_display())
        return f"{name}加签，在前面办" if row.rank < asker.rank else f"{name}加签，在后面办"


def way(item: Item) -> list[tuple[str, str, str]]:
    """Every step of the item's version: its name, how far it is, and the tone of it."""
    latest = {stage.key: stage for stage in item.stages.order_by("id")}
    return [_mark(step, latest.get(step.key), item) for step in item.flow.definition.all_steps()]


def _mark(step: Any, stage: Any, item: Item) -> tuple[str, str, str]:
    if stage is not None and stage.state != StageState.VOID:
        return step.name, str(stage.get_state_display()), _STAGE_TONES.get(stage.state, "plain")
    passed_over = item.routes.get(step.key) == [] or item.finished_at is not None
    return step.name, "不经过" if passed_over else "还没到", "plain"


def facts(item: Item, reader: Any) -> list[tuple[str, Any]]:
    """What the flow's conditions look at, as far as the reader may see it."""
    known = item.facts.items() if registry.subject(item.subject_kind).may_read(item, reader.pk) else ()
    told = [(wording.FACTS.get(name, name), _fact(value)) for name, value in known if value is not None]
    starter = [("发起", item.starter_name), ("流程", f"第{item.flow.version}版")]
    return [*told, *starter, *([("催办", f"{item.reminders}次")] if item.reminders else [])]


def _fact(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    text = str(value)
    return points_text(text) if text.replace(".", "", 1).lstrip("-").isdecimal() else wording.VALUES.get(text, text)


def timeline(item: Item, reader: Any) -> list[dict[str, Any]]:
    """Newest first; who may not read what was said sees that it was."""
    open_to = registry.subject(item.subject_kind).may_read(item, reader.pk)
    name = veil(item)
    words = [veiled(word, name) for word in item.words.select_related("stage", "item", "answers").order_by("-id")]
    ids = {one for word in words for one in (word.to_id, word.speaker_id) if one}
    meant = _meant(item)
    names = dict(User.objects.filter(pk__in=ids | set(meant.values())).values_list("pk", "display_name"))
    told = [(word, names.get(meant.get((word.stage_id, word.speaker_id), 0), "")) for word in words]
    links = scans(words) if open_to else {}
    return [
        _event(word, names, giver, word.text if open_to else "", links.get(word.data.get("scan"), ""))
        for word, giver in told
    ]


def _meant(item: Item) -> dict[tuple[int | None, int], int]:
    """In whose place a delegate had work, by stage and delegate."""
    rows = Assignment.objects.filter(stage__item=item, origin=Origin.DELEGATE)
    return {(row.stage_id, row.user_id): row.holder_id for row in rows}


def _event(word: Word, names: dict[int, str], giver: str, text: str, scan: str) -> dict[str, Any]:
    """``giver``: for whom a delegate spoke."""
    kind = WordKind(word.kind)
    speaker = names.get(word.speaker_id, "")
    by = speaker if word.actor_realm == "system" and speaker else word.actor_name
    by += f"代{giver}" if giver else ""
    if speaker and word.actor_id != word.speaker_id and word.actor_realm != "system":
        by = f"{speaker}{f'代{giver}' if giver else ''}（由{word.actor_name}录入）"
    step = f" · {word.stage.name}" if word.stage else ""
    to = f" → {names[word.to_id]}" if word.to_id in names else ""
    points = f"，分值改为{points_text(word.data['points'])}" if word.data.get("points") else ""
    moved = f"：第{word.data['before']}版 → 第{word.data['after']}版" if kind == WordKind.MOVE else ""
    signed = f"，{date_cn(date.fromisoformat(word.data['signed_on']))}签字" if word.data.get("signed_on") else ""
    head = f"{kind.label}{to}{points}{moved}{signed}"
    told = {"title": head, "when": word.at, "by": f"{by}{step}", "text": text, "tone": _TONES.get(kind, "plain")}
    return told | {"url": scan}


# What can be done


@dataclass(frozen=True, slots=True)
class Button:
    """An operation with its own form; ``fields`` are the names it shows."""

    name: str
    act: Act
    form: ActForm
    fields: list[Any]
    is_first: bool
    is_open: bool
    about: str = ""


def acts(item: Item, user: Any, may: set[str], open_act: str, wrong: ActForm | None) -> list[Button]:
    """In the order of ``ACTS``; one for every question to answer and every person to take away again."""
    found = [name for name in ACTS if name in may]
    return [button for name in found for button in _buttons(name, item, user, wrong if name == open_act else None)]


def _buttons(name: str, item: Item, user: Any, wrong: ActForm | None) -> list[Button]:
    if name == "answer":
        asked = item.words.filter(kind=WordKind.ASK, to_id=user.pk, answered_by=None).order_by("id")
        return [
            _button(name, item, user, wrong, {"question": row.pk}, f"{row.actor_name}问：{row.text}") for row in asked
        ]
    if name == "remove":
        administers = holds(user, May.ADMINISTER, None)
        rows = abilities.added(item, user.pk, administers)
        return [_button(name, item, user, wrong, {"user": row.user_id}, row.user.display_name) for row in rows]
    return [_button(name, item, user, wrong, {}, "")]


def _button(name: str, item: Item, user: Any, wrong: ActForm | None, initial: dict[str, Any], about: str) -> Button:
    act = ACTS[name]
    row = abilities.own_row(item, user.pk)
    if row is not None:
        initial = initial | {"step": row.stage.key}
    form = wrong or ActForm(initial=initial, auto_id=f"id_{name}_%s")
    _offer(form, name, item, row)
    for needed in act.needs:
        form.fields[needed].required = True
    fields = [form[one] for one in act.asks] + ([form["step"]] if row is not None else [])
    return Button(name, act, form, fields, name in _FIRST, wrong is not None, about)


def _offer(form: ActForm, name: str, item: Item, row: Any) -> None:
    if name == "return" and row is not None:
        form.offer("to", abilities.returnable(item, row.stage.key))
    if name == "jump":
        form.offer("to", [(step.key, step.name) for step in item.flow.definition.all_steps()])
    allowed = registry.subject(item.subject_kind).points_range(item) if name == "points" else None
    if allowed is not None:
        form.fields["points"].help_text = f"{points_text(allowed[0])} 至 {points_text(allowed[1])} 分"


def suggestions(item: Item) -> list[str]:
    """The office and those with a task in the village, as an input offers them."""
    if item.finished_at is not None:
        return []
    posted = _posted(item)
    return choices.names(posted - selectors.passed_by(item, posted))


def newcomers(item: Item, user: Any) -> list[str]:
    """Those of them, and of whom the flow names, who may decide beside or instead of ``user``."""
    row = abilities.own_row(item, user.pk)
    open_to = [step for stage, step in selectors.active_stages(item) if row is None or stage.pk == row.stage_id]
    wanted = _posted(item) | {one for who in item.flow.definition.deciders() for one in who.named()}
    may = {one for step in open_to for one in selectors.entitled(item, step, wanted)}
    there = Assignment.objects.filter(stage__item=item, stage__state=StageState.ACTIVE).exclude(
        state=AssignmentState.CANCELLED
    )
    return choices.names(may - selectors.barred(item, may) - set(there.values_list("user_id", flat=True)))


def _posted(item: Item) -> set[int]:
    place = registry.Place(item.village_id, item.group_id)
    return {user for role in directory.roles() for user in registry.holders(Who(role=role), place)}

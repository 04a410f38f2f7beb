"""Approve, reject, take back: alone, many at once, or from a signed sheet."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import QuerySet

from jifen.accounts.models import User
from jifen.approvals import errors, machine, registry
from jifen.approvals.models import (
    OPEN_WORK,
    Assignment,
    AssignmentState,
    Item,
    Stage,
    StageState,
    Verdict,
    WordKind,
)
from jifen.approvals.selectors import paper
from jifen.approvals.selectors.items import MINE, active_stages, last_said, leaning, went_on
from jifen.approvals.selectors.people import account_of, barred
from jifen.approvals.services import running, staffing, telling
from jifen.approvals.services.words import say
from jifen.files.models import File, FileState
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.errors import JifenError
from jifen.kernel.points import plain
from jifen.kernel.tenancy import require_town


@dataclass(frozen=True, slots=True)
class PaperWord:
    """What one person wrote on the sheet."""

    user_id: int
    verdict: str
    reason: str = ""


@transaction.atomic
def decide(
    *, item: Item, verdict: str, reason: str = "", points: Decimal | None = None, step: str = "", by: Actor
) -> Item:
    """Count ``by``'s word at her step; the last word needed moves the item on and runs its effect.

    ``points`` changes what the subject is worth, inside the range its room allows; who has approved the step before is
    asked again. ``step`` names the step when she has work at several.

    Raises:
        VerdictWrong, ReasonMissing, PointsWrong, PointsFixed, Finished, NotOpen, NotYours, Recused, AlreadyDecided,
            ActForbidden, and what the kind asks of a word: nothing is written.
    """
    _check_word(verdict, reason)
    item = running.held(item)
    stage, row = work_at(item, by, step)
    _ask_room(item, verdict, reason)
    told = {}
    if points is not None and verdict == Verdict.APPROVE:
        told = {"points": str(points), "before": item.facts.get("points")}
        _set_points(item, stage, points, reason)
    staffing.speak(row, verdict)
    say(item, WordKind(verdict), by, stage=stage, text=reason, data=told)
    running.run(item, by)
    return item


def decide_many(
    *, items: Iterable[Item], verdict: str, reason: str = "", by: Actor
) -> list[tuple[Item, JifenError | None]]:
    """The same word on many items; each is done or refused by itself. Returns what was wrong with each.

    A kind that is decided ``one_by_one`` is refused.
    """
    return [(item, _tried(item, verdict, reason, by)) for item in sorted(items, key=lambda one: one.pk)]


@transaction.atomic
def decide_on_paper(
    *, item: Item, words: Sequence[PaperWord], scan: File, signed_on: date, step: str = "", by: Actor
) -> Item:
    """What people wrote on a sheet, entered by the steward or the office with the scan of it.

    Each is told that it was done in her name.

    Raises:
        WordsMissing, PaperMissing, SignedLater, SignedEarlier, NotInvolved, VerdictWrong, ReasonMissing, Finished,
            NotOpen, NotYours, Recused (``by`` herself, or who has signed), AlreadyDecided. PaperOfTown: the word is
            the town's, ``by`` of the village: nothing is written.
    """
    _check_paper(words, scan)
    if signed_on > clock.today():
        raise errors.SignedLater
    item = running.held(item)
    user = _check_enterer(item, by)
    data = {"scan": scan.pk, "signed_on": signed_on.isoformat()}
    staff_all(item, step)
    for word in words:
        _check_word(word.verdict, word.reason)
        stage, row = _row_on_paper(item, word.user_id, step, by)
        _check_day(item, stage, signed_on)
        if user is not None and not paper.may_speak_for(row, user):
            raise errors.PaperOfTown(step=stage.name)
        _ask_room(item, word.verdict, word.reason)
        staffing.speak(row, word.verdict)
        said = say(item, WordKind(word.verdict), by, stage=stage, speaker=word.user_id, text=word.reason, data=data)
        telling.entered(item, said, signed_on)
    running.run(item, by)
    return item


@transaction.atomic
def take_back(*, item: Item, by: Actor) -> Item:
    """Unsay one's word as long as nobody has acted after it.

    Raises:
        Finished, NotOpen, NotYours: she has said nothing here. NotTakenBack: somebody has gone on from there, be it at
            the same step. Recused: whom it concerns by now opens nothing again.
    """
    item = running.held(item)
    row = last_said(item, by.id) if by.realm == require_town() else None
    if row is None:
        raise errors.NotYours
    if went_on(item, row):
        raise errors.NotTakenBack
    if barred(item, {by.id}):
        raise errors.Recused
    stage = row.stage
    for one in (*leaning(item, row), row):
        if one.stage.state == StageState.PASSED:
            _reopen(item, one.stage)
        staffing.unsay(one)
    _restore_points(item, stage, by)
    say(item, WordKind.TAKE_BACK, by, stage=stage)
    running.run(item, by)
    return item


def work_at(item: Item, by: Actor, key: str = "") -> tuple[Stage, Assignment]:
    """The stage of the (locked) item where it is ``by``'s turn, and her row there.

    Raises:
        NotYours, Recused, AlreadyDecided. AlreadyClaimed: another whose turn it was has taken it.
    """
    if by.realm != require_town():
        raise errors.NotYours
    staff_all(item, key)
    return _row_of(item, by.id, key, MINE)


def staff_all(item: Item, key: str = "") -> None:
    """Bring the people of the stages where the item stands up to date."""
    for stage, step in active_stages(item):
        if key in ("", stage.key):
            staffing.staff(item, stage, step)


def _row_of(item: Item, user_id: int, key: str, states: Collection[str]) -> tuple[Stage, Assignment]:
    rows = Assignment.objects.filter(stage__item=item, stage__state=StageState.ACTIVE, user=user_id)
    rows = (rows.filter(stage__key=key) if key else rows).select_related("stage").order_by("stage_id")
    row = rows.filter(state__in=states).first()
    if row is None:
        raise _claimed(rows) or _why_not({one.state for one in rows})
    if barred(item, {user_id}):
        raise errors.Recused
    return row.stage, row


def _row_on_paper(item: Item, user_id: int, key: str, by: Actor) -> tuple[Stage, Assignment]:
    """Raises:
    What ``_row_of`` raises, about her by name when another enters her word.
    """
    try:
        return _row_of(item, user_id, key, OPEN_WORK)
    except (errors.AlreadyDecided, errors.NotYours, errors.Recused) as refusal:
        if (by.realm, by.id) == (require_town(), user_id):
            raise
        name = User.objects.filter(pk=user_id).values_list("display_name", flat=True).first()
        said = refusal.of_another.format(name=name) if name else None
        raise type(refusal)(said, field="words", user=user_id) from refusal


def _claimed(rows: QuerySet[Assignment]) -> JifenError | None:
    """Who took what waits in ``rows`` for somebody else, too."""
    own = rows.filter(state=AssignmentState.WAITING).first()
    if own is None:
        return None
    others = Assignment.objects.filter(stage=own.stage_id, state=AssignmentState.CLAIMED).exclude(seat=own.seat)
    name = others.values_list("user__display_name", flat=True).first()
    return errors.AlreadyClaimed(name=name) if name else None


def _why_not(states: set[str]) -> JifenError:
    if AssignmentState.RECUSED in states:
        return errors.Recused()
    if AssignmentState.DONE in states:
        return errors.AlreadyDecided()
    return errors.NotYours()


def _check_word(verdict: str, reason: str) -> None:
    if verdict not in Verdict.values:
        raise errors.VerdictWrong
    if verdict == Verdict.REJECT and not reason.strip():
        raise errors.ReasonMissing


def _check_enterer(item: Item, by: Actor) -> User | None:
    """Who enters the sheet; nobody when the system does."""
    if by.realm == SYSTEM.realm:
        return None
    user = account_of(by)
    if user is None or not paper.may_enter(item, user):
        raise errors.NotInvolved
    if barred(item, {user.pk}):
        raise errors.Recused
    return user


def _check_day(item: Item, stage: Stage, signed_on: date) -> None:
    """Raises:
    SignedEarlier: than what she signed was there. A clock that stood ahead asks for no day to come.
    """
    what, day = paper.earliest(item, stage.key)
    if signed_on < min(day, clock.today()):
        raise errors.SignedEarlier(what=what, day=day)


def _ask_room(item: Item, verdict: str, reason: str) -> None:
    """Raises:
    ActForbidden, and what the kind asks of a word.
    """
    if verdict == Verdict.REJECT:
        registry.allow(item, verdict)
    registry.subject(item.subject_kind).check_word(item, verdict, reason)


def _check_paper(words: Sequence[PaperWord], scan: File) -> None:
    if not words:
        raise errors.WordsMissing
    if scan.state != FileState.READY:
        raise errors.PaperMissing


def _set_points(item: Item, stage: Stage, points: Decimal, reason: str) -> None:
    subject = registry.subject(item.subject_kind)
    allowed = subject.points_range(item)
    if allowed is None:
        raise errors.PointsFixed
    inside = allowed[0] <= points <= allowed[1] and not points * 100 % 1
    if not inside or not subject.takes_points(item, points):
        raise errors.PointsWrong(least=plain(allowed[0]), most=plain(allowed[1]))
    if not reason.strip():
        raise errors.ReasonMissing("改分值时请写明理由。")
    item.facts = {**item.facts, "points": str(points)}
    item.save(update_fields=["facts"])
    for row in stage.assignments.filter(state=AssignmentState.DONE):
        staffing.unsay(row)


def _restore_points(item: Item, stage: Stage, by: Actor) -> None:
    """Points that went with the word go with it."""
    word = item.words.filter(stage=stage, kind=WordKind.APPROVE, speaker_id=by.id).order_by("-id").first()
    if word is not None and word.data.get("points") == item.facts.get("points") and "before" in word.data:
        item.facts = {**item.facts, "points": word.data["before"]}
        item.save(update_fields=["facts"])


def _tried(item: Item, verdict: str, reason: str, by: Actor) -> JifenError | None:
    kind = registry.subject(item.subject_kind)
    if kind.one_by_one:
        return errors.OneByOne(kind=kind.name, why=kind.one_by_one)
    try:
        decide(item=item, verdict=verdict, reason=reason, by=by)
    except JifenError as refusal:
        return refusal
    return None


def _reopen(item: Item, stage: Stage) -> None:
    """The stage's people are asked again; what came after it has heard nobody else and goes."""
    after = machine.later(item.flow.definition, stage.key) - {stage.key}
    running.leave(item, after)
    running.forget(item, after)
    stage.state, stage.closed_at = StageState.ACTIVE, None
    stage.save(update_fields=["state", "closed_at"])
    stage.assignments.filter(state=AssignmentState.LAPSED).update(state=AssignmentState.WAITING)

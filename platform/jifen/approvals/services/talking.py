"""What is said beside deciding: copies, comments, questions, reminders."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction

from jifen.approvals import errors
from jifen.approvals.models import UNDER_WAY, Assignment, Copy, Item, StageState, Word, WordKind
from jifen.approvals.permissions import ApprovalsPermission
from jifen.approvals.selectors.items import questions_for
from jifen.approvals.selectors.people import administers, is_allowed, passed_by
from jifen.approvals.services import running, staffing, telling
from jifen.approvals.services.words import say
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.tenancy import current_schema

REMIND_EVERY = timedelta(hours=4)
PASSED_ON = "工作已移交，改由{name}答复。"


@transaction.atomic
def copy(*, item: Item, to: Iterable[int], by: Actor) -> Item:
    """Tell others of an item; each is told once.

    Raises:
        NotInvolved, PersonUnknown, PersonPassedBy.
    """
    people = list(dict.fromkeys(to))
    _check_involved(item, by)
    if not people:
        raise errors.PersonUnknown
    for one in people:
        staffing.reachable(item, one)
    staffing.send_copies(item, people)
    say(item, WordKind.COPY, by, data={"to": people})
    return item


@transaction.atomic
def mark_read(*, item: Item, by: Actor) -> Item:
    """``by`` has seen it: her copy and her work. A second time changes nothing.

    Raises:
        NotInvolved: it was not sent to her.
    """
    now, own = clock.now(), by.id if by.realm == current_schema() else 0
    copies = Copy.objects.filter(item=item, user=own)
    rows = Assignment.objects.filter(stage__item=item, user=own)
    if not copies.exists() and not rows.exists():
        raise errors.NotInvolved
    fresh = copies.filter(read_at=None).update(read_at=now) + rows.filter(read_at=None).update(read_at=now)
    if fresh:
        say(item, WordKind.READ, by)
    return item


@transaction.atomic
def comment(*, item: Item, text: str, by: Actor) -> Word:
    """Raises:
    TextMissing, NotInvolved.
    """
    _check_text(text)
    _check_involved(item, by)
    return say(item, WordKind.COMMENT, by, text=text)


@transaction.atomic
def ask(*, item: Item, to: int, text: str, by: Actor) -> Word:
    """Ask somebody about an item under way; it does not change whose turn it is.

    Raises:
        TextMissing, NotInvolved, PersonUnknown, PersonPassedBy, Finished.
    """
    _check_text(text)
    item = running.held(item, *UNDER_WAY)
    _check_involved(item, by)
    staffing.reachable(item, to)
    word = say(item, WordKind.ASK, by, to=to, text=text)
    telling.asked(item, word)
    return word


@transaction.atomic
def answer(*, question: Word, text: str, by: Actor) -> Word:
    """Raises:
    TextMissing. QuestionUnknown: it was not asked of ``by``, or is answered.
    """
    _check_text(text)
    item = running.held(question.item, *UNDER_WAY)
    is_asked = question.kind == WordKind.ASK and (by.realm, by.id) == (current_schema(), question.to_id)
    if not is_asked or question.answered_by.exists():
        raise errors.QuestionUnknown
    word = say(item, WordKind.ANSWER, by, to=question.speaker_id, text=text, answers=question)
    telling.answered(item, word)
    return word


@transaction.atomic
def pass_on_questions(*, giver: int, receiver: int, by: Actor) -> list[Item]:
    """What was asked of somebody who leaves and waits for her answer is asked of her successor, in the same words.

    A question about an item that goes past the successor stays. Returns the items. Raises:
        PersonUnknown: nothing is written.
    """
    person = staffing.account(receiver)
    if person is None:
        raise errors.PersonUnknown(field="receiver")
    moved = []
    for question in questions_for(giver):
        item = running.held(question.item, *UNDER_WAY)
        if passed_by(item, {receiver}):
            continue
        told = PASSED_ON.format(name=person.display_name)
        say(item, WordKind.ANSWER, by, speaker=giver, to=question.speaker_id, text=told, answers=question)
        anew = say(item, WordKind.ASK, by, speaker=question.speaker_id, to=receiver, text=question.text)
        telling.asked(item, anew)
        moved.append(item)
    return moved


@transaction.atomic
def remind(*, item: Item, by: Actor) -> Item:
    """Press those whose turn it is: the starter or an administrator, at most once in ``REMIND_EVERY``; counted.

    Raises:
        Finished, NotOpen, NotStarter, RemindedLately.
    """
    item = running.held(item)
    if not item.is_started_by(by) and not administers(by):
        raise errors.NotStarter
    now = clock.now()
    if item.reminded_at is not None and now - item.reminded_at < REMIND_EVERY:
        raise errors.RemindedLately(hours=REMIND_EVERY // timedelta(hours=1))
    item.reminders, item.reminded_at = item.reminders + 1, now
    item.save(update_fields=["reminders", "reminded_at"])
    say(item, WordKind.REMIND, by, data={"times": item.reminders})
    telling.pressed(item)
    return item


def _check_text(text: str) -> None:
    if not text.strip():
        raise errors.TextMissing


def _check_involved(item: Item, by: Actor) -> None:
    """Starter, anybody who has or had work there or was told or asked of it, the office."""
    if item.is_started_by(by) or is_allowed(by, ApprovalsPermission.READ, item):
        return
    has_work = Assignment.objects.filter(stage__item=item, user=by.id).exclude(stage__state=StageState.VOID)
    told = Copy.objects.filter(item=item, user=by.id)
    asked = Word.objects.filter(item=item, kind=WordKind.ASK, to_id=by.id)
    if by.realm != current_schema() or not (has_work.exists() or told.exists() or asked.exists()):
        raise errors.NotInvolved

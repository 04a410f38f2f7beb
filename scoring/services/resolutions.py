"""村民代表会议: what was resolved on a draft, with the votes and the signed minutes; 四议两公开 with their days."""

from datetime import date

from django.db import transaction

from jifen.audit import services as audit
from jifen.files.models import File, FileState
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from scoring import locks, policies
from scoring import rulebook_errors as errors
from scoring.models import EDITABLE, Deliberation, DeliberationStep, Draft, DraftState, MeetingKind, Resolution
from scoring.rules.adoption import is_passed
from scoring.selectors import drafts as seen


@transaction.atomic
def resolve(
    *,
    draft: Draft,
    revision: int,
    meeting: str,
    held_on: date,
    place: str,
    members: int,
    present: int,
    votes_for: int,
    votes_against: int,
    votes_abstained: int,
    text: str,
    minutes: File,
    by: Actor,
) -> Resolution:
    """What a meeting resolved on the draft of ``revision``; whether it passed follows from the shares of the policy.

    A resolution is never changed; a mistake is corrected by writing it down again. It holds for this revision alone.

    Raises:
        DraftClosed, RevisionStale, MeetingUnknown, ResolutionInFuture, ResolutionTextMissing, VotesWrong,
        MinutesNotReady: nothing is written.
    """
    held = locks.draft(draft.pk)
    if held.state not in EDITABLE:
        raise errors.DraftClosed
    if held.revision != revision:
        raise errors.RevisionStale
    _check(meeting, held_on, place, text, minutes)
    _check_votes(members, present, votes_for, votes_against, votes_abstained)
    chosen = policies.on(held_on).rules
    assembly = meeting == MeetingKind.ASSEMBLY
    quorum, majority = (
        (chosen.assembly_quorum, chosen.assembly_majority) if assembly else (chosen.quorum, chosen.majority)
    )
    passed = is_passed(members=members, present=present, votes_for=votes_for, quorum=quorum, majority=majority)
    made = Resolution.objects.create(
        draft=held, revision=revision, meeting=meeting, held_on=held_on, place=place.strip(), members=members,
        present=present, votes_for=votes_for, votes_against=votes_against, votes_abstained=votes_abstained,
        quorum=quorum.model_dump(mode="json"), majority=majority.model_dump(mode="json"), is_passed=passed,
        text=text.strip(), minutes=minutes, made_at=clock.now(), **by.columns(),
    )  # fmt: skip
    audit.record(
        by=by, action="draft.resolve", subject=made, village_id=held.rulebook.village_id, present=present,
        votes=votes_for, passed=passed,
    )  # fmt: skip
    return made


@transaction.atomic
def deliberate(
    *, draft: Draft, step: str, held_on: date, note: str = "", paper: File | None = None, by: Actor
) -> DeliberationStep:
    """Write down one of the six steps with its day; the two publications may follow when the rules are in force.

    Raises:
        DraftClosed: it was given up. DeliberationUnknown, DeliberationTaken, DeliberationOrder, MinutesNotReady.
    """
    if step not in Deliberation.values:
        raise errors.DeliberationUnknown
    held = locks.draft(draft.pk)
    if held.state == DraftState.DISCARDED:
        raise errors.DraftClosed
    wanted = Deliberation(step)
    if held.deliberations.filter(step=step).exists():
        raise errors.DeliberationTaken(step=wanted.label)
    _check_order(held, wanted, held_on)
    if paper is not None and paper.state != FileState.READY:
        raise errors.MinutesNotReady
    made = DeliberationStep.objects.create(
        draft=held, step=step, held_on=held_on, note=note.strip()[:300], paper=paper, made_at=clock.now(),
        **by.columns(),
    )  # fmt: skip
    audit.record(by=by, action="draft.deliberate", subject=made, village_id=held.rulebook.village_id, step=step)
    return made


def _check(meeting: str, held_on: date, place: str, text: str, minutes: File) -> None:
    if meeting not in MeetingKind.values:
        raise errors.MeetingUnknown
    if held_on > clock.today():
        raise errors.ResolutionInFuture
    if not 0 < len(place.strip()) <= 80 or not 0 < len(text.strip()) <= 600:
        raise errors.ResolutionTextMissing
    if minutes.state != FileState.READY:
        raise errors.MinutesNotReady


def _check_votes(members: int, present: int, *votes: int) -> None:
    if min(members - 1, present, *votes) < 0 or sum(votes) != present or present > members:
        raise errors.VotesWrong(members=members, present=present, votes=sum(votes))


def _check_order(held: Draft, wanted: Deliberation, held_on: date) -> None:
    order = list(Deliberation)
    place = order.index(wanted)
    vote = seen.resolution_of(held)
    found = (
        {Deliberation.REPRESENTATIVES.value: vote.held_on} if vote and wanted != Deliberation.REPRESENTATIVES else {}
    )
    found |= {row.step: row.held_on for row in held.deliberations.all()}
    for step in order:
        day = found.get(step.value)
        if day is None:
            continue
        first, last = (step, wanted) if order.index(step) < place else (wanted, step)
        if (day > held_on) if first == step else (held_on > day):
            raise errors.DeliberationOrder(step=last.label, earlier=first.label, day=day)
    if held_on > clock.today():
        raise errors.DeliberationOrder(step=wanted.label, earlier="今天", day=clock.today())

"""异议: a dated question to a declaration, an entry or a notice, raised by anyone whom it concerns.

Who objects is known to the investigators alone: the audit trail and the flow name the objector only as such, the
objection's own row keeps who it was.
"""

import secrets
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.db import transaction

from jifen.files.models import File
from jifen.kernel import clock, locking
from jifen.kernel.actors import Actor
from jifen.web.wording import date_cn
from reporting import errors
from reporting.models import Level, Notice, Objection, ObjectionChannel, ObjectionFile, ObjectionState
from reporting.selectors import objections as selectors
from reporting.selectors import postings
from reporting.selectors.postings import Declaration, Posting
from reporting.services import deadlines, deltas, inquiries, trail
from tenants.community.models import Household

LONGEST = 500


@transaction.atomic
def raise_objection(
    *,
    household: Household,
    posting: Posting | None = None,
    notice: Notice | None = None,
    declaration: Declaration | None = None,
    text: str,
    channel: str = ObjectionChannel.ONLINE,
    is_direct: bool = False,
    proofs: Sequence[File] = (),
    paper: Sequence[File] = (),
    by: Actor,
) -> Objection:
    """``household`` questions its declaration, a posting (its own, or one that stands on a notice of its village) or a
    notice.

    A notice can be questioned until its ``objections_until``, a posting as long as its year is open. ``is_direct``: the
    town looks into it and the village never sees it. ``channel`` other than online: ``by`` enters it for the household;
    ``paper`` is the scan of what was handed in.

    Raises:
        ObjectionTextMissing, ObjectionTextTooLong, ObjectionOfNothing, ObjectionForeign, ChannelUnknown, PaperMissing.
        ObjectionLate, ObjectionYearClosed, PostingCorrected, ObjectionWithdrawn, ObjectionTwice: too late, or not
        needed any more.
    """
    wording = _text(text)
    _check_channel(channel, paper)
    posting, declaration = check(household=household, posting=posting, notice=notice, declaration=declaration)
    today = clock.today()
    level = Level.TOWN if is_direct else Level.VILLAGE
    objection = Objection(
        notice=notice, posting=posting, declaration=declaration, household=household, village_id=household.village_id,
        text=wording, channel=channel, is_direct=is_direct, level=level, raised_on=today,
        answer_by=today + timedelta(days=deadlines.allowed(level, today)), **by.columns(),
    )  # fmt: skip
    return _kept(objection, _number(today, is_direct), proofs, paper, by)


def check(
    *,
    household: Household,
    posting: Posting | None = None,
    notice: Notice | None = None,
    declaration: Declaration | None = None,
) -> tuple[Posting | None, Declaration | None]:
    """What ``household`` would question: a declaration that has been posted is questioned by its posting.

    Raises:
        ObjectionOfNothing, ObjectionForeign, ObjectionLate, ObjectionYearClosed, PostingCorrected, ObjectionWithdrawn,
            ObjectionTwice.
    """
    if declaration is not None:
        posting, declaration = _of_declaration(household, declaration)
    if posting is None and notice is None and declaration is None:
        raise errors.ObjectionOfNothing
    if notice is not None:
        _check_notice(household, notice)
    if posting is not None:
        _check_posting(household, posting, notice)
    return posting, declaration


@transaction.atomic
def appeal(
    *,
    objection: Objection,
    text: str,
    channel: str = ObjectionChannel.ONLINE,
    proofs: Sequence[File] = (),
    paper: Sequence[File] = (),
    by: Actor,
) -> Objection:
    """The second stage: the objector is not satisfied with the village's answer and asks the town.

    Raises:
        ObjectionTextMissing, ObjectionTextTooLong, ChannelUnknown, PaperMissing.
        AppealNotOpen: it was not dismissed by the village, or the town has been asked already. AppealLate.
    """
    wording = _text(text)
    _check_channel(channel, paper)
    first = Objection.objects.select_for_update().get(pk=objection.pk)
    if not selectors.is_appealable(first):
        raise errors.AppealNotOpen
    today = clock.today()
    until = selectors.appeal_until(first)
    if today > until:
        raise errors.AppealLate(until=date_cn(until))
    second = Objection(
        notice=first.notice, posting=first.posting, declaration=first.declaration, household=first.household,
        village_id=first.village_id, text=wording, channel=channel, stage=2, appeal_of=first, level=Level.TOWN,
        raised_on=today, answer_by=today + timedelta(days=deadlines.allowed(Level.TOWN, today)), **by.columns(),
    )  # fmt: skip
    return _kept(second, f"{first.number}复核", proofs, paper, by)


def _kept(objection: Objection, number: str, proofs: Sequence[File], paper: Sequence[File], by: Actor) -> Objection:
    """Written down, with its receipt number, its files and its deadline, and on its way to those who look into it."""
    objection.number, objection.token = number, secrets.token_urlsafe(32)
    objection.save(force_insert=True)
    _attach(objection, "proof", proofs)
    _attach(objection, "paper", paper)
    deadlines.schedule(objection)
    deltas.tell(village_id=objection.village_id, year=selectors.year_of(objection), key="objections", value=1)
    action = "objection.raise" if objection.stage == 1 else "objection.appeal"
    trail.record(objection, action, trail.objector(objection, by))
    inquiries.begin(objection)
    return objection


def _attach(objection: Objection, kind: str, files: Iterable[File]) -> None:
    ObjectionFile.objects.bulk_create(
        ObjectionFile(objection=objection, file=file, kind=kind) for file in dict.fromkeys(files)
    )


def _number(day: date, is_direct: bool) -> str:
    """``异议〔2026〕0007号``; the direct line counts by itself, so that no gap tells of it."""
    locking.advisory("reporting.objection.number")
    count = Objection.objects.filter(raised_on__year=day.year, stage=1, is_direct=is_direct).count()
    return f"{'直达' if is_direct else '异议'}〔{day.year}〕{count + 1:04d}号"


def _of_declaration(household: Household, declaration: Declaration) -> tuple[Posting | None, Declaration | None]:
    """A posted declaration is questioned by its posting."""
    if declaration.household_id != household.pk:
        raise errors.ObjectionForeign
    if declaration.state == "withdrawn":
        raise errors.ObjectionWithdrawn
    posted = postings.of_declaration(declaration)
    if posted is not None:
        return posted, None
    if declaration.state == "posted":
        raise errors.PostingCorrected
    waiting = Objection.objects.filter(household=household, declaration=declaration, state=ObjectionState.RAISED)
    if waiting.exists():
        raise errors.ObjectionTwice
    return None, declaration


def _check_notice(household: Household, notice: Notice) -> None:
    if notice.village_id not in (None, household.village_id):
        raise errors.NoticeUnknown
    if clock.today() > notice.objections_until:
        raise errors.ObjectionLate(until=date_cn(notice.objections_until))


def _check_posting(household: Household, posting: Posting, notice: Notice | None) -> None:
    facts = postings.facts(posting)
    on_notice = notice is not None and postings.stands_on(posting, notice)
    if facts is None or not (facts.household_id == household.pk or on_notice):
        raise errors.ObjectionForeign
    if posting.reversed_at is not None or facts.is_reversal:
        raise errors.PostingCorrected
    if not facts.year_open:
        raise errors.ObjectionYearClosed(year=facts.year)
    if Objection.objects.filter(household=household, posting=posting, state=ObjectionState.RAISED).exists():
        raise errors.ObjectionTwice


def _check_channel(channel: str, paper: Sequence[File]) -> None:
    if channel not in ObjectionChannel.values:
        raise errors.ChannelUnknown
    if channel == ObjectionChannel.PAPER and not paper:
        raise errors.PaperMissing


def _text(text: str) -> str:
    words = text.strip()
    if not words:
        raise errors.ObjectionTextMissing
    if len(words) > LONGEST:
        raise errors.ObjectionTextTooLong
    return words

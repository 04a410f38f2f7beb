"""What the investigators found, and what follows: a reversal and the corrected entry, or where to go next."""

from collections.abc import Sequence
from dataclasses import replace

from django.db import transaction

from jifen.approvals import selectors as flows
from jifen.files.models import File
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from reporting import errors, locks
from reporting.models import Notice, Objection, ObjectionFile, ObjectionState
from reporting.selectors import inquiries, investigators, postings
from reporting.selectors import notices as notice_selectors
from reporting.selectors.postings import Declaration, Posting
from reporting.services import deadlines, notices, telling, trail
from scoring.services import corrections, ledger
from scoring.services.corrections import Correction

LONGEST = 500


@transaction.atomic
def answer(
    *,
    objection: Objection,
    upheld: bool,
    finding: str,
    posting: Posting | None = None,
    correction: Correction | None = None,
    evidence: Sequence[File] = (),
    by: Actor,
) -> Objection:
    """Close ``objection`` after looking into it.

    Upheld, the posting is reversed in the same transaction, ``correction`` is recorded in its place, and the notice
    that showed it gets a difference notice; a declaration not posted yet does not stand. ``posting`` names what to
    correct when a notice as a whole was questioned.

    Raises:
        FindingMissing, FindingTooLong: bad input. ObjectionForeign: ``posting`` is not on the questioned notice.
        ObjectionAnswered: somebody was first. ObjectionInFlow: the town decides it in a flow.
        NotInvestigator: it is not in the hands of ``by``.
        Recused: it concerns what ``by`` declared, scored or decided, her household or a declared relative (I11).
        CorrectionOfNothing, and what ``scoring.services.corrections`` refuses.
    """
    words = finding_of(finding)
    item = inquiries.item_of(objection)
    if item is not None:
        raise errors.ObjectionInFlow(step=flows.waits_at(item), item=item.pk)
    kept = locks.objection(objection.pk)
    _check_investigator(kept, _disputed(kept, posting), by)
    return close(kept, upheld=upheld, finding=words, posting=posting, correction=correction, evidence=evidence, by=by)


def close(
    kept: Objection,
    *,
    upheld: bool,
    finding: str,
    posting: Posting | None = None,
    correction: Correction | None = None,
    evidence: Sequence[File] = (),
    by: Actor,
) -> Objection:
    """The held objection is answered by ``by``, who may; what follows from it, in the same transaction.

    Raises:
        ObjectionForeign, CorrectionOfNothing, and what ``scoring.services.corrections`` refuses.
    """
    disputed = _disputed(kept, posting)
    attach_findings(kept, evidence)
    if upheld:
        _put_right(kept, disputed, correction, finding, by)
    kept.state = ObjectionState.UPHELD if upheld else ObjectionState.DISMISSED
    kept.posting, kept.finding = disputed, finding
    kept.answered_at, kept.answered_by_id, kept.answered_by_name = clock.now(), by.id, by.name
    kept.save()
    deadlines.settle(kept)
    telling.answered(kept)
    if upheld:
        _correct_notice(kept, by)
    trail.record(kept, "objection.answer", by, upheld=upheld, corrected=kept.corrected_id)
    return kept


def check(objection: Objection, *, posting: Posting | None, correction: Correction | None) -> None:
    """Whether the answer could take back what is questioned and record ``correction``, for who says so before the last
    word.

    Raises:
        ObjectionForeign, CorrectionOfNothing, and what ``ledger.check_reversible`` and ``corrections.check`` refuse.
    """
    disputed = _disputed(objection, posting)
    if disputed is not None:
        ledger.check_reversible(disputed)
    if correction is None:
        return
    wrong = disputed.declaration if disputed is not None else objection.declaration
    if wrong is None:
        raise errors.CorrectionOfNothing
    corrections.check(declaration=wrong, correction=_with_findings(objection, correction))


def _with_findings(objection: Objection, correction: Correction) -> Correction:
    """What the investigators have handed in is evidence of what was right."""
    found = ObjectionFile.objects.filter(objection=objection, kind="finding").select_related("file").order_by("pk")
    return replace(correction, evidence=[row.file for row in found])


def attach_findings(objection: Objection, evidence: Sequence[File]) -> None:
    ObjectionFile.objects.bulk_create(
        ObjectionFile(objection=objection, file=file, kind="finding") for file in dict.fromkeys(evidence)
    )


def _disputed(objection: Objection, posting: Posting | None) -> Posting | None:
    """What the objection is about now, or what the answer says should be corrected."""
    return objection.posting or _posted_since(objection) or _named(objection, posting)


def _put_right(
    objection: Objection, disputed: Posting | None, correction: Correction | None, finding: str, by: Actor
) -> None:
    wrong: Declaration | None = disputed.declaration if disputed is not None else objection.declaration
    if correction is not None and wrong is None:
        raise errors.CorrectionOfNothing
    if disputed is not None:
        objection.reversal = _reversed(disputed, finding, by)
    elif wrong is not None and wrong.state != "rejected":
        corrections.refuse(declaration=wrong, reason=f"异议成立：{finding}", by=by)
    if correction is not None and wrong is not None:
        document = f"异议回执 {objection.number}"
        right = _with_findings(objection, correction)
        objection.corrected = corrections.correct(declaration=wrong, correction=right, document=document, by=by)


def _posted_since(objection: Objection) -> Posting | None:
    """The declaration that was questioned went through the month's sheet meanwhile."""
    return postings.of_declaration(objection.declaration) if objection.declaration else None


def _named(objection: Objection, posting: Posting | None) -> Posting | None:
    """What the answer says should be corrected: only what the questioned notice shows."""
    if posting is None:
        return None
    if objection.notice is None or not postings.stands_on(posting, objection.notice):
        raise errors.ObjectionForeign
    return posting


def _check_investigator(objection: Objection, disputed: Posting | None, by: Actor) -> None:
    posting = disputed.pk if disputed is not None else None
    if investigators.is_one(objection, by, posting):
        return
    raise errors.Recused if investigators.has_seat(objection, by) else errors.NotInvestigator


def _reversed(posting: Posting, finding: str, by: Actor) -> Posting:
    """The posting's one reversal: made now, or made already for another's objection (I5)."""
    done = postings.reversal_of(posting)
    return done or ledger.reverse(posting=posting, reason=f"异议成立：{finding}"[:300], by=by)


def _correct_notice(objection: Objection, by: Actor) -> None:
    notice = objection.notice or _notice_of(objection)
    if notice is None:
        return
    reason = "异议成立，已更正记分" if objection.reversal_id else objection.finding
    anew = postings.of_declaration(objection.corrected) if objection.corrected else None
    shown = [pk for pk in (objection.reversal_id, anew.pk if anew else None) if pk]
    notices.publish_difference(notice=notice, reason=reason, postings=shown, by=by)


def _notice_of(objection: Objection) -> Notice | None:
    facts = postings.facts(objection.posting) if objection.posting else None
    if facts is None or objection.posting_id is None:
        return None
    return notice_selectors.listing(objection.posting_id, year=facts.year, village_id=facts.village_id)


def finding_of(text: str) -> str:
    """Raises:
    FindingMissing, FindingTooLong.
    """
    words = text.strip()
    if not words:
        raise errors.FindingMissing
    if len(words) > LONGEST:
        raise errors.FindingTooLong
    return words

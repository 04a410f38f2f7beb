"""Objections in a town that has chosen a flow for them: its people say their words, the last one answers.

Approving is 异议成立, rejecting 维持原结果; what a decider would do is her opinion, and the newest of the winning
verdict is done. A time limit answers nothing: an item that ends without a person's word, or is ended by an
administrator, leaves the objection with the investigators of the town's policy.
"""

from collections.abc import Sequence

from django.db import transaction

from jifen.approvals import selectors as flows
from jifen.approvals import services as approvals
from jifen.approvals.models import Item
from jifen.files.models import File
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError
from reporting import errors, locks
from reporting.models import Level, Objection, ObjectionOpinion, ObjectionState
from reporting.selectors import inquiries, investigators, postings
from reporting.selectors.inquiries import KIND
from reporting.selectors.postings import Posting
from reporting.services import answers, deadlines, telling, trail
from scoring.services import pricing
from scoring.services.corrections import Correction


def begin(objection: Objection) -> None:
    """Into the town's flow, or to the investigators where there is none or it asks for nobody's word."""
    item = None
    if flows.has_flow(KIND):
        item = approvals.start(
            subject_kind=KIND,
            subject_id=objection.pk,
            village_id=None if objection.is_direct else objection.village_id,
            group_id=None if objection.is_direct else inquiries.group(objection),
            facts=inquiries.facts(objection),
            by=trail.UNKNOWN,
        )
    if item is None:
        to_investigators(objection)
    objection.refresh_from_db()


def to_investigators(objection: Objection) -> None:
    """Those whom the town's policy names look into it; the town when the village has nobody."""
    if objection.level == Level.VILLAGE and not investigators.of(objection):
        deadlines.cancel(objection)
        deadlines.pass_to_town(objection)
        deadlines.schedule(objection)
    telling.asked(objection)


@transaction.atomic
def speak(
    *,
    objection: Objection,
    upheld: bool,
    finding: str,
    posting: Posting | None = None,
    correction: Correction | None = None,
    evidence: Sequence[File] = (),
    step: str = "",
    by: Actor,
) -> Objection:
    """``by``'s word in the flow, with what she found and would have recorded instead.

    Who agrees with one that spoke before her may leave ``finding`` empty: then that one's opinion is hers too.

    Raises:
        FindingMissing, FindingTooLong, ObjectionForeign, ObjectionAnswered. ObjectionNotInFlow: answer it directly.
        NotYours, Recused and others of approvals, what ``answers.check`` refuses, and for the last word
        what the answer refuses: nothing is written.
    """
    item = locks.item(KIND, objection.pk)
    if item is None:
        raise _no_item(objection)
    before = None if finding.strip() else inquiries.opinion(objection, upheld=upheld)
    words = before.finding if before else answers.finding_of(finding)
    if before is not None and posting is None and correction is None:
        posting, correction = before.posting, _right(before)
    _note(objection, upheld, words, posting, correction, by)
    answers.attach_findings(objection, evidence)
    verdict = str(inquiries.VERDICTS[upheld])
    approvals.decide(item=item, verdict=verdict, reason=words, step=step, by=by)
    said = Objection.objects.select_related("posting__declaration", "declaration").get(pk=objection.pk)
    if upheld and said.state == ObjectionState.RAISED:
        answers.check(said, posting=posting, correction=correction)
    return said


def _no_item(objection: Objection) -> JifenError:
    waiting = Objection.objects.filter(pk=objection.pk, state=ObjectionState.RAISED).exists()
    return errors.ObjectionNotInFlow() if waiting else errors.ObjectionAnswered()


def _note(
    objection: Objection, upheld: bool, finding: str, posting: Posting | None, correction: Correction | None, by: Actor
) -> None:
    if posting is not None and (objection.notice is None or not postings.stands_on(posting, objection.notice)):
        raise errors.ObjectionForeign
    right = correction if upheld else None
    ObjectionOpinion.objects.create(
        objection=objection,
        upheld=upheld,
        finding=finding,
        posting=posting if upheld else None,
        household=right.household if right else None,
        resident=right.resident if right else None,
        facts=pricing.keep(right.facts) if right else {},
        given_at=clock.now(),
        **by.columns(),
    )


def decided(item: Item, *, upheld: bool) -> None:
    """The item is over: the last person's word answers the objection.

    Raises:
        FindingMissing: nobody has said what was found. Recused: what is to be corrected concerns the decider.
    """
    kept = locks.objection(item.subject_id)
    by = inquiries.decider(item, upheld=upheld)
    if by is None:
        to_investigators(kept)
        return
    opinion = inquiries.opinion(kept, upheld=upheld)
    finding = inquiries.said(item, upheld=upheld) or (opinion.finding if opinion else "")
    if not finding:
        raise errors.FindingMissing
    if investigators.barred([kept.pk], [by.id], opinion.posting_id if opinion else None):
        raise errors.Recused
    posting = opinion.posting if opinion else None
    answers.close(kept, upheld=upheld, finding=finding, posting=posting, correction=_right(opinion), by=by)


def is_found(item: Item, *, upheld: bool) -> bool:
    """Whether somebody has written down what was found, for this verdict."""
    opinions = ObjectionOpinion.objects.filter(objection=item.subject_id, upheld=upheld)
    return opinions.exists() or bool(inquiries.said(item, upheld=upheld))


def _right(opinion: ObjectionOpinion | None) -> Correction | None:
    if opinion is None or opinion.household is None:
        return None
    return Correction(opinion.household, opinion.resident, opinion.facts)


def ended(item: Item) -> None:
    """An administrator has taken it out of the flow."""
    to_investigators(locks.objection(item.subject_id))

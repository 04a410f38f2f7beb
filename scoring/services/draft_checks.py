"""A draft is checked and tried before it is handed in.

    open ──check──► checked ──record_trial / waive_trial──► tried

Every change brings it back to ``open``. What was signed off stays signed while the items it is about are the same.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from django.db import transaction

from jifen.audit import services as audit
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from scoring import locks, ports
from scoring import rulebook_errors as errors
from scoring.models import EDITABLE, Draft, DraftFinding, DraftState, DraftTrial
from scoring.rules.spec import Rulebook
from scoring.selectors import drafts as seen

SHORTEST_REASON = 5
LONGEST_REASON = 300


@transaction.atomic
def check(*, draft: Draft, by: Actor) -> Draft:
    """Look for faults; without a blocking one that nobody answered the draft is ``checked``.

    Raises:
        DraftClosed. DraftUnfinished: it is no rulebook yet, or goes further than the town allows.
    """
    held = editable(draft)
    _note(held, found_now(held))
    _settle(held)
    audit.record(
        by=by, action="draft.check", subject=held, village_id=held.rulebook.village_id, state=str(held.state),
        findings=held.findings.count(), open=seen.open_findings(held).count(),
    )  # fmt: skip
    return held


@transaction.atomic
def sign_off(*, draft: Draft, finding: int, reason: str, by: Actor) -> DraftFinding:
    """Answer for a finding (id) instead of mending it; the last answer that was missing makes the draft ``checked``.

    Raises:
        DraftClosed, SignReasonMissing. FindingUnknown: the draft has no such finding, or changed since.
    """
    words = _reason(reason, errors.SignReasonMissing)
    held = editable(draft)
    found = held.findings.filter(pk=finding, revision=held.revision).first()
    if found is None:
        raise errors.FindingUnknown
    found.reason, found.signed_at, found.signed_by_name = words, clock.now(), by.name
    found.save(update_fields=["reason", "signed_at", "signed_by_name"])
    _settle(held)
    audit.record(
        by=by, action="draft.sign_off", subject=held, village_id=held.rulebook.village_id, kind=found.kind,
        codes=found.codes,
    )  # fmt: skip
    return found


def takes_trial(draft: Draft, revision: int) -> bool:
    """Whether a run over ``revision`` still tells something: it was checked, and nothing has changed since."""
    now = Draft.objects.get(pk=draft.pk)
    return now.revision == revision and now.state in EDITABLE and now.state != DraftState.OPEN


@transaction.atomic
def record_trial(*, draft: Draft, revision: int, summary: Mapping[str, Any], by: Actor) -> DraftTrial:
    """What a run over the history showed for the draft as it was at ``revision``; ``summary`` is the run's own JSON.

    Raises:
        DraftClosed, NotChecked. RevisionStale: the draft changed while it ran.
    """
    held = _checked(draft, revision)
    return _tried(held, by, summary=dict(summary))


@transaction.atomic
def waive_trial(*, draft: Draft, revision: int, reason: str, by: Actor) -> DraftTrial:
    """Go on without a trial, and say why.

    Raises:
        DraftClosed, NotChecked, RevisionStale, WaiverReasonMissing.
    """
    words = _reason(reason, errors.WaiverReasonMissing)
    return _tried(_checked(draft, revision), by, waiver=words)


def found_now(draft: Draft) -> dict[str, ports.Finding]:
    """What a check finds in the draft as it is, by the key under which it is kept.

    Raises:
        DraftUnfinished.
    """
    book = seen.whole(draft)
    overlay = seen.changes(draft) if seen.is_village(draft) else None
    examined = ports.Examined(book, draft.rulebook.village_id, seen.base_book(draft), overlay)
    return {_key(one, book): one for one in ports.findings(examined)}


def editable(draft: Draft) -> Draft:
    """The draft, held, while it may be changed.

    Raises:
        DraftClosed.
    """
    held = locks.draft(draft.pk)
    if held.state not in EDITABLE:
        raise errors.DraftClosed
    return held


def _checked(draft: Draft, revision: int) -> Draft:
    held = editable(draft)
    if held.revision != revision:
        raise errors.RevisionStale
    if held.state == DraftState.OPEN:
        raise errors.NotChecked
    return held


def _tried(held: Draft, by: Actor, **told: Any) -> DraftTrial:
    made = DraftTrial.objects.create(draft=held, revision=held.revision, made_at=clock.now(), **told, **by.columns())
    _turn(held, DraftState.TRIED)
    audit.record(by=by, action="draft.try", subject=held, village_id=held.rulebook.village_id, waived=bool(made.waiver))
    return made


def _note(held: Draft, found: dict[str, ports.Finding]) -> None:
    """The findings of this check; one that was answered keeps its answer while its items are the same."""
    answered = {row.key: row for row in held.findings.exclude(signed_at=None)}
    held.findings.all().delete()
    DraftFinding.objects.bulk_create(
        DraftFinding(
            draft=held, key=key, kind=one.kind, codes=list(one.codes), text=one.text[:600], mend=one.mend[:600],
            is_blocking=one.blocking, revision=held.revision, **_answer(answered.get(key)),
        )
        for key, one in found.items()
    )  # fmt: skip


def _answer(row: DraftFinding | None) -> dict[str, Any]:
    if row is None:
        return {}
    return {"reason": row.reason, "signed_at": row.signed_at, "signed_by_name": row.signed_by_name}


def _key(finding: ports.Finding, book: Rulebook) -> str:
    """The same for the same fault of the same items."""
    rules = [rule.model_dump_json() for rule in book.rules if rule.code in finding.codes]
    told = json.dumps([finding.kind, list(finding.codes), finding.text, rules], ensure_ascii=False)
    return sha256(told.encode()).hexdigest()


def _settle(held: Draft) -> None:
    """Checked when nothing is left to answer; a draft that was tried at this revision stays tried."""
    if seen.open_findings(held).exists():
        _turn(held, DraftState.OPEN)
    elif held.state == DraftState.OPEN:
        _turn(held, DraftState.CHECKED)


def _turn(held: Draft, state: DraftState) -> None:
    if held.state != state:
        held.state = state
        held.save(update_fields=["state"])


def _reason(reason: str, error: type[errors.SignReasonMissing | errors.WaiverReasonMissing]) -> str:
    words = reason.strip()
    if not SHORTEST_REASON <= len(words) <= LONGEST_REASON:
        raise error
    return words

"""A finding's proposal carried out: the items as it would have them, in one step."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from jifen.audit import services as audit
from jifen.kernel.actors import Actor
from scoring import ports
from scoring import rulebook_errors as errors
from scoring.models import Draft, DraftFinding
from scoring.rules.findings import balances
from scoring.rules.overlay import AMENDABLE
from scoring.selectors import drafts as seen
from scoring.selectors.drafts import Line
from scoring.services import draft_checks, drafts

Values = Mapping[str, Any]


def offered(draft: Draft) -> dict[str, ports.Finding]:
    """By the key of a kept finding: those whose proposal can be carried out on the draft as it is."""
    found = draft_checks.found_now(draft)
    lines = {line.code: line for line in seen.lines(draft)}
    return {
        key: one for key, one in found.items() if one.changes and all(_fits(lines.get(c), v) for c, v in one.changes)
    }


def choices(finding: DraftFinding) -> dict[str, str]:
    """The ways of which somebody chooses one to mend it, by what ``mend`` is told; empty where there is one at most."""
    return balances.CHOICES if finding.kind == balances.UNSAID else {}


@transaction.atomic
def mend(*, draft: Draft, finding: int, choice: str = "", by: Actor) -> DraftFinding:
    """Change the items as the finding (id) proposes; what was checked has to be checked anew.

    ``choice``: one of ``choices``, where there are several ways.

    Raises:
        DraftClosed. FindingUnknown: the draft has no such finding, or changed since. MendMissing: a person has to
        choose how.
    """
    held = draft_checks.editable(draft)
    row = held.findings.filter(pk=finding, revision=held.revision).first()
    if row is None:
        raise errors.FindingUnknown
    if choice in choices(row):
        _settle_negatives(held, choice, by)
        _note(held, row, by)
        return row
    proposal = offered(held).get(row.key)
    if proposal is None:
        raise errors.MendMissing
    for code, values in proposal.changes:
        line = next(line for line in seen.lines(held) if line.code == code)
        _change(held, line, values, by)
    _note(held, row, by)
    return row


def _note(held: Draft, row: DraftFinding, by: Actor) -> None:
    audit.record(
        by=by, action="draft.mend", subject=held, village_id=held.rulebook.village_id, kind=row.kind, codes=row.codes
    )


def _settle_negatives(held: Draft, choice: str, by: Actor) -> None:
    """The same word for every balance of which nothing is said."""
    settings = dict(held.head.get("settings") or {})
    for name in balances.MEASURES:
        told = dict(settings.get(name) or {})
        settings[name] = told | {"negative": told.get("negative") or choice}
    head = {**held.head, "settings": settings}
    drafts.save_settings(draft=held, revision=held.head_revision, head=head, by=by)


def _fits(line: Line | None, values: Values | None) -> bool:
    """Whether the draft may change the item so: of the town's items a village changes some fields, or does without."""
    if line is None or line.rule is None:
        return False
    foreign = line.kind in ("town", "amend")
    return not foreign or values is None or _is_off(values) or set(values) <= AMENDABLE


def _is_off(values: Values) -> bool:
    return values.get("active") is False and len(values) == 1


def _change(held: Draft, line: Line, values: Values | None, by: Actor) -> None:
    revision = line.item.revision if line.item else None
    foreign = line.kind in ("town", "amend")
    if foreign and (values is None or _is_off(values)):
        drafts.switch_item(draft=held, code=line.code, revision=revision, on=False, by=by)
    elif values is None:
        drafts.remove_item(draft=held, code=line.code, revision=revision or 0, by=by)
    else:
        body = _body(line, values)
        if line.item is None:
            drafts.put_item(draft=held, code=line.code, body=body, by=by)
        else:
            drafts.save_item(draft=held, code=line.code, revision=line.item.revision, body=body, by=by)


def _body(line: Line, values: Values) -> dict[str, Any]:
    """What is kept of the item: a town's rule, a village's own, or what it changes."""
    kept = line.item.body if line.item else {}
    if line.kind == "rule":
        return {**kept, **values}
    if line.kind == "add":
        return {"kind": "add", "rule": {**kept["rule"], **values}}
    return {"kind": "amend", "code": line.code, "values": {**kept.get("values", {}), **values}}

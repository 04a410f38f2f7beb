"""What inspections and activities share: their frame, the one handing in, the end without one."""

from collections.abc import Iterable, Sequence
from datetime import date

from jifen.audit import services as audit
from jifen.files.models import File
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from scoring import errors, locks, round_errors, year_errors
from scoring.models import Activity, Inspection, RoundState, Rule
from scoring.selectors.rules import spec_of
from scoring.services import batches


def check_frame(title: str, place: str, happened_on: date) -> None:
    """Raises RoundTitleMissing, PlaceMissing, DeedInFuture, YearNotOpen or YearSealed."""
    if not 0 < len(title.strip()) <= 80:
        raise round_errors.RoundTitleMissing
    if not 0 < len(place.strip()) <= 80:
        raise errors.PlaceMissing
    if happened_on > clock.today():
        raise errors.DeedInFuture
    locks.open_year(happened_on.year, year_errors.DEED)


def check_counts(rules: Iterable[Rule], day: date, *, field: str) -> None:
    """Each of ``rules`` is switched on and counts deeds of that day; RoundRuleOff at ``field``."""
    for rule in rules:
        spec = spec_of(rule)
        if not spec.counts_on(day):
            why = f"只计{spec.window_text}的行为" if spec.active else "已停用"
            raise round_errors.RoundRuleOff(rule=rule.title, why=why, field=field)


def check_open(held: Inspection | Activity) -> None:
    """Raises RoundOver."""
    if held.state != RoundState.OPEN:
        raise round_errors.RoundOver(title=held.title)


def hand_in(
    held: Inspection | Activity, *, kind: str, rows: Sequence[batches.Row], evidence: Sequence[File], by: Actor
) -> None:
    """``rows`` become one batch of deeds, and the round, which the caller holds open, is over.

    Raises:
        BatchEmpty, BatchInvalid, EvidenceMissing: nothing is written.
    """
    held.batch = batches.record_batch(
        village=held.village,
        kind=kind,
        title=held.title,
        happened_on=held.happened_on,
        rows=rows,
        place=held.place,
        by=by,
        evidence=evidence,
    )
    _end(held, RoundState.SUBMITTED)
    audit.record(by=by, action=f"{kind}.submit", subject=held, village_id=held.village_id, declarations=len(rows))


def cancel(held: Inspection | Activity, *, kind: str, by: Actor) -> None:
    """The round, which the caller holds open, counts for nothing; what was gathered stays to be read."""
    _end(held, RoundState.CANCELLED)
    audit.record(by=by, action=f"{kind}.cancel", subject=held, village_id=held.village_id)


def _end(held: Inspection | Activity, state: RoundState) -> None:
    held.state, held.closed_at = state, clock.now()
    held.save(update_fields=["batch", "state", "closed_at"])

"""Objections that lie with the village by their flow while the town's office is asked or has answered: everybody there
had to stand back, or nobody is there."""

from collections.abc import Sequence

from jifen.accounts import selectors as accounts
from jifen.accounts.models import SiteRole
from jifen.approvals.definition import Step
from jifen.approvals.models import Assignment, AssignmentState, StageState, Word, WordKind
from jifen.approvals.selectors.items import MINE, active_stages
from jifen.kernel import clock
from reporting.models import Level, Objection
from reporting.selectors import inquiries, investigators

SAYING = (WordKind.APPROVE, WordKind.REJECT)
"""As in ``investigators``."""


def is_asked(objection: Objection) -> bool:
    """Whether the office alone is asked now, at a step that means people of the village."""
    item = inquiries.item_of(objection)
    if item is None:
        return False
    stages = active_stages(item)
    rows = Assignment.objects.filter(stage__in=[stage.pk for stage, _ in stages], state__in=MINE)
    users = set(rows.values_list("user_id", flat=True))
    return bool(users) and users <= investigators.office() and all(_is_of_village(step) for _, step in stages)


def answered(objection: Objection) -> bool:
    """Whether people of the office alone have answered, at whatever level it was."""
    if objection.answered_at is None:
        return False
    day = objection.answered_at.astimezone(clock.TIME_ZONE).date()
    said = _speakers(objection) or {objection.answered_by_id or 0}
    return bool(said) and said <= accounts.held_on(investigators.OFFICE, day)


def answerer(objection: Objection) -> str:
    """By name, and that she is of the town where that is not what its level says."""
    return f"{objection.answered_by_name}{'（镇里）' if answered(objection) else ''}"


def others(objection: Objection) -> set[int]:
    """Who of the office had no say in its answer, and may look into it anew."""
    said = Word.objects.filter(item__subject_kind=inquiries.KIND, item__subject_id=objection.pk, kind__in=SAYING)
    spoken = {objection.answered_by_id, *said.values_list("speaker_id", flat=True)}
    people = investigators.body(Level.TOWN, objection.village_id, ()) - spoken
    return people - {user for _, user in investigators.barred([objection.pk], people)}


def _speakers(objection: Objection) -> set[int]:
    """Whose words in its flow made the answer."""
    ended: Sequence[str] = (StageState.PASSED, StageState.REFUSED)
    rows = Assignment.objects.filter(
        stage__item__subject_kind=inquiries.KIND,
        stage__item__subject_id=objection.pk,
        stage__state__in=ended,
        state=AssignmentState.DONE,
    )
    return set(rows.values_list("user_id", flat=True))


def _is_of_village(step: Step) -> bool:
    return any(who.seat or who.leader or (who.role and who.role not in SiteRole.values) for who in step.who)

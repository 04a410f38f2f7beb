"""The meetings that voted on a draft, as its way lists them: which vote carries it, and why another does not."""

from dataclasses import dataclass

from jifen.approvals.shares import Fraction
from scoring.models import Draft, DraftState, MeetingKind, Resolution
from scoring.selectors import drafts as seen


@dataclass(frozen=True, slots=True)
class Vote:
    """``why`` it does not carry the draft; empty when it does."""

    row: Resolution
    why: str


def votes(draft: Draft) -> list[Vote]:
    """Every vote that was written down, in the order of its days."""
    return [Vote(row, why_not(row, draft)) for row in draft.resolutions.all()]


def wanted(draft: Draft) -> MeetingKind:
    """The meeting that has to pass it."""
    return MeetingKind.ASSEMBLY if draft.is_charter else MeetingKind.REPRESENTATIVES


def why_not(row: Resolution, draft: Draft) -> str:
    """没有通过：到会40人，应到不少于60人; empty for a vote that carries the draft as it is."""
    if not row.is_passed:
        return f"没有通过：{_short(row)}"
    if row.revision != draft.revision:
        return "表决以后修订稿又改过，要重新表决"
    if draft.is_charter and row.meeting != MeetingKind.ASSEMBLY:
        return "通过，但写进村规民约的还要村民会议表决"
    return ""


def _short(row: Resolution) -> str:
    """What was missing: people who came, else votes."""
    came = Fraction.model_validate(row.quorum).of(row.members)
    if row.present < came:
        return f"到会{row.present}人，应到不少于{came}人"
    return f"赞成{row.votes_for}人，应不少于{Fraction.model_validate(row.majority).of(row.present)}人"


def state_word(draft: Draft) -> str:
    """How far a draft is: of one whose trial was waived not that it was tried, but who waived it."""
    trial = seen.trial_of(draft) if draft.state == DraftState.TRIED else None
    return f"已免试算（{trial.actor_name}）" if trial and trial.waiver else draft.get_state_display()

"""How the town reviews its months, chosen anew in the office: dated, never back over what was decided before."""

from datetime import date
from typing import Any

from django.db import transaction
from pydantic import ValidationError

from jifen.audit import services as audit
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from scoring import policies, policy_errors
from scoring.models import ReviewPolicy
from scoring.rules import policy as sections

WORDS = {
    "after": "村里审定后",
    "filed_with": "报给谁",
    "announced_on": "什么时候宣读",
    "late": "过了月才登记的",
    "posts": "什么时候记账",
    "notice_days": "记账前公示几天",
    "hearing_days": "扣分前听取说明几天",
    "answer_days": "委员会几天内答复说明",
    "board_days": "公开栏张贴几天算作告知",
    "mutual": "互审的委员也回避",
}
"""What may be chosen, as people call it. The quorum is the flow's (``jifen.approvals``)."""


@transaction.atomic
def choose(*, changes: dict[str, Any], effective_from: date, by: Actor) -> ReviewPolicy:
    """Keep the choice in force on ``effective_from`` with ``changes`` (keys of ``WORDS``) from that day on.

    It holds for what is sent up from that day on: a month sent before keeps what it was sent under, an open sheet its
    recusals. A choice that was to begin on the same day is replaced; what it said stays in the audit trail.

    Raises:
        ReviewPolicyInvalid: naming the first wrong key. ReviewPolicyInPast: it would begin today or earlier.
        NoticeDaysMissing: points post after a notice of no days.
    """
    if effective_from <= clock.today():
        raise policy_errors.ReviewPolicyInPast
    before = policies.on(effective_from)
    review = _checked(before.review.model_dump(mode="json") | changes)
    if review.posts == "notice" and not review.notice_days:
        raise policy_errors.NoticeDaysMissing
    data = before.model_copy(update={"review": review}).model_dump(mode="json")
    row, _ = ReviewPolicy.objects.update_or_create(
        effective_from=effective_from, defaults={"data": data, "made_at": clock.now(), "made_by_name": by.name}
    )
    audit.record(
        by=by,
        action="review_policy.choose",
        subject=row,
        effective_from=effective_from.isoformat(),
        review=data["review"],
    )
    return row


def _checked(section: dict[str, Any]) -> sections.ReviewPolicy:
    unknown = sorted(set(section) - set(sections.ReviewPolicy.model_fields))
    if unknown:
        raise policy_errors.ReviewPolicyInvalid(what=unknown[0], field=unknown[0])
    try:
        return sections.ReviewPolicy.model_validate(section)
    except ValidationError as error:
        wrong = str(error.errors()[0]["loc"][0])
        raise policy_errors.ReviewPolicyInvalid(what=WORDS.get(wrong, wrong), field=wrong) from error

"""The town's choices about notices, lists, honours, benefits and reports, checked and dated."""

from datetime import date
from typing import Annotated, Any

from pydantic import Field, ValidationError

from jifen.kernel import clock
from jifen.kernel.actors import Actor
from reporting.errors import PolicyInvalid, PolicyMissing, PolicyTaken
from reporting.models import NoticePolicy
from scoring.rules import policy as sections
from scoring.rules.base import Count, Model

ANSWER_DAYS = 10


class ReportingPolicy(Model):
    """What a scheme states about publication (``policy`` of the files in ``scoring/library``)."""

    notice: sections.NoticePolicy
    objection: sections.ObjectionPolicy
    lists: sections.Lists
    honours: sections.Honours
    benefits: Annotated[tuple[sections.Benefit, ...], Field(strict=False)] = ()
    reports: Annotated[tuple[sections.Due, ...], Field(strict=False)] = ()
    answer_days: Count = ANSWER_DAYS


def install(*, section: dict[str, Any], effective_from: date, by: Actor) -> NoticePolicy:
    """Keep ``section`` as the town's choice from ``effective_from`` on; keys of other rooms are left aside.

    A black list whose visibility is not stated stays internal (DESIGN §9).

    Raises:
        PolicyInvalid: naming each wrong key.
        PolicyTaken: another choice already begins on that day.
    """
    own = {key: value for key, value in section.items() if key in ReportingPolicy.model_fields}
    data = _checked(_black_list_internal(own)).model_dump(mode="json")
    row, made = NoticePolicy.objects.get_or_create(
        effective_from=effective_from, defaults={"data": data, "made_at": clock.now(), "made_by_name": by.name}
    )
    if not made and row.data != data:
        raise PolicyTaken(day=effective_from)
    return row


def on(day: date) -> ReportingPolicy:
    """The choice in force on ``day``.

    Raises:
        PolicyMissing: the town has made none yet.
    """
    data = NoticePolicy.data_on(day)
    if not data:
        raise PolicyMissing
    return ReportingPolicy.model_validate(data)


def _checked(data: dict[str, Any]) -> ReportingPolicy:
    try:
        return ReportingPolicy.model_validate(data)
    except ValidationError as error:
        wrong = "、".join(".".join(map(str, problem["loc"])) for problem in error.errors()[:5])
        raise PolicyInvalid(problems=wrong) from error


def _black_list_internal(data: dict[str, Any]) -> dict[str, Any]:
    lists = data.get("lists")
    black = lists.get("black") if isinstance(lists, dict) else None
    if not isinstance(lists, dict) or not isinstance(black, dict) or "visibility" in black:
        return data
    return {**data, "lists": {**lists, "black": {**black, "visibility": "internal"}}}

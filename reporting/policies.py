"""The town's choices about notices, lists, honours, benefits and reports, checked and dated."""

from collections.abc import Collection
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Any, Literal

from django.db import transaction
from pydantic import Field, ValidationError

from jifen.audit import services as audit
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from reporting.errors import PolicyInvalid, PolicyMissing, PolicyTaken
from reporting.models import NoticePolicy
from scoring.rules import policy as sections
from scoring.rules.base import Count, Model

ANSWER_DAYS, TOWN_ANSWER_DAYS = 10, 20
"""村务公开: the village answers within ten days, the township within twenty."""
APPEAL_DAYS = 10
LONGEST_DAYS = 90
"""That a town may give for an answer or an appeal."""
Body = Literal["committee", "town"]


class ReportingPolicy(Model):
    """What a scheme states about publication (``policy`` of the files in ``scoring/library``)."""

    notice: sections.NoticePolicy
    objection: sections.ObjectionPolicy
    lists: sections.Lists
    honours: sections.Honours
    benefits: Annotated[tuple[sections.Benefit, ...], Field(strict=False)] = ()
    reports: Annotated[tuple[sections.Due, ...], Field(strict=False)] = ()
    answer_days: Count = ANSWER_DAYS
    town_answer_days: Count = TOWN_ANSWER_DAYS
    appeal_days: Count = APPEAL_DAYS
    investigated_by: Annotated[tuple[Body, ...], Field(strict=False)] = ()

    @property
    def bodies(self) -> tuple[Body, ...]:
        """Who looks into an objection first: as set, else as the scheme names them (seed 001: the committee; seed 002:
        the village's group together with the town's office)."""
        if self.investigated_by:
            return self.investigated_by
        named = self.objection.investigators
        return ("committee", "town") if any(name.startswith("镇") for name in named) else ("committee",)

    def honour_share(self, *, town: bool) -> Decimal | None:
        """Seed 001 rewards the first 5 % of a village, seed 003 recommends the first 10 % to the town."""
        titles = [title.top_share for title in self.honours.titles if title.top_share]
        found = titles if town else [self.lists.reward_share, *titles]
        return next((share for share in found if share), self.lists.reward_share)


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


@transaction.atomic
def set_handling(
    *, answer_days: int, town_answer_days: int, appeal_days: int, investigated_by: Collection[Body], by: Actor
) -> NoticePolicy:
    """How objections are handled from tomorrow on; all else stays as chosen before.

    What was chosen for tomorrow already is replaced: nothing has gone by it yet.

    Raises:
        PolicyInvalid: naming each wrong key.
    """
    tomorrow = clock.today() + timedelta(days=1)
    days = {"answer_days": answer_days, "town_answer_days": town_answer_days, "appeal_days": appeal_days}
    chosen = NoticePolicy.data_on(tomorrow) | days | {"investigated_by": list(investigated_by)}
    data = _checked(chosen).model_dump(mode="json")
    row, _ = NoticePolicy.objects.update_or_create(
        effective_from=tomorrow, defaults={"data": data, "made_at": clock.now(), "made_by_name": by.name}
    )
    audit.record(by=by, action="objection.set_handling", subject=row, **days, investigated_by=investigated_by)
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

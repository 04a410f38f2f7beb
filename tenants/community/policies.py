"""Who may join and how many should: the town's dated choice (the scheme's ``eligibility`` and ``participation``)."""

from datetime import date
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from jifen.audit import services as audit
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from tenants.community.eligibility import Kind, Outsiders
from tenants.community.errors import PolicyWrong
from tenants.community.models import EligibilityPolicy


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class Eligibility(Section):
    """See ``tenants.community.eligibility``; ``text`` is the scheme's own wording."""

    kind: Kind
    text: str = ""
    outsiders: Outsiders = "none"
    outsiders_months: int | None = None


class Participation(Section):
    """``target``: share of a village's total households that should take part."""

    target: Decimal
    full_coverage: tuple[Literal["starred", "party_member"], ...] = ()
    text: str | None = None


class Policy(Section):
    eligibility: Eligibility
    participation: Participation


DEFAULT = Policy.model_validate({"eligibility": {"kind": "local_hukou"}, "participation": {"target": "0.80"}})
"""What holds in a town that has not chosen yet."""


def install(*, section: dict[str, Any], effective_from: date, by: Actor) -> EligibilityPolicy:
    """Store ``{"eligibility": …, "participation": …}`` as in force from ``effective_from`` on.

    Raises:
        PolicyWrong: names the place in ``section`` and what is wrong there.
    """
    try:
        checked = Policy.model_validate(section)
    except ValidationError as error:
        [first, *_] = error.errors()
        raise PolicyWrong(where=".".join(map(str, first["loc"])), problem=first["msg"]) from None
    row, _ = EligibilityPolicy.objects.update_or_create(
        effective_from=effective_from,
        defaults={"data": checked.model_dump(mode="json"), "made_at": clock.now(), "made_by_name": by.name},
    )
    audit.record(by=by, action="community.policy", subject=row)
    return row


def on(day: date) -> Policy:
    """The choice in force on ``day``."""
    data = EligibilityPolicy.data_on(day)
    return Policy.model_validate(data) if data else DEFAULT

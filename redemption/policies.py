"""How a town exchanges points: windows, threshold, carriers and who pays (``redemption`` and ``funds``)."""

from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from jifen.audit import services as audit
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.points import ZERO, points
from redemption.errors import PolicyWrong
from redemption.models import ExchangePolicy
from scoring.rules.policy import Funds, RedemptionPolicy, Window


class Exchange(BaseModel):
    """``redemption``: when and how; ``funds``: where the money comes from, and whether village or town pays."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)

    redemption: RedemptionPolicy
    funds: Funds

    @property
    def threshold(self) -> Decimal:
        """The least available points with which a household may exchange; 0 when the scheme names none."""
        return points(self.redemption.threshold or ZERO)

    @property
    def yearly_before(self) -> Window | None:
        """The obligation of seed 001: exchange at least once before a month."""
        return next((window for window in self.redemption.windows if window.kind == "yearly_before"), None)


FALLBACK = Exchange.model_validate(
    {
        "redemption": {
            "windows": [{"kind": "open", "text": "按各村兑换方案"}],
            "carriers": ["passbook", "card", "code"],
        },
        "funds": {"sources": [{"code": "collective", "name": "村集体收入", "kind": "collective"}]},
    }
)
"""For a town that has made no choice yet."""


def install(*, section: dict[str, Any], effective_from: date, by: Actor) -> ExchangePolicy:
    """Store ``{"redemption": …, "funds": …}`` from ``effective_from`` on; the same day again replaces nothing else.

    Raises:
        PolicyWrong: naming the place in ``section`` and what is wrong there.
    """
    try:
        checked = Exchange.model_validate(section)
    except ValidationError as error:
        [first, *_] = error.errors()
        where = ".".join(str(part) for part in first["loc"])
        raise PolicyWrong(where=where, problem=first["msg"]) from None
    row, _ = ExchangePolicy.objects.update_or_create(
        effective_from=effective_from,
        defaults={"data": checked.model_dump(mode="json"), "made_at": clock.now(), "made_by_name": by.name},
    )
    audit.record(by=by, action="redemption.policy", subject=row)
    return row


def on(day: date) -> Exchange:
    """What is in force on ``day``."""
    data = ExchangePolicy.data_on(day)
    return Exchange.model_validate(data) if data else FALLBACK

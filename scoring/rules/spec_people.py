"""Whose points they are: targets, shares, and multipliers by who did it."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from scoring.rules.base import Model, Positive, Share, Short, Slug

Target = Literal["resident", "household", "head", "every_member", "beneficiary", "responsible", "cell"]
TARGET_NAMES: dict[str, str] = {
    "resident": "本人",
    "household": "本户",
    "head": "户主",
    "every_member": "全家每人",
    "beneficiary": "受益人",
    "responsible": "责任人",
    "cell": "联户组",
}
MANY = frozenset({"every_member", "cell"})


class Portion(Model):
    """``share`` of the points for ``to``; the shares of a rule add up to 1."""

    to: Target
    share: Share


class Multiplier(Model):
    """Points of somebody with ``role`` are multiplied."""

    role: Slug
    name: Short
    factor: Positive


class Multipliers(Model):
    """Which factor counts when somebody has several roles."""

    roles: Annotated[tuple[Multiplier, ...], Field(strict=False, min_length=1)]
    several: Literal["highest", "product"] = "highest"

    def factor(self, roles: frozenset[str]) -> tuple[Decimal, tuple[str, ...]]:
        """The factor for somebody with ``roles``, and the names of the roles that made it."""
        own = [one for one in self.roles if one.role in roles]
        if not own:
            return Decimal(1), ()
        if self.several == "highest":
            best = max(own, key=lambda one: one.factor)
            return best.factor, (best.name,)
        factor = Decimal(1)
        for one in own:
            factor *= one.factor
        return factor, tuple(one.name for one in own)

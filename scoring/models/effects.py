"""What deeds brought beyond their points, and what ended it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from scoring.models.ledger import Posting
from scoring.rules.spec_effects import EFFECT_NAMES


class Effect(models.Model):
    """后果: one consequence of a posted deed for its household, from ``first`` to ``last``.

    It is in force while its posting is not reversed and no unreversed repair has lifted it: nothing here is ever
    changed. ``last`` empty: nothing but a repair (``until_repair``), or nothing at all, ends it. One that happens once
    (a zeroing, a downgrade) has both on the day of the deed. ``resident``: whose deed it was.
    """

    database_rights: ClassVar[str] = "append_only"

    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="effects")
    position = models.PositiveSmallIntegerField()
    household = models.ForeignKey("community.Household", on_delete=models.PROTECT, related_name="effects")
    resident = models.ForeignKey("community.Resident", null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("后果", max_length=16, choices=list(EFFECT_NAMES.items()))
    first = models.DateField("起")
    last = models.DateField("止", null=True)
    until_repair = models.BooleanField("到整改为止", default=False)
    stars = models.PositiveSmallIntegerField("降几星", default=0)
    at_zero = models.BooleanField("扣完才退出", default=False)
    text = models.CharField("说明", max_length=600)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["posting", "position"], name="scoring_effect_once"),
            models.CheckConstraint(condition=Q(last=None) | Q(last__gte=F("first")), name="scoring_effect_days"),
            models.CheckConstraint(condition=Q(until_repair=False) | Q(last=None), name="scoring_effect_repair"),
        ]
        indexes = [
            models.Index(fields=["household"], condition=Q(kind="freeze_positive"), name="scoring_effect_freezes"),
            models.Index(fields=["household"], condition=Q(kind="leave_programme"), name="scoring_effect_leaves"),
        ]


class EffectLift(models.Model):
    """A repair deed that ended an effect from its ``day`` on; no longer so once the repair is reversed."""

    database_rights: ClassVar[str] = "append_only"

    effect = models.ForeignKey(Effect, on_delete=models.PROTECT, related_name="lifts")
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="lifts")
    day = models.DateField("整改日期")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["effect", "posting"], name="scoring_lifted_once")]


class EffectLeave(models.Model):
    """A household that left the programme because a deed's rule says so; with the reversal it is back in."""

    database_rights: ClassVar[str] = "append_only"

    effect = models.ForeignKey(Effect, on_delete=models.PROTECT, related_name="leaves")
    application = models.ForeignKey("community.Application", on_delete=models.PROTECT, related_name="+")
    left_on = models.DateField("退出日期")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["effect", "application"], name="scoring_left_once")]

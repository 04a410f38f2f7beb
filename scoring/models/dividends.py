"""Dividends: a sum of money parted by points, as it was decided once."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from jifen.kernel.actors import Acted
from jifen.kernel.points import PointsField
from scoring.models.rulebooks import RulebookVersion


class Dividend(Acted):
    """分红: one run of a pool over the points of a period that has ended. ``village`` None: the whole town.

    ``terms``: the pool as the rulebook ``version`` has it. Money is in fen: the shares and ``residue_fen`` add up to
    ``amount_fen`` and ``carried_fen``, which ``carried_from`` had left. Nothing is booked on the ledger. A run is never
    changed: it is voided with a reason until it is paid out.
    """

    database_rights: ClassVar[str] = "no_delete"

    village = models.ForeignKey("community.Village", null=True, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(RulebookVersion, on_delete=models.PROTECT, related_name="+")
    pool = models.CharField("资金编号", max_length=40)
    name = models.CharField("资金名称", max_length=120)
    terms = models.JSONField()
    term = models.CharField("分哪一期", max_length=20)
    since = models.DateField("起")
    until = models.DateField("止")
    amount_fen = models.BigIntegerField("金额（分）")
    carried_fen = models.BigIntegerField("上期转入（分）", default=0)
    carried_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="carried_to")
    residue_fen = models.BigIntegerField("余额（分）")
    households = models.PositiveIntegerField("户数")
    points = PointsField("参加分配的总分")
    told = models.CharField("算法说明", max_length=400)
    made_at = models.DateTimeField()
    paid_on = models.DateField("发放日期", null=True)
    paid_by_name = models.CharField("登记发放的人", max_length=60, blank=True, default="")
    voided_at = models.DateTimeField(null=True)
    voided_by_name = models.CharField("作废的人", max_length=60, blank=True, default="")
    void_reason = models.CharField("作废原因", max_length=200, blank=True, default="")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["village", "pool", "since"], condition=Q(voided_at=None), name="scoring_dividend_once",
                nulls_distinct=False,
            ),
            models.UniqueConstraint(
                fields=["carried_from"], condition=Q(voided_at=None), name="scoring_dividend_carried_once"
            ),
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="scoring_dividend_days"),
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0, carried_fen__gte=0, residue_fen__gte=0, households__gt=0),
                name="scoring_dividend_sums",
            ),
            models.CheckConstraint(
                condition=Q(carried_from__isnull=False) | Q(carried_fen=0), name="scoring_dividend_carries"
            ),
            models.CheckConstraint(condition=Q(paid_on=None) | Q(voided_at=None), name="scoring_dividend_paid_or_void"),
            models.CheckConstraint(
                condition=Q(voided_at=None, void_reason="") | (Q(voided_at__isnull=False) & ~Q(void_reason="")),
                name="scoring_dividend_void_why",
            ),
        ]  # fmt: skip

    @property
    def total_fen(self) -> int:
        """What was there to be parted."""
        return self.amount_fen + self.carried_fen

    @property
    def state(self) -> str:
        """``open``, ``paid`` or ``void``."""
        return "void" if self.voided_at else "paid" if self.paid_on else "open"


class DividendLine(models.Model):
    """What one household gets of it."""

    database_rights: ClassVar[str] = "append_only"

    dividend = models.ForeignKey(Dividend, on_delete=models.PROTECT, related_name="lines")
    household = models.ForeignKey("community.Household", on_delete=models.PROTECT, related_name="dividends")
    points = PointsField("积分")
    fen = models.BigIntegerField("分得（分）")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dividend", "household"], name="scoring_dividend_line_once"),
            models.CheckConstraint(condition=Q(points__gt=0, fen__gte=0), name="scoring_dividend_line_sums"),
        ]

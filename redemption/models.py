"""Exchange of one town: which shops, what at which price, when; every redemption, its voucher and who pays."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast, Concat, LPad

from jifen.kernel.actors import Acted
from jifen.kernel.fields import Period
from jifen.kernel.points import PointsField
from jifen.kernel.policies import DatedPolicy


class ExchangePolicy(DatedPolicy):
    """Windows, thresholds and who pays (the scheme's ``redemption`` section)."""


class MembershipState(models.TextChoices):
    APPLIED = "applied", "待审核"
    ACTIVE = "active", "合作中"
    REFUSED = "refused", "未通过"
    ENDED = "ended", "已终止"


class Membership(Acted):
    """加盟: one shop in this town's network. ``shop_id`` is the public shop's id; name and place are kept as agreed.

    ``run_by``: the household whose people run it, if it is one of this town's; they decide nothing about the shop.
    """

    shop_id = models.BigIntegerField(unique=True)
    shop_name = models.CharField("店名", max_length=80)
    shop_address = models.CharField("地址", max_length=120)
    shop_phone = models.CharField("电话", max_length=20)
    village = models.ForeignKey("community.Village", null=True, on_delete=models.PROTECT, related_name="+")
    agreement = models.CharField("协议编号", max_length=60, blank=True)
    fen_per_point = models.PositiveIntegerField("每分结算金额(分)", default=100)
    run_by = models.ForeignKey(
        "community.Household", verbose_name="经营者所在户", null=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField("状态", max_length=8, choices=MembershipState, default=MembershipState.APPLIED)
    reason = models.CharField("理由", max_length=200, blank=True)
    applied_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["shop_name"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=MembershipState.values), name="redemption_membership_state"),
            models.CheckConstraint(
                condition=Q(state="applied", decided_at=None) | (~Q(state="applied") & Q(decided_at__isnull=False)),
                name="redemption_membership_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state="active") | ~Q(agreement=""), name="redemption_membership_agreed"
            ),
        ]

    def __str__(self) -> str:
        return self.shop_name


class RedemptionPlan(Acted):
    """兑换方案: a village's (or the town's, ``village`` null) dated plan and the resolution behind it."""

    village = models.ForeignKey(
        "community.Village", null=True, on_delete=models.PROTECT, related_name="redemption_plans"
    )
    title = models.CharField("名称", max_length=80)
    resolution = models.CharField("依据", max_length=200)
    effective_from = models.DateField("生效日期")
    threshold = PointsField("起兑分值", default=0)

    class Meta:
        ordering = ["-effective_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["village", "effective_from"], name="redemption_plan_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(threshold__gte=0), name="redemption_plan_threshold"),
        ]

    def __str__(self) -> str:
        return self.title


class RedemptionWindow(models.Model):
    """兑换日/兑换期: open from the first to the last day, both included."""

    plan = models.ForeignKey(RedemptionPlan, on_delete=models.PROTECT, related_name="windows")
    opens_on = models.DateField("开始")
    closes_on = models.DateField("结束")

    class Meta:
        ordering = ["opens_on"]
        constraints = [
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="redemption_window_dates"),
            ExclusionConstraint(
                name="redemption_window_apart",
                expressions=[
                    ("plan", RangeOperators.EQUAL),
                    (Period("opens_on", F("closes_on") + 1), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opens_on}至{self.closes_on}"


class OfferingKind(models.TextChoices):
    GOODS = "goods", "物品"
    SERVICE = "service", "服务"


class Offering(models.Model):
    """兑换项目: goods or a service at a price in points. ``stock`` null = not counted."""

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="offerings")
    name = models.CharField("名称", max_length=60)
    kind = models.CharField("类型", max_length=8, choices=OfferingKind)
    unit = models.CharField("单位", max_length=10)
    price = PointsField("分值")
    stock = models.PositiveIntegerField("库存", null=True)
    is_active = models.BooleanField("上架", default=True)

    class Meta:
        ordering = ["price", "name"]
        constraints = [
            models.CheckConstraint(condition=Q(price__gt=0), name="redemption_price_positive"),
            models.CheckConstraint(condition=Q(stock=None) | Q(stock__gte=0), name="redemption_stock_left"),
            models.UniqueConstraint(fields=["membership", "name"], name="redemption_offering_once"),
        ]

    def __str__(self) -> str:
        return self.name


class FundKind(models.TextChoices):
    SUBSIDY = "subsidy", "财政补助"
    COLLECTIVE = "collective", "村集体收入"
    DONATION = "donation", "社会捐赠"
    PARTNER = "partner", "单位扶持"


class Fund(models.Model):
    """经费: where the money comes from and who pays with it (village or town)."""

    village = models.ForeignKey("community.Village", null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("来源", max_length=12, choices=FundKind)
    name = models.CharField("名称", max_length=80)
    budget_fen = models.PositiveBigIntegerField("预算(分)")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class ExceptionKind(models.TextChoices):
    """What a redemption would be refused for, and the town may excuse."""

    WINDOW = "window", "不在兑换期"
    THRESHOLD = "threshold", "没到起兑分值"
    VILLAGE = "village", "到外村兑换点"
    CARD = "card", "没带积分码"


class ExceptionState(models.TextChoices):
    ASKED = "asked", "待批准"
    APPROVED = "approved", "已同意"
    REFUSED = "refused", "未同意"
    WITHDRAWN = "withdrawn", "已撤回"


class RedemptionException(Acted):
    """兑换特例: one redemption that ``kind`` would forbid, asked for by shop or steward (``actor``).

    Once approved it allows exactly that one, to the day ``use_by``; ``Redemption.exception`` says which it was.
    """

    database_rights: ClassVar[str] = "no_delete"

    household = models.ForeignKey("community.Household", on_delete=models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="exceptions")
    offering = models.ForeignKey(Offering, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveSmallIntegerField("数量")
    points = PointsField("分值")
    kind = models.CharField("特例", max_length=10, choices=ExceptionKind)
    reason = models.CharField("理由", max_length=200)
    use_by = models.DateField("最迟哪天兑换")
    state = models.CharField("状态", max_length=10, choices=ExceptionState, default=ExceptionState.ASKED)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by_name = models.CharField("决定人", max_length=60, blank=True)
    note = models.CharField("意见", max_length=200, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["membership", "state"], name="redemption_exception_shop")]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0, points__gt=0), name="redemption_exception_quantity"),
            models.CheckConstraint(
                condition=Q(state__in=ExceptionState.values, kind__in=ExceptionKind.values),
                name="redemption_exception_state",
            ),
            models.CheckConstraint(
                condition=Q(state="asked", decided_at=None) | (~Q(state="asked") & Q(decided_at__isnull=False)),
                name="redemption_exception_decided",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="redemption_exception_reason"),
            models.UniqueConstraint(
                fields=["household", "offering", "kind"], condition=Q(state="asked"), name="redemption_exception_once"
            ),
        ]

    def __str__(self) -> str:
        return f"兑换特例{self.pk}"


class RedemptionState(models.TextChoices):
    HELD = "held", "已预留"
    CAPTURED = "captured", "已兑换"
    RELEASED = "released", "已取消"
    REVERSED = "reversed", "已退回"


class Redemption(Acted):
    """兑换: points are held, then captured when goods change hands, or released. ``actor`` is the shop's person.

    ``window`` is null where an ``exception`` lets it happen outside of all windows.
    """

    number = models.GeneratedField(
        verbose_name="单号",
        expression=Concat(Value("DH"), LPad(Cast("id", models.TextField()), 8, Value("0"))),
        output_field=models.CharField(max_length=24),
        db_persist=True,
        unique=True,
    )
    household = models.ForeignKey("community.Household", on_delete=models.PROTECT, related_name="redemptions")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="redemptions")
    offering = models.ForeignKey(Offering, on_delete=models.PROTECT, related_name="redemptions")
    window = models.ForeignKey(RedemptionWindow, null=True, on_delete=models.PROTECT, related_name="redemptions")
    exception = models.ForeignKey(
        RedemptionException, null=True, on_delete=models.PROTECT, related_name="redemptions", verbose_name="兑换特例"
    )
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="redemptions")
    quantity = models.PositiveSmallIntegerField("数量")
    points = PointsField("分值")
    fen = models.PositiveBigIntegerField("结算金额(分)")
    collected_by = models.CharField("领取人", max_length=40)
    is_proxy = models.BooleanField("代领", default=False)
    signature = models.ForeignKey("files.File", null=True, on_delete=models.PROTECT, related_name="+")
    signed_on_paper = models.BooleanField("纸质签名", default=False)
    state = models.CharField("状态", max_length=8, choices=RedemptionState, default=RedemptionState.HELD)
    held_at = models.DateTimeField()
    hold_expires_at = models.DateTimeField(help_text="真实时间")
    ended_at = models.DateTimeField(null=True)
    reversed_at = models.DateTimeField(null=True)
    reason = models.CharField("取消或退回原因", max_length=200, blank=True)
    idempotency_key = models.CharField(max_length=120, unique=True)
    archive_failed_at = models.DateTimeField(
        null=True, help_text="真实时间；凭证没有归档成功的，排在其他凭证之后再归档"
    )

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["membership", "state", "held_at"]),
            models.Index(fields=["household", "-held_at"]),
            models.Index(fields=["hold_expires_at"], condition=Q(state="held"), name="redemption_held"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0, points__gt=0), name="redemption_quantity"),
            models.CheckConstraint(
                condition=Q(state="held", ended_at=None) | (~Q(state="held") & Q(ended_at__isnull=False)),
                name="redemption_ended",
            ),
            models.CheckConstraint(
                condition=Q(state="reversed", reversed_at__isnull=False) | (~Q(state="reversed") & Q(reversed_at=None)),
                name="redemption_reversed",
            ),
            models.CheckConstraint(condition=Q(state__in=RedemptionState.values), name="redemption_state"),
            models.CheckConstraint(condition=Q(is_proxy=False) | ~Q(collected_by=""), name="redemption_collector"),
            models.CheckConstraint(
                condition=Q(window__isnull=False) | Q(exception__isnull=False), name="redemption_in_a_window"
            ),
            models.UniqueConstraint(
                fields=["exception"], condition=~Q(state="released"), name="redemption_exception_used_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.number)


class Voucher(models.Model):
    """兑换凭证: the receipt, archived as PDF."""

    database_rights: ClassVar[str] = "append_only"

    redemption = models.OneToOneField(Redemption, on_delete=models.PROTECT, related_name="voucher")
    file = models.ForeignKey("files.File", on_delete=models.PROTECT, related_name="+")
    archived_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"凭证{self.redemption_id}"


class SettlementState(models.TextChoices):
    DRAFT = "draft", "待核对"
    AGREED = "agreed", "已确认"
    PAID = "paid", "已支付"


class Settlement(Acted):
    """结算: what one payer owes one shop for a period; exact to the fen (I14)."""

    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="settlements")
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="settlements")
    from_date = models.DateField("起")
    to_date = models.DateField("止")
    redemptions = models.PositiveIntegerField("笔数", default=0)
    points = PointsField("分值", default=0)
    fen = models.PositiveBigIntegerField("金额(分)", default=0)
    state = models.CharField("状态", max_length=8, choices=SettlementState, default=SettlementState.DRAFT)
    made_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True)
    agreed_by_name = models.CharField("确认人", max_length=60, blank=True)
    approved_at = models.DateTimeField("同意付款时间", null=True, help_text="本镇按审批流程付款时")
    paid_at = models.DateTimeField(null=True)
    payment_note = models.CharField("付款凭据", max_length=120, blank=True)

    class Meta:
        ordering = ["-to_date", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(to_date__gte=F("from_date")), name="redemption_settlement_dates"),
            models.CheckConstraint(
                condition=Q(state="draft", agreed_at=None, paid_at=None)
                | Q(state="agreed", agreed_at__isnull=False, paid_at=None)
                | Q(state="paid", agreed_at__isnull=False, paid_at__isnull=False),
                name="redemption_settlement_state",
            ),
        ]

    def __str__(self) -> str:
        return f"结算单{self.pk}"


class SettlementLine(models.Model):
    """A captured redemption is in exactly one settlement."""

    database_rights: ClassVar[str] = "append_only"

    settlement = models.ForeignKey(Settlement, on_delete=models.PROTECT, related_name="lines")
    redemption = models.OneToOneField(Redemption, on_delete=models.PROTECT, related_name="settlement_line")

    def __str__(self) -> str:
        return f"{self.settlement_id}/{self.redemption_id}"

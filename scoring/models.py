"""Rulebooks, declarations, reviews and the ledger of one town.

The ledger's rules live in the database (see ``scoring/migrations/sql``): entries are append-only, balances follow them
by trigger, a sealed year takes none, every posting tells the district.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from jifen.kernel.actors import Acted
from jifen.kernel.points import ZERO, PointsField
from jifen.kernel.policies import DatedPolicy


class ReviewPolicy(DatedPolicy):
    """How months are reviewed and what follows: filing or confirmation (the scheme's ``review`` section)."""


class YearState(models.TextChoices):
    OPEN = "open", "进行中"
    CLOSING = "closing", "结转中"
    SEALED = "sealed", "已封账"


class Year(models.Model):
    """积分年度: a calendar year. Points do not cross it."""

    number = models.PositiveSmallIntegerField("年度", unique=True)
    state = models.CharField("状态", max_length=8, choices=YearState, default=YearState.OPEN)
    opened_at = models.DateTimeField("开启时间")
    sealed_at = models.DateTimeField("封账时间", null=True)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number}年"


class SealKind(models.TextChoices):
    CLOSE = "close", "封账"
    REOPEN = "reopen", "重开"
    SUPPLEMENT = "supplement", "补记"


class YearSeal(Acted):
    """SHA-256 over the year's entries in id order and the previous seal's hash (I7)."""

    database_rights: ClassVar[str] = "append_only"

    year = models.ForeignKey(Year, on_delete=models.PROTECT, related_name="seals")
    kind = models.CharField(max_length=10, choices=SealKind)
    entries = models.PositiveIntegerField("笔数")
    hash = models.CharField(max_length=64)
    previous = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="next")
    sealed_at = models.DateTimeField()


class Rulebook(models.Model):
    """积分细则 of the town (``village`` null) or of one village."""

    village = models.OneToOneField("community.Village", null=True, on_delete=models.PROTECT, related_name="rulebook")
    title = models.CharField("名称", max_length=120)
    template_code = models.CharField("样张", max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                F("village").asc(nulls_last=True), name="scoring_one_town_rulebook", nulls_distinct=False
            )
        ]


class VersionState(models.TextChoices):
    DRAFT = "draft", "草稿"
    IN_FORCE = "in_force", "已生效"
    WITHDRAWN = "withdrawn", "已撤销"


class RulebookVersion(Acted):
    """A dated set of rules. A deed is judged by the version in force on its date."""

    rulebook = models.ForeignKey(Rulebook, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField("版本")
    state = models.CharField("状态", max_length=10, choices=VersionState, default=VersionState.DRAFT)
    effective_from = models.DateField("生效日期")
    effective_to = models.DateField("截止日期", null=True, blank=True, help_text="不含当日")
    resolution = models.CharField("依据", max_length=200, help_text="哪次村民代表大会或哪份文件")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rulebook", "number"], name="scoring_version_number")]


class Sign(models.TextChoices):
    POSITIVE = "positive", "加分"
    NEGATIVE = "negative", "扣分"


class Rule(models.Model):
    """条目. ``spec`` is the whole rule as the engine reads it (``scoring.rules.spec.RuleSpec``)."""

    version = models.ForeignKey(RulebookVersion, on_delete=models.PROTECT, related_name="rules")
    code = models.CharField("编号", max_length=40)
    position = models.PositiveSmallIntegerField("序号")
    sign = models.CharField("正负", max_length=8, choices=Sign)
    subject = models.CharField("对象", max_length=10)
    category = models.CharField("大类", max_length=40)
    matter = models.CharField("事项", max_length=60, blank=True)
    title = models.CharField("名称", max_length=120)
    text = models.TextField("行为")
    is_example = models.BooleanField("示例分值", default=False)
    is_sensitive = models.BooleanField("不公开事由", default=False)
    spec = models.JSONField()

    class Meta:
        ordering = ["version", "position"]
        constraints = [models.UniqueConstraint(fields=["version", "code"], name="scoring_rule_code")]

    def __str__(self) -> str:
        return self.title


class RuleLimit(models.Model):
    """One cap of a rule, as rows so that a month is capped in one statement."""

    rule = models.ForeignKey(Rule, on_delete=models.CASCADE, related_name="limits")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=6, choices=[("points", "分"), ("count", "次")])
    value = PointsField()
    period = models.CharField(max_length=8)
    scope = models.CharField(max_length=10)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "position"], name="scoring_limit_position")]


class CapUse(models.Model):
    """How much of a cap is used, per household, resident or village and period. Posting locks these rows (I12)."""

    rulebook = models.ForeignKey(Rulebook, on_delete=models.PROTECT)
    rule_code = models.CharField(max_length=40)
    limit_position = models.PositiveSmallIntegerField()
    scope_kind = models.CharField(max_length=10)
    scope_id = models.BigIntegerField()
    period_start = models.DateField()
    used = PointsField(default=ZERO)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rulebook", "rule_code", "limit_position", "scope_kind", "scope_id", "period_start"],
                name="scoring_cap_once",
            )
        ]


class Channel(models.TextChoices):
    ORAL = "oral", "口头"
    PHONE = "phone", "电话"
    SMS = "sms", "短信"
    QQ = "qq", "QQ"
    WECHAT = "wechat", "微信"
    WINDOW = "window", "窗口"
    ONLINE = "online", "网上"
    DEVICE = "device", "设备"


class Declarer(models.TextChoices):
    SELF = "self", "本人"
    NEIGHBOUR = "neighbour", "其他村民"
    GROUP_LEADER = "group_leader", "村民小组组长"
    STEWARD = "steward", "积分管理员"
    COMMITTEE = "committee", "审核委员会"
    FEED = "feed", "系统接入"


class DeclarationState(models.TextChoices):
    SUBMITTED = "submitted", "待核实"
    READY = "ready", "待审核"
    IN_REVIEW = "in_review", "审核中"
    REJECTED = "rejected", "未通过"
    APPROVED = "approved", "待记账"
    POSTED = "posted", "已记账"
    WITHDRAWN = "withdrawn", "已撤回"


class Batch(Acted):
    """Deeds recorded together: an inspection round (入户检查) or an activity's sign-in list."""

    village = models.ForeignKey("community.Village", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=[("inspection", "入户检查"), ("activity", "集体活动")])
    title = models.CharField("名称", max_length=80)
    happened_on = models.DateField("日期")
    recorded_at = models.DateTimeField()


class Declaration(Acted):
    """登记: one deed. Who, which rule, when, where, why, by which channel, declared by whom, worth what."""

    village = models.ForeignKey("community.Village", on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey("community.Household", on_delete=models.PROTECT, related_name="declarations")
    resident = models.ForeignKey("community.Resident", null=True, on_delete=models.PROTECT, related_name="declarations")
    rule = models.ForeignKey(Rule, on_delete=models.PROTECT, related_name="declarations")
    batch = models.ForeignKey(Batch, null=True, on_delete=models.PROTECT, related_name="declarations")
    happened_on = models.DateField("日期")
    happened_time = models.TimeField("时间", null=True, blank=True)
    place = models.CharField("地点", max_length=80)
    reason = models.CharField("事由", max_length=300)
    channel = models.CharField("渠道", max_length=8, choices=Channel)
    declared_by = models.CharField("申报方", max_length=12, choices=Declarer)
    declarer = models.ForeignKey("community.Resident", null=True, on_delete=models.PROTECT, related_name="+")
    facts = models.JSONField("计分要素", default=dict)
    state = models.CharField("状态", max_length=10, choices=DeclarationState)
    points = PointsField("申报分值")
    redeemable = PointsField("申报可兑换分")
    explanation = models.CharField("算法说明", max_length=300)
    refusal = models.CharField("未通过原因", max_length=200, blank=True)
    recorded_at = models.DateTimeField("登记时间")
    idempotency_key = models.CharField(max_length=80, null=True, blank=True, unique=True)

    class Meta:
        ordering = ["-happened_on", "-id"]
        indexes = [
            models.Index(fields=["village", "state", "happened_on"]),
            models.Index(fields=["household", "-happened_on"]),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=DeclarationState.values), name="scoring_declaration_state")
        ]


class DeclarationEvidence(models.Model):
    """佐证."""

    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="evidence")
    file = models.ForeignKey("files.File", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["declaration", "file"], name="scoring_evidence_once")]


class ReviewState(models.TextChoices):
    OPEN = "open", "审核中"
    DECIDED = "decided", "村已审定"
    RETURNED = "returned", "镇退回"
    SETTLED = "settled", "已备案/已审定"
    POSTED = "posted", "已记账"


class Review(models.Model):
    """月审核: one village, one month. ``month`` is its first day."""

    village = models.ForeignKey("community.Village", on_delete=models.PROTECT, related_name="+")
    year = models.ForeignKey(Year, on_delete=models.PROTECT, related_name="reviews")
    month = models.DateField("月份")
    flow = models.ForeignKey("approvals.Flow", on_delete=models.PROTECT, related_name="+")
    state = models.CharField("状态", max_length=8, choices=ReviewState, default=ReviewState.OPEN)
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    posted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-month", "village"]
        constraints = [
            models.UniqueConstraint(fields=["village", "month"], name="scoring_review_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="scoring_review_first_day"),
        ]


class ReviewSeat(Acted):
    """A committee member's signature under a sheet. ``resident_id`` tells whose deeds she is barred from (I11)."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="seats")
    role = models.ForeignKey("community.VillageRole", on_delete=models.PROTECT, related_name="+")
    resident = models.ForeignKey("community.Resident", null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "role"], name="scoring_seat_once")]


class ItemVerdict(models.TextChoices):
    PENDING = "pending", "未定"
    APPROVED = "approved", "通过"
    ADJUSTED = "adjusted", "调整"
    REJECTED = "rejected", "不通过"


class ReviewItem(models.Model):
    """The committee's decision on one declaration."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="items")
    declaration = models.OneToOneField(Declaration, on_delete=models.PROTECT, related_name="review_item")
    verdict = models.CharField("决定", max_length=8, choices=ItemVerdict, default=ItemVerdict.PENDING)
    points = PointsField("认定分值")
    redeemable = PointsField("认定可兑换分")
    reason = models.CharField("理由", max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)
    decided_by_name = models.CharField(max_length=60, blank=True)
    decided_by_resident = models.ForeignKey("community.Resident", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["review", "verdict"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict="pending", decided_at=None) | Q(decided_at__isnull=False),
                name="scoring_item_decided",
            ),
            models.CheckConstraint(
                condition=~Q(verdict__in=["adjusted", "rejected"]) | ~Q(reason=""), name="scoring_item_reason"
            ),
        ]


class FilingState(models.TextChoices):
    SENT = "sent", "待镇办理"
    RECEIVED = "received", "已备案"
    CONFIRMED = "confirmed", "已审定"
    RETURNED = "returned", "已退回"


class Filing(Acted):
    """A decided month as it went up to the town: filed (备案, decides nothing) or confirmed (审定)."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="filings")
    kind = models.CharField(max_length=12, choices=[("filing", "备案"), ("confirmation", "审定")])
    state = models.CharField(max_length=10, choices=FilingState, default=FilingState.SENT)
    sent_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    note = models.CharField("意见", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review"], condition=~Q(state="returned"), name="scoring_filing_open_once")
        ]


class Measure(models.TextChoices):
    MERIT = "merit", "评比积分"
    REDEEMABLE = "redeemable", "可兑换积分"


class Account(models.Model):
    """A household's or a resident's account. Redeemable points are always the household's."""

    household = models.OneToOneField("community.Household", null=True, on_delete=models.PROTECT, related_name="account")
    resident = models.OneToOneField("community.Resident", null=True, on_delete=models.PROTECT, related_name="account")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(household=None, resident__isnull=False) | Q(household__isnull=False, resident=None),
                name="scoring_account_of_one",
            )
        ]


class Cause(models.TextChoices):
    DECLARATION = "declaration", "登记"
    BASE_GRANT = "base_grant", "基础分"
    OPENING = "opening", "期初"
    REDEMPTION = "redemption", "兑换"
    EXPIRY = "expiry", "年终清零"
    REVERSAL = "reversal", "更正"


class Posting(Acted):
    """A set of entries that belong together: one per account and measure (I10)."""

    database_rights: ClassVar[str] = "posting"

    cause = models.CharField(max_length=12, choices=Cause)
    declaration = models.ForeignKey(Declaration, null=True, on_delete=models.PROTECT, related_name="postings")
    review_item = models.ForeignKey(ReviewItem, null=True, on_delete=models.PROTECT, related_name="postings")
    redemption_id = models.BigIntegerField(null=True)
    document = models.CharField("依据", max_length=200, blank=True)
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")
    reversed_at = models.DateTimeField(null=True)
    reason = models.CharField("事由", max_length=300)
    explanation = models.CharField("算法说明", max_length=400, blank=True)
    posted_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["declaration"], condition=Q(reversed_at=None, reverses=None), name="scoring_posted_once"
            ),
            models.UniqueConstraint(
                fields=["redemption_id"], condition=Q(cause="redemption"), name="scoring_redeemed_once"
            ),
            models.CheckConstraint(
                condition=~Q(cause="declaration") | Q(declaration__isnull=False, review_item__isnull=False),
                name="scoring_posting_decided",
            ),
            models.CheckConstraint(
                condition=Q(cause="reversal", reverses__isnull=False) | (~Q(cause="reversal") & Q(reverses=None)),
                name="scoring_posting_reverses",
            ),
            models.CheckConstraint(
                condition=~Q(cause="redemption") | Q(redemption_id__isnull=False), name="scoring_posting_redeems"
            ),
            models.CheckConstraint(condition=~Q(cause="opening") | ~Q(document=""), name="scoring_posting_document"),
        ]


class Entry(models.Model):
    """台账: one line of the ledger. Never updated, deleted or truncated (I1)."""

    database_rights: ClassVar[str] = "append_only"

    id = models.BigAutoField(primary_key=True)
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="entries", db_index=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="entries")
    household = models.ForeignKey(
        "community.Household", on_delete=models.PROTECT, related_name="entries", db_index=False
    )
    year = models.ForeignKey(Year, on_delete=models.PROTECT, related_name="entries")
    concerns_year = models.PositiveSmallIntegerField("所涉年度", null=True)
    month = models.PositiveSmallIntegerField("记入月份")
    measure = models.CharField(max_length=10, choices=Measure)
    amount = PointsField()
    cause = models.CharField(max_length=12, choices=Cause)
    rule = models.ForeignKey(Rule, null=True, on_delete=models.PROTECT, related_name="entries")
    happened_on = models.DateField()
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")
    posted_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["household", "year", "measure"])]
        constraints = [
            models.UniqueConstraint(fields=["posting", "account", "measure"], name="scoring_entry_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="scoring_entry_amount"),
            models.CheckConstraint(condition=Q(month__gte=1, month__lte=12), name="scoring_entry_month"),
            models.CheckConstraint(
                condition=~Q(measure="merit") | ~Q(cause__in=["redemption", "expiry"]), name="scoring_merit_stays"
            ),
            models.CheckConstraint(
                condition=~Q(cause="declaration") | Q(rule__isnull=False), name="scoring_entry_rule"
            ),
            models.CheckConstraint(
                condition=Q(cause="reversal", reverses__isnull=False) | (~Q(cause="reversal") & Q(reverses=None)),
                name="scoring_entry_reverses",
            ),
        ]


class Balance(models.Model):
    """Sum of an account's entries in a year; kept by trigger (I2). ``held`` alone is moved by a service (I3)."""

    database_rights: ClassVar[str] = "balance"

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="balances")
    year = models.ForeignKey(Year, on_delete=models.PROTECT, related_name="balances")
    measure = models.CharField(max_length=10, choices=Measure)
    posted = PointsField(default=ZERO)
    positive = PointsField("加分合计", default=ZERO)
    negative = PointsField("扣分合计", default=ZERO)
    held = PointsField(default=ZERO)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "year", "measure"], name="scoring_balance_once"),
            models.CheckConstraint(condition=Q(held__gte=0), name="scoring_held_not_negative"),
            models.CheckConstraint(condition=Q(held=0) | Q(measure="redeemable"), name="scoring_held_redeemable"),
            models.CheckConstraint(condition=Q(posted=F("positive") - F("negative")), name="scoring_balance_sum"),
        ]


class YearStanding(models.Model):
    """A household's place at the end of a year, as sealed."""

    database_rights: ClassVar[str] = "append_only"

    seal = models.ForeignKey(YearSeal, on_delete=models.PROTECT, related_name="standings")
    household = models.ForeignKey("community.Household", on_delete=models.PROTECT, related_name="+")
    positive = PointsField()
    negative = PointsField()
    net = PointsField()
    village_rank = models.PositiveIntegerField()
    town_rank = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["seal", "household"], name="scoring_standing_once")]

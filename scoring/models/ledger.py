"""Accounts, postings, entries and balances."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from jifen.kernel.actors import Acted
from jifen.kernel.points import ZERO, PointsField
from scoring.models.declarations import Declaration
from scoring.models.reviews import ReviewItem
from scoring.models.rulebooks import Rule
from scoring.models.years import Year


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
    ZEROING = "zeroing", "积分清零"
    LAPSE = "lapse", "积分到期"


class Carry(models.TextChoices):
    """What a year's end carries into the next year."""

    REST = "rest", "结转"
    KEPT = "kept", "保留"
    DEBT = "debt", "欠分结转"


class Posting(Acted):
    """A set of entries that belong together: one per account and measure (I10).

    ``corrects``: the reversed posting in whose place it stands; then ``document`` names the decision (an objection's).
    ``follows``: the deed's posting whose consequence it carries out; the two are reversed together.
    ``granted_for``: which base points of a rulebook ``granted_to`` got; each once, also when they were taken back.
    ``carries``: the year of whose end it carries, as ``carry`` says, what was left or owed in the whole town.
    """

    database_rights: ClassVar[str] = "posting"

    cause = models.CharField(max_length=12, choices=Cause)
    declaration = models.ForeignKey(Declaration, null=True, on_delete=models.PROTECT, related_name="postings")
    review_item = models.ForeignKey(ReviewItem, null=True, on_delete=models.PROTECT, related_name="postings")
    redemption_id = models.BigIntegerField(null=True)
    document = models.CharField("依据", max_length=200, blank=True)
    reverses = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="reversed_by")
    reversed_at = models.DateTimeField(null=True)
    corrects = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="corrected_by")
    follows = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="followed_by", db_index=False)
    granted_to = models.ForeignKey(
        "community.Household", null=True, on_delete=models.PROTECT, related_name="base_grants", db_index=False
    )
    granted_for = models.CharField(max_length=40, blank=True, default="", db_default="")
    carries = models.ForeignKey(Year, null=True, on_delete=models.PROTECT, related_name="carried", db_index=False)
    carry = models.CharField(max_length=4, choices=Carry, blank=True, default="", db_default="")
    reason = models.CharField("事由", max_length=300)
    explanation = models.CharField("算法说明", max_length=400, blank=True)
    posted_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["carries"], condition=Q(carries__isnull=False), name="scoring_posting_carried"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["declaration"], condition=Q(reversed_at=None, reverses=None), name="scoring_posted_once"
            ),
            models.UniqueConstraint(
                fields=["redemption_id"], condition=Q(cause="redemption"), name="scoring_redeemed_once"
            ),
            models.CheckConstraint(
                condition=~Q(cause="declaration")
                | Q(declaration__isnull=False, review_item__isnull=False)
                | (Q(declaration__isnull=False, corrects__isnull=False) & ~Q(document="")),
                name="scoring_posting_decided",
            ),
            models.CheckConstraint(
                condition=Q(cause="reversal", reverses__isnull=False) | (~Q(cause="reversal") & Q(reverses=None)),
                name="scoring_posting_reverses",
            ),
            models.CheckConstraint(
                condition=~Q(cause="redemption") | Q(redemption_id__isnull=False), name="scoring_posting_redeems"
            ),
            models.UniqueConstraint(
                fields=["follows"], condition=Q(follows__isnull=False), name="scoring_followed_once"
            ),
            models.CheckConstraint(
                condition=Q(cause="zeroing", follows__isnull=False) | (~Q(cause="zeroing") & Q(follows=None)),
                name="scoring_posting_follows",
            ),
            models.CheckConstraint(condition=~Q(cause="opening") | ~Q(document=""), name="scoring_posting_document"),
            models.UniqueConstraint(
                fields=["granted_to", "granted_for"], condition=Q(granted_to__isnull=False), name="scoring_granted_once"
            ),
            models.CheckConstraint(
                condition=Q(granted_to=None, granted_for="")
                | Q(granted_to__isnull=False, cause="base_grant") & ~Q(granted_for=""),
                name="scoring_posting_grants",
            ),
            models.CheckConstraint(
                condition=Q(carries=None, carry="") | Q(carries__isnull=False, cause="opening") & ~Q(carry=""),
                name="scoring_posting_carries",
            ),
        ]


class Share(models.TextChoices):
    """As whom somebody gets a part of a deed's points; empty: it is the deed's own household or person."""

    HEAD = "head", "户主"
    MEMBER = "member", "家庭成员"
    BENEFICIARY = "beneficiary", "受益人"
    RESPONSIBLE = "responsible", "责任人"
    CELL = "cell", "联户组"


class Entry(models.Model):
    """台账: one line of the ledger. Never updated, deleted or truncated (I1).

    ``share``: the deed was another's. ``point_class``: the named class of points (善行分, 环境分) that it belongs to.
    ``ends_on``: of points carried over from a year; other entries end as their rules say (``scoring.sql.lapses``).
    """

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
    share = models.CharField("分给谁", max_length=12, choices=Share, blank=True, default="", db_default="")
    point_class = models.CharField("积分类别", max_length=40, blank=True, default="", db_default="")
    ends_on = models.DateField("最后能用的一天", null=True)
    posted_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["household", "year", "measure"]),
            models.Index(fields=["ends_on"], condition=Q(ends_on__isnull=False), name="scoring_entry_ends"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["posting", "account", "measure"], name="scoring_entry_once"),
            models.CheckConstraint(condition=~Q(amount=0), name="scoring_entry_amount"),
            models.CheckConstraint(condition=Q(month__gte=1, month__lte=12), name="scoring_entry_month"),
            models.CheckConstraint(
                condition=~Q(measure="merit") | ~Q(cause__in=["redemption", "expiry", "lapse"]),
                name="scoring_merit_stays",
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

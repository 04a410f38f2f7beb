"""A month before the committee and the town."""

from django.db import models
from django.db.models import Q

from jifen.kernel.actors import Acted
from jifen.kernel.points import PointsField
from jifen.kernel.policies import DatedPolicy
from scoring.models.declarations import Declaration
from scoring.models.years import Year


class ReviewPolicy(DatedPolicy):
    """How months are reviewed and what follows: filing or confirmation (the scheme's ``review`` section)."""


class ReviewState(models.TextChoices):
    OPEN = "open", "审核中"
    DECIDED = "decided", "村已审定"
    RETURNED = "returned", "镇退回"
    SETTLED = "settled", "已备案/已审定"
    POSTED = "posted", "已记账"


class Review(models.Model):
    """月审核: one village, one month (its first day). ``is_mutual``: what the town had chosen when it opened.

    ``limit_from``: since when its chairs have had it, where that is later than its opening.
    """

    village = models.ForeignKey("community.Village", on_delete=models.PROTECT, related_name="+")
    year = models.ForeignKey(Year, on_delete=models.PROTECT, related_name="reviews")
    month = models.DateField("月份")
    flow = models.ForeignKey("approvals.Flow", on_delete=models.PROTECT, related_name="+")
    state = models.CharField("状态", max_length=8, choices=ReviewState, default=ReviewState.OPEN)
    opened_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    posted_at = models.DateTimeField(null=True)
    is_mutual = models.BooleanField("互评回避", default=False, db_default=False)
    limit_from = models.DateTimeField("期限起算", null=True)

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


class Meeting(Acted):
    """The committee's sitting over a sheet. ``paper`` is the scan of the decision sheet signed by hand."""

    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="meeting")
    held_on = models.DateField("日期")
    place = models.CharField("地点", max_length=80, blank=True)
    minutes = models.CharField("会议记录", max_length=2000, blank=True)
    paper = models.ForeignKey("files.File", null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()


class Presence(models.TextChoices):
    PRESENT = "present", "到会"
    ABSENT = "absent", "缺席"
    SUBSTITUTE = "substitute", "替补到会"


class MeetingSeat(models.Model):
    """Who sat on a seat of the committee at the meeting; a substitute's own household and relatives bar her (I11)."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="attendance")
    role = models.ForeignKey("community.VillageRole", on_delete=models.PROTECT, related_name="+")
    presence = models.CharField("到会", max_length=10, choices=Presence)
    substitute = models.ForeignKey("community.Resident", null=True, on_delete=models.PROTECT, related_name="+")
    noted_at = models.DateTimeField()
    noted_by_name = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "role"], name="scoring_meetingseat_once"),
            models.UniqueConstraint(fields=["meeting", "substitute"], name="scoring_substitute_once"),
            models.CheckConstraint(
                condition=Q(presence="substitute", substitute__isnull=False)
                | (~Q(presence="substitute") & Q(substitute=None)),
                name="scoring_meetingseat_substitute",
            ),
        ]


class ItemVerdict(models.TextChoices):
    PENDING = "pending", "未定"
    APPROVED = "approved", "通过"
    ADJUSTED = "adjusted", "调整"
    REJECTED = "rejected", "不通过"


class ReviewItem(models.Model):
    """The committee's decision on one declaration. ``entered_by_name``: who took it off the signed paper."""

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
    entered_by_name = models.CharField(max_length=60, blank=True, default="", db_default="")

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

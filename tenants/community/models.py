"""Villages, groups, households and people of one town, who joined, who consented, who does what."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q

from jifen.kernel import clock
from jifen.kernel.actors import Acted
from jifen.kernel.fields import Period, SealedTextField
from jifen.kernel.policies import DatedPolicy


class EligibilityPolicy(DatedPolicy):
    """Who may join and how many should (the scheme's ``eligibility`` section)."""


class TownProfile(models.Model):
    """How the town names itself on screen and paper. One row."""

    name = models.CharField("镇名", max_length=60)
    office_name = models.CharField("主管办公室", max_length=60)
    phone = models.CharField("联系电话", max_length=20, blank=True)
    address = models.CharField("地址", max_length=120, blank=True)

    def __str__(self) -> str:
        return self.name


class Area(models.Model):
    """社区/片区: optional level between town and village (seed 001)."""

    name = models.CharField("名称", max_length=60, unique=True)

    def __str__(self) -> str:
        return self.name


class Village(models.Model):
    code = models.CharField("代码", max_length=12, unique=True)
    name = models.CharField("名称", max_length=60, unique=True)
    name_pinyin = models.CharField(max_length=200)
    is_residents_committee = models.BooleanField("居", default=False, help_text="社区居委会")
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT, related_name="villages")
    phone = models.CharField("联系电话", max_length=20, blank=True)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class HouseholdTotal(models.Model):
    """How many households a village has in all, dated: what participation is measured against (seed 001: 80 %)."""

    village = models.ForeignKey(Village, on_delete=models.CASCADE, related_name="totals")
    as_of = models.DateField("截至日期")
    total = models.PositiveIntegerField("总户数")
    source = models.CharField("来源", max_length=120)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["village", "as_of"], name="community_total_once_a_day")]

    def __str__(self) -> str:
        return f"{self.total}户"


class Group(models.Model):
    """村民小组."""

    village = models.ForeignKey(Village, on_delete=models.CASCADE, related_name="groups")
    number = models.PositiveSmallIntegerField("组号")
    name = models.CharField("名称", max_length=40)

    class Meta:
        ordering = ["village", "number"]
        constraints = [models.UniqueConstraint(fields=["village", "number"], name="community_group_number")]

    def __str__(self) -> str:
        return self.name


class Household(models.Model):
    """家庭户. ``number`` is printed on passbook and card; ``card_secret`` makes the code a shop scans."""

    number = models.CharField("户号", max_length=20, unique=True)
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="households")
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="households")
    head = models.ForeignKey(
        "Resident", verbose_name="户主", null=True, on_delete=models.SET_NULL, related_name="headed"
    )
    address = models.CharField("居住地址", max_length=120, blank=True)
    stars = models.PositiveSmallIntegerField("星级", default=0)
    is_party = models.BooleanField("党员家庭", default=False)
    has_local_hukou = models.BooleanField("户在", default=True)
    has_homestead = models.BooleanField("房在", default=True)
    is_lived_in = models.BooleanField("人在", default=True)
    resident_since = models.DateField("居住起始", null=True, blank=True)
    card_secret = models.CharField(max_length=43)
    registered_at = models.DateTimeField("建档时间")

    class Meta:
        ordering = ["number"]
        indexes = [models.Index(fields=["village", "number"])]

    def __str__(self) -> str:
        return self.number


class Resident(models.Model):
    """村民. ID number and phone are sealed; ``*_index`` finds them exactly."""

    name = models.CharField("姓名", max_length=40)
    name_pinyin = models.CharField(max_length=120, db_index=True)
    id_number = SealedTextField("身份证号", blank=True)
    id_number_index = models.CharField(max_length=64, blank=True)
    phone = SealedTextField("手机号", blank=True)
    phone_index = models.CharField(max_length=64, blank=True, db_index=True)
    born_on = models.DateField("出生日期", null=True, blank=True)
    is_female = models.BooleanField("女", default=False)
    is_party_member = models.BooleanField("党员", default=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="resident"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["id_number_index"], condition=~Q(id_number_index=""), name="community_resident_id_number"
            )
        ]

    def __str__(self) -> str:
        return self.name


class HouseholdMember(models.Model):
    """Who belonged to which household when; nobody belongs to two at once (I9)."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="members")
    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="memberships")
    relation = models.CharField("与户主关系", max_length=20)
    from_date = models.DateField("起")
    to_date = models.DateField("止", null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(to_date=None) | Q(to_date__gt=F("from_date")), name="community_member_dates"
            ),
            ExclusionConstraint(
                name="community_member_of_one",
                expressions=[
                    ("resident", RangeOperators.EQUAL),
                    (Period("from_date", "to_date"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return self.relation


class Cell(models.Model):
    """联户组 (十户联组): households of one village that get the points of a deed together."""

    database_rights: ClassVar[str] = "no_delete"

    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="cells")
    name = models.CharField("名称", max_length=40)

    class Meta:
        ordering = ["village", "name"]
        constraints = [models.UniqueConstraint(fields=["village", "name"], name="community_cell_name")]

    def __str__(self) -> str:
        return self.name


class CellMember(models.Model):
    """Which household of the cell's village was in it when; none is in two at once.

    One that was put in by mistake is taken out on the day it came.
    """

    database_rights: ClassVar[str] = "no_delete"

    cell = models.ForeignKey(Cell, on_delete=models.PROTECT, related_name="members")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="cells")
    from_date = models.DateField("起")
    to_date = models.DateField("止", null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(to_date=None) | Q(to_date__gte=F("from_date")), name="community_cell_dates"
            ),
            ExclusionConstraint(
                name="community_cell_of_one",
                expressions=[
                    ("household", RangeOperators.EQUAL),
                    (Period("from_date", "to_date"), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.household_id}户"


class ApplicationState(models.TextChoices):
    PENDING = "pending", "待同意"
    JOINED = "joined", "已加入"
    REFUSED = "refused", "未同意"
    LEFT = "left", "已退出"


class Application(Acted):
    """申请书: a household joins from a date on (seed 002, annex 1). Only joined households are scored."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="applications")
    applicant = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="applications")
    applied_on = models.DateField("申请日期")
    state = models.CharField("状态", max_length=8, choices=ApplicationState, default=ApplicationState.PENDING)
    ground = models.CharField("资格依据", max_length=120, help_text="户籍、三在、常住，或哪次会议同意")
    joined_on = models.DateField("加入日期", null=True, blank=True)
    left_on = models.DateField("退出日期", null=True, blank=True)

    class Meta:
        ordering = ["-applied_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["pending", "refused"], joined_on=None)
                | Q(state="joined", joined_on__isnull=False, left_on=None)
                | Q(state="left", joined_on__isnull=False, left_on__gte=F("joined_on")),
                name="community_application_dates",
            ),
            ExclusionConstraint(
                name="community_joined_once",
                condition=Q(state__in=["joined", "left"]),
                expressions=[
                    ("household", RangeOperators.EQUAL),
                    (Period("joined_on", "left_on"), RangeOperators.OVERLAPS),
                ],
            ),
        ]


class ConsentKind(models.TextChoices):
    PUBLICATION = "publication", "公示姓名"
    PORTRAIT = "portrait", "使用照片"


class Consent(Acted):
    """One person's consent to one use, dated and withdrawable; a guardian gives it for a child under 14."""

    resident = models.ForeignKey(Resident, on_delete=models.PROTECT, related_name="consents")
    kind = models.CharField("用途", max_length=12, choices=ConsentKind)
    given_on = models.DateField("同意日期")
    guardian = models.ForeignKey(Resident, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_on = models.DateField("撤回日期", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "kind"], condition=Q(withdrawn_on=None), name="community_consent_once"
            )
        ]


class RelativeKind(models.TextChoices):
    SPOUSE = "spouse", "配偶"
    PARENT = "parent", "父母"
    CHILD = "child", "子女"
    SIBLING = "sibling", "兄弟姐妹"
    IN_LAW = "in_law", "姻亲"
    OTHER = "other", "其他"


class Relative(models.Model):
    """A relation somebody declared; it counts both ways (I11), from ``recorded_at`` on."""

    resident = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="relatives")
    other = models.ForeignKey(Resident, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField("关系", max_length=8, choices=RelativeKind)
    declared_on = models.DateField("申报日期")
    recorded_at = models.DateTimeField("登记时间", default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["resident", "other"], name="community_relative_once"),
            models.CheckConstraint(condition=~Q(resident=F("other")), name="community_relative_of_other"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class Role(models.TextChoices):
    STEWARD = "steward", "积分管理员"
    COMMITTEE = "committee", "审核委员"
    SUPERVISOR = "supervisor", "监督员"
    GROUP_LEADER = "group_leader", "村民小组组长"
    VOLUNTEER = "volunteer", "积分志愿者"


class VillageRole(models.Model):
    """Who does what in which village, and on which seat of its committee, from when to when."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="village_roles")
    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="roles")
    group = models.ForeignKey(Group, null=True, blank=True, on_delete=models.PROTECT, related_name="roles")
    role = models.CharField("职责", max_length=12, choices=Role)
    seat = models.CharField("席位", max_length=40, blank=True)
    from_date = models.DateField("起")
    to_date = models.DateField("止", null=True, blank=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="community_role_once",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("village", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (Period("from_date", "to_date"), RangeOperators.OVERLAPS),
                ],
            )
        ]

    def __str__(self) -> str:
        return self.get_role_display()


class RosterImport(Acted):
    """One workbook that was read in: what went in, what did not and why (row, column, message; never the value)."""

    village = models.ForeignKey(Village, null=True, blank=True, on_delete=models.PROTECT, related_name="imports")
    name = models.CharField("文件名", max_length=200)
    rows = models.PositiveIntegerField("行数")
    households = models.PositiveIntegerField("新建户数")
    residents = models.PositiveIntegerField("新建人数")
    problems = models.JSONField("问题", default=list)
    bad_rows_file = models.ForeignKey("files.File", null=True, on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField("导入时间")

    class Meta:
        ordering = ["-imported_at"]

    def __str__(self) -> str:
        return self.name

    @property
    def bad_rows(self) -> int:
        """How many rows stayed out."""
        return len({row for row, _, _ in self.problems})


class ChangeKind(models.TextChoices):
    MEMBER_IN = "member_in", "成员迁入"
    MEMBER_OUT = "member_out", "成员迁出"
    HEAD = "head", "变更户主"
    SPLIT = "split", "分户"
    IDENTITY = "identity", "更正身份信息"
    JOIN = "join", "加入积分制"
    LEAVE = "leave", "退出积分制"
    NEW = "new", "新立户"
    MOVED_BACK = "moved_back", "更正归户"


class ChangeState(models.TextChoices):
    ASKED = "asked", "待批准"
    DONE = "done", "已生效"
    REFUSED = "refused", "未同意"
    WITHDRAWN = "withdrawn", "已撤回"


class RosterChange(Acted):
    """名册变更; ``terms`` is JSON (``services.effects``). Under a flow nothing is changed before it is ``done``.

    A new household is none before that; ``number`` is the one it is to have.
    """

    database_rights: ClassVar[str] = "no_delete"

    village = models.ForeignKey(Village, on_delete=models.PROTECT, related_name="+")
    household = models.ForeignKey(Household, null=True, on_delete=models.PROTECT, related_name="changes")
    number = models.CharField("新户的户号", max_length=20, blank=True, default="", db_default="")
    resident = models.ForeignKey(Resident, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("变更", max_length=12, choices=ChangeKind)
    terms = SealedTextField("内容")
    reason = models.CharField("原因", max_length=200, blank=True)
    state = models.CharField("状态", max_length=10, choices=ChangeState, default=ChangeState.ASKED)
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by_name = models.CharField("决定人", max_length=60, blank=True)
    note = models.CharField("意见", max_length=200, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="asked", decided_at=None)
                | Q(state__in=["done", "refused", "withdrawn"], decided_at__isnull=False),
                name="community_change_state",
            ),
            models.UniqueConstraint(
                fields=["household", "kind", "resident"],
                condition=Q(state="asked") & ~Q(kind="member_in", resident=None) & ~Q(kind="new"),
                nulls_distinct=False,
                name="community_change_once",
            ),
            models.UniqueConstraint(
                fields=["number"], condition=Q(state="asked") & ~Q(number=""), name="community_change_number"
            ),
            models.CheckConstraint(
                condition=Q(household__isnull=False) | (Q(kind="new") & ~Q(state="done") & ~Q(number="")),
                name="community_change_of",
            ),
        ]

    @property
    def about(self) -> str:
        """The number of the household, or the one that a new one is to have."""
        return self.household.number if self.household else self.number

    def __str__(self) -> str:
        return f"{self.get_kind_display()}{self.pk}"


class HandOver(Acted):
    """移交: a post changes hands (换届、调动): which posts, which open work, which things, before whom.

    ``posts``: texts. ``work``: ``[label, count]``. ``things``: ``[label, text]`` (seals, passbooks, stock).
    """

    database_rights: ClassVar[str] = "no_delete"

    giver = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="移交人"
    )
    receiver = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="接收人"
    )
    giver_name = models.CharField("移交人姓名", max_length=60)
    receiver_name = models.CharField("接收人姓名", max_length=60)
    witness = models.CharField("监交人", max_length=40)
    on = models.DateField("移交日期")
    posts = models.JSONField("移交的职责")
    work = models.JSONField("移交的在办事项")
    things = models.JSONField("移交的物品")
    note = models.CharField("说明", max_length=300, blank=True)
    handed_at = models.DateTimeField()
    scan = models.ForeignKey(
        "files.File", null=True, on_delete=models.PROTECT, related_name="+", verbose_name="签字扫描件"
    )

    class Meta:
        ordering = ["-handed_at", "-id"]
        constraints = [models.CheckConstraint(condition=~Q(giver=F("receiver")), name="community_hand_over_to_other")]

    def __str__(self) -> str:
        return f"{self.giver_name}→{self.receiver_name}"

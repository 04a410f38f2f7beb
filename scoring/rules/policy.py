"""What a scheme states around its rules: who reviews, what is announced, how points are used (DESIGN §6–§9).

Each section is read by the room it belongs to. A value that the source document does not give is named in the
section's ``examples``.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from scoring.rules.base import Count, Model, NotNegative, Number, Positive, Share, Short, Slug, Stated, Text, Texts

Ranking = Literal["household_positive", "household_negative", "resident_positive", "resident_negative", "household_net"]
Basis = Literal["quarter", "cumulative"]
Place = Literal["village_board", "village_prominent", "town_board", "party_day", "broadcast", "online"]
Channel = Literal["oral", "phone", "sms", "qq", "wechat", "window", "online", "device"]
Day = Annotated[date, Field(strict=False)]
Days = Annotated[int, Field(ge=0, le=60)]


class Seat(Stated):
    """A kind of seat in a committee, and how many sit there."""

    seat: Literal[
        "oversight_committee", "group_volunteer", "village_committees", "group_leader", "chair", "member", "department"
    ]
    name: Short
    least: Count = 1
    required: bool = Field(default=False, description="缺这一席不能开会")


class Body(Stated):
    """A committee or working group (领导小组、审核委员会、审定工作组…)."""

    name: Short
    head: Short | None = None
    deputies: Texts = ()
    members: Texts = ()
    size: Count | None = None
    seats: Annotated[tuple[Seat, ...], Field(strict=False)] = ()
    duty: Text | None = None


class Organisation(Stated):
    town_office: Short = Field(description="镇级办公室在页面上的名称")
    levels: Texts = ("镇", "村")
    villages: Count | None = Field(default=None, description="行政村数")
    leading_group: Body | None = None
    village_body: Short | None = Field(default=None, description="村里的实施主体")
    committee: Body = Field(description="每月审核的组织")
    town_group: Body | None = Field(default=None, description="镇级审定或专项工作组")
    stewards_per_village: Count = 1
    volunteers_per_group: Count | None = None
    supervisors: Count | None = None
    supervisors_duty: Texts = ()
    station: Texts = Field(default=(), description="站点要求（六有）")


class Eligibility(Stated):
    """Who takes part. ``three_in`` is 户在、房在、人在."""

    kind: Literal["local_hukou", "three_in", "permanent_residents"]
    text: Text
    unit: Literal["household"] = "household"
    residents_scored: bool = Field(default=False, description="个人也单独计分，累计入家庭户")
    least_permanent: Count | None = Field(default=None, description="至少几人常住")
    outsiders: Literal["none", "representatives_meeting", "village_committees"] = "none"
    outsiders_months: Count | None = Field(default=None, description="外来户须居住满几个月")
    excluded: Texts = ()
    application: bool = Field(default=True, description="户主提交申请书后才参加")


class Participation(Stated):
    target: Share = Field(description="参与户数占总户数")
    base: Literal["total_households"] = "total_households"
    at_least: bool = True
    full_coverage: Annotated[tuple[Literal["starred", "party_member"], ...], Field(strict=False)] = ()
    text: Text | None = None


class Recording(Stated):
    """一事一记录."""

    channels: Annotated[tuple[Channel, ...], Field(strict=False, min_length=1)]
    must_state: Texts = ("时间", "地点", "事由")
    proof: bool = Field(default=True, description="须提供证明")
    ways: Texts = ()
    inspection: Literal["none", "monthly"] = "none"
    text: Text | None = None


class ReviewPolicy(Stated):
    """一月一审核; what the town then does with the month."""

    every: Literal["month"] = "month"
    after: Literal["filing", "confirmation"]
    filed_with: Short | None = None
    announced_on: Short | None = None
    quorum: Share = Field(description="到会比例")
    majority: Share = Field(description="通过比例")
    corrects: bool = Field(default=True, description="不合规的积分及时调整")
    late: Literal["next_month", "same_sheet_while_open"] = Field(
        default="same_sheet_while_open", description="过了月才登记的：转入下月，或审核表未审定前仍并入"
    )
    posts: Literal["decision", "answer", "notice"] = Field(
        default="answer", description="何时记账：村审定后、镇备案或审定后、镇办理后再公示几天无异议"
    )
    notice_days: Days = Field(default=7, description="记账前公示几天")
    mutual: bool = Field(default=False, description="同一张审核表上互相审定的委员也回避")
    hearing_days: Days = Field(default=3, description="扣分前听取该户说明几天，0为不听取")
    answer_days: Days = Field(default=7, description="委员会几天内答复该户的说明，超过的告诉镇里")
    board_days: Days = Field(default=5, description="公开栏张贴满几天算作告知，0为不算")


class NoticePolicy(Stated):
    """一季度一公示."""

    every: Literal["quarter"] = "quarter"
    days: Count = Field(description="公示天数")
    places: Annotated[tuple[Place, ...], Field(strict=False, min_length=1)]
    town_notice: bool = Field(default=False, description="镇里也公示")
    rankings: Annotated[tuple[Ranking, ...], Field(strict=False, min_length=1)]
    bases: Annotated[tuple[Basis, ...], Field(strict=False, min_length=1)] = ("quarter", "cumulative")
    changes: bool = Field(default=True, description="列出本季变动")
    goods: bool = Field(default=False, description="公示物品兑换情况")
    text: Text | None = None


class ObjectionPolicy(Stated):
    days: Count = Field(description="提出异议的期限（天）")
    investigators: Texts
    text: Text | None = None


class ListRule(Stated):
    """A red or black list: the first ``size`` by a measure."""

    name: Short
    size: Count
    measure: Literal["gross_positive", "gross_negative", "net"]
    order: Literal["highest", "lowest"]
    subject: Literal["household", "resident"] = "household"
    every: Literal["quarter", "year"] = "quarter"
    visibility: Literal["off", "internal", "public"] = "public"


class Lists(Stated):
    red: ListRule | None = None
    black: ListRule | None = None
    ranking: bool = Field(default=False, description="只排名，不设红黑榜")
    reward_share: Share | None = Field(default=None, description="年度排名前多少给予奖励")
    display: Texts = ()


class Honour(Stated):
    """A title and how points matter for it."""

    name: Short
    level: Literal["village", "town", "city"] = "village"
    basis: Literal["main", "important", "reference", "priority"] = "main"
    top_share: Share | None = None
    top_count: Count | None = None
    least_points: NotNegative | None = None


class Honours(Stated):
    titles: Annotated[tuple[Honour, ...], Field(strict=False)]
    barred_below: Number | None = Field(default=None, description="年度积分低于多少取消当年评优资格")
    wall: Text | None = Field(default=None, description="荣誉墙等展示")


class Benefit(Stated):
    """政策支持: an entitlement linked to points."""

    code: Slug
    name: Short
    who: Short
    top_count: Count | None = None
    least_points: Positive | None = None
    least_age: Count | None = None
    text: Text


class Window(Stated):
    """When redemption is open."""

    kind: Literal["fixed_days", "monthly", "quarterly", "yearly_before", "open"]
    text: Text
    least_times: Count | None = None
    before_month: Annotated[int, Field(ge=1, le=12)] | None = None
    first_months: Count | None = Field(default=None, description="仅头几个月适用")
    days: Annotated[tuple[Annotated[int, Field(ge=1, le=31)], ...], Field(strict=False)] = ()


class RedemptionPolicy(Stated):
    windows: Annotated[tuple[Window, ...], Field(strict=False, min_length=1)]
    threshold: Positive | None = Field(default=None, description="积分达到多少才能兑换")
    keeps_merit: bool = Field(default=True, description="兑换后积分不清零但不再有兑换权")
    carriers: Annotated[tuple[Literal["passbook", "card", "code"], ...], Field(strict=False, min_length=1)]
    shops: Count | None = None
    shop_kinds: Texts = ()
    network: Texts = Field(default=(), description="积分兑换联盟的成员类型")
    goods: Texts = ()
    services: Texts = ()
    equipment: Texts = ()
    vouchers: bool = Field(default=True, description="整理归档兑换凭证")
    organised_by: Short | None = None
    reward: Text | None = None
    text: Text | None = None


class Due(Stated):
    """A report upward: each quarter's or month's last day it is due, or one date in the year."""

    code: Slug
    title: Short
    to: Short
    every: Literal["month", "quarter", "year"]
    month: Annotated[int, Field(ge=1, le=12)] | None = None
    day: Annotated[int, Field(ge=1, le=31)] | None = None
    text: Text


class FundSource(Stated):
    code: Slug
    name: Short
    kind: Literal["subsidy", "collective", "donation", "unit"]


class Funds(Stated):
    sources: Annotated[tuple[FundSource, ...], Field(strict=False, min_length=1)]
    payer: Literal["village", "town"] = "village"
    text: Text | None = None


class BasePoints(Stated):
    """基础分: what every household that takes part is given, once a year."""

    per_year: Positive | None = Field(default=None, description="每年年初发给已参加的户")
    at_joining: Positive | None = Field(default=None, description="当年新参加的户在参加时发")


class YearPolicy(Stated):
    crosses: bool = Field(default=False, description="积分是否跨年")
    first_month: Annotated[int, Field(ge=1, le=12)] = 1
    warn_days: Annotated[tuple[Days, ...], Field(strict=False, max_length=6)] = Field(
        default=(30, 7), description="最后兑换日前几天提醒还有可兑换积分的户"
    )
    base: BasePoints | None = Field(default=None, description="基础分")
    text: Text | None = None


class Revision(Stated):
    """How the rulebook itself changes."""

    every: Literal["year", "quarter"] | None = None
    feedback_every: Literal["quarter"] | None = None
    between_by: Literal["representatives_meeting", "villagers_assembly"] | None = None
    adopted_by: Short | None = None
    town_consent: Short | None = Field(default=None, description="须经谁同意后实施")
    text: Text


class Document(Stated):
    title: Short
    body: Text | None = None
    fields: Texts = ()
    columns: Texts = ()
    rows: Count | None = None


class Documents(Stated):
    application: Document | None = None
    registration_card: Document | None = None
    roster: Document | None = None
    passbook: Document | None = None
    issue_ledger: Document | None = None


class Milestone(Stated):
    title: Text
    start: Day | None = None
    end: Day | None = None
    when: Text


class Fact(Model):
    """A figure or date that the source document reports; nothing is computed from it."""

    text: Text
    value: Number | None = None
    unit: Short | None = None


class Background(Stated):
    facts: Annotated[tuple[Fact, ...], Field(strict=False)] = ()
    basis: Texts = Field(default=(), description="上级文件依据")
    milestones: Annotated[tuple[Milestone, ...], Field(strict=False)] = ()


class Policy(Model):
    """All sections; a composed scheme takes each whole from one of its parents or states it itself."""

    organisation: Organisation
    eligibility: Eligibility
    participation: Participation
    recording: Recording
    review: ReviewPolicy
    notice: NoticePolicy
    objection: ObjectionPolicy
    lists: Lists
    honours: Honours
    benefits: Annotated[tuple[Benefit, ...], Field(strict=False)] = ()
    redemption: RedemptionPolicy
    reports: Annotated[tuple[Due, ...], Field(strict=False)] = ()
    funds: Funds
    year: YearPolicy
    revision: Revision
    documents: Documents
    background: Background

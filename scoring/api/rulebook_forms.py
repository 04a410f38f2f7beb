"""What goes into and comes out of drafts, versions and decisions of rulebooks."""

from datetime import date
from functools import cached_property
from typing import Any

from rest_framework import serializers

from jifen.kernel import clock
from jifen.kernel.spreadsheets import MAX_BYTES
from scoring.models import (
    Adaptation,
    DeliberationStep,
    Draft,
    DraftFinding,
    DraftItem,
    DraftTrial,
    DraftUnread,
    Resolution,
    RulebookVersion,
)
from scoring.rules.findings import balances
from scoring.selectors import drafts as seen
from scoring.selectors import endings


class LineOut(serializers.Serializer[Any]):
    """One change in a sentence."""

    code = serializers.CharField(help_text="条目编号，空为整本细则")
    category = serializers.CharField()
    kind = serializers.CharField(help_text="取值：added、removed、off、on、changed、book")
    text = serializers.CharField()


class RulebookVersionOut(serializers.ModelSerializer[RulebookVersion]):
    village = serializers.IntegerField(source="rulebook.village_id", allow_null=True)
    title = serializers.CharField(source="rulebook.title")
    last_day = serializers.SerializerMethodField(
        help_text="最后一天；村里在镇细则上改的，到镇里的细则到期为止；没有期限的为空"
    )

    class Meta:
        model = RulebookVersion
        fields = [
            "id", "village", "title", "number", "state", "effective_from", "effective_to", "last_day", "resolution",
            "note", "town_version", "origin_code", "origin_number", "content_hash", "made_at", "enacted_at",
        ]  # fmt: skip

    def get_last_day(self, row: RulebookVersion) -> date | None:
        return endings.last_day(row, clock.today(), self._runs)

    @cached_property
    def _runs(self) -> list[endings.Run]:
        return endings.town_runs()


class RulebookVersionWhole(RulebookVersionOut):
    """``rulebook`` as the published schema describes it; ``overlay`` and ``bounds`` as they are kept."""

    rulebook = serializers.DictField()

    class Meta(RulebookVersionOut.Meta):
        fields = [*RulebookVersionOut.Meta.fields, "bounds", "overlay", "rulebook"]


class VersionDayIn(serializers.Serializer[Any]):
    effective_from = serializers.DateField(label="生效日期")


class WithdrawIn(serializers.Serializer[Any]):
    reason = serializers.CharField(label="理由", max_length=200)
    day = serializers.DateField(label="从哪天起停止", required=False, allow_null=True, default=None)


class ExtendIn(serializers.Serializer[Any]):
    until = serializers.DateField(label="新的截止日期", help_text="不含当日")
    resolution = serializers.CharField(label="依据", max_length=200)


class RulebookDraftOut(serializers.ModelSerializer[Draft]):
    village = serializers.IntegerField(source="rulebook.village_id", allow_null=True)

    class Meta:
        model = Draft
        fields = [
            "id", "village", "title", "state", "revision", "head_revision", "head", "bounds", "base", "origin_code",
            "origin_number", "is_charter", "note", "opened_at", "changed_at", "changed_by_name",
        ]  # fmt: skip


class DraftItemOut(serializers.ModelSerializer[DraftItem]):
    class Meta:
        model = DraftItem
        fields = ["code", "position", "body", "is_removed", "revision", "changed_at", "changed_by_name"]


class DraftLineOut(serializers.Serializer[Any]):
    """An item as the draft has it: ``town`` items of a village's draft have no row of their own."""

    code = serializers.CharField()
    kind = serializers.CharField(help_text="取值：rule、town、off、amend、add")
    item = DraftItemOut(allow_null=True)
    rule = serializers.SerializerMethodField(help_text="完成后的条目，没填完为空")
    problems = serializers.ListField(child=serializers.CharField())

    def get_rule(self, line: seen.Line) -> dict[str, Any] | None:
        return line.rule.model_dump(mode="json") if line.rule else None


class FindingOut(serializers.ModelSerializer[DraftFinding]):
    class Meta:
        model = DraftFinding
        fields = ["id", "kind", "codes", "text", "mend", "is_blocking", "reason", "signed_at", "signed_by_name"]


class DraftUnreadOut(serializers.ModelSerializer[DraftUnread]):
    class Meta:
        model = DraftUnread
        fields = ["id", "sheet", "cell", "text", "why", "done_at", "done_by_name"]


class TrialOut(serializers.ModelSerializer[DraftTrial]):
    class Meta:
        model = DraftTrial
        fields = ["id", "revision", "summary", "waiver", "made_at", "actor_name"]


class ResolutionOut(serializers.ModelSerializer[Resolution]):
    class Meta:
        model = Resolution
        fields = [
            "id", "revision", "meeting", "held_on", "place", "members", "present", "votes_for", "votes_against",
            "votes_abstained", "is_passed", "text", "minutes", "made_at", "actor_name",
        ]  # fmt: skip


class DeliberationOut(serializers.ModelSerializer[DeliberationStep]):
    class Meta:
        model = DeliberationStep
        fields = ["id", "step", "held_on", "note", "paper", "actor_name"]


class RulebookDraftWhole(RulebookDraftOut):
    """The draft with everything that stands in it and was said of it."""

    lines = DraftLineOut(many=True)
    removed = DraftItemOut(many=True)
    problems = LineOut(many=True)
    findings = FindingOut(many=True)
    unread = DraftUnreadOut(many=True)
    trials = TrialOut(many=True)
    resolutions = ResolutionOut(many=True)
    deliberations = DeliberationOut(many=True)

    class Meta(RulebookDraftOut.Meta):
        fields = [
            *RulebookDraftOut.Meta.fields, "lines", "removed", "problems", "findings", "unread", "trials",
            "resolutions", "deliberations",
        ]  # fmt: skip


class StartIn(serializers.Serializer[Any]):
    start = serializers.CharField(
        label="从哪里开始", max_length=60, default="current",
        help_text="current（现行细则）、empty（空白）、version:以前版本的编号、template:样张编号、district:区里样张版本的编号",
    )  # fmt: skip


class VillageStartIn(StartIn):
    village = serializers.IntegerField(label="村居")


class DraftAddIn(serializers.Serializer[Any]):
    code = serializers.CharField(label="编号", max_length=40, required=False, default="", allow_blank=True)
    body = serializers.DictField(label="条目")


class DraftCodeIn(serializers.Serializer[Any]):
    code = serializers.CharField(label="编号", max_length=40)


class SeenIn(DraftCodeIn):
    revision = serializers.IntegerField(label="看到的修订号", min_value=0)


class SaveIn(SeenIn):
    body = serializers.DictField(label="条目")


class DraftSwitchIn(DraftCodeIn):
    revision = serializers.IntegerField(
        label="看到的修订号", min_value=0, required=False, allow_null=True, default=None
    )
    on = serializers.BooleanField(label="启用")


class MoveIn(DraftCodeIn):
    before = serializers.CharField(label="放在哪条之前", max_length=40, required=False, allow_null=True, default=None)


class SettingsIn(serializers.Serializer[Any]):
    revision = serializers.IntegerField(label="看到的修订号", min_value=0)
    title = serializers.CharField(label="名称", max_length=120, required=False)
    head = serializers.DictField(label="通用约定", required=False)
    bounds = serializers.DictField(label="村里能改什么", required=False)
    is_charter = serializers.BooleanField(label="是否涉及村规民约", required=False)


class SignIn(serializers.Serializer[Any]):
    finding = serializers.IntegerField(label="问题")
    reason = serializers.CharField(label="理由", max_length=300)


class TickIn(serializers.Serializer[Any]):
    unread = serializers.IntegerField(label="没有读懂的一处")
    done = serializers.BooleanField(default=True, label="已补好，或不用补")


class MendIn(serializers.Serializer[Any]):
    finding = serializers.IntegerField(label="问题")
    choice = serializers.ChoiceField(
        label="选哪一种", choices=list(balances.CHOICES.items()), required=False, help_text="建议里有几种改法的才填"
    )


class WaiveIn(serializers.Serializer[Any]):
    revision = serializers.IntegerField(label="修订号", min_value=0)
    reason = serializers.CharField(label="理由", max_length=300)


class SubmitIn(serializers.Serializer[Any]):
    effective_from = serializers.DateField(label="生效日期")
    effective_to = serializers.DateField(
        label="截止日期", required=False, allow_null=True, default=None, help_text="不含当日"
    )
    resolution = serializers.CharField(label="依据", max_length=200, required=False, default="", allow_blank=True)


class ResolveIn(serializers.Serializer[Any]):
    revision = serializers.IntegerField(label="修订号", min_value=0)
    meeting = serializers.CharField(label="会议", max_length=16, help_text="取值：representatives、assembly")
    held_on = serializers.DateField(label="会议日期")
    place = serializers.CharField(label="地点", max_length=80)
    members = serializers.IntegerField(label="应到", min_value=0, max_value=100_000)
    present = serializers.IntegerField(label="实到", min_value=0, max_value=100_000)
    votes_for = serializers.IntegerField(label="赞成", min_value=0, max_value=100_000)
    votes_against = serializers.IntegerField(label="反对", min_value=0, max_value=100_000)
    votes_abstained = serializers.IntegerField(label="弃权", min_value=0, max_value=100_000)
    text = serializers.CharField(label="决议", max_length=600)
    minutes = serializers.IntegerField(label="签字的会议记录", help_text="已上传文件的编号")


class DeliberateIn(serializers.Serializer[Any]):
    step = serializers.CharField(
        label="步骤", max_length=16,
        help_text="取值：party、committees、party_members、representatives、published、implemented",
    )  # fmt: skip
    held_on = serializers.DateField(label="日期")
    note = serializers.CharField(label="说明", max_length=300, required=False, default="", allow_blank=True)
    paper = serializers.IntegerField(label="材料", required=False, allow_null=True, default=None)


class AdaptationOut(serializers.ModelSerializer[Adaptation]):
    village = serializers.IntegerField(source="rulebook.village_id")

    class Meta:
        model = Adaptation
        fields = [
            "id", "village", "town_version", "from_version", "state", "choices", "result", "made_at", "decided_at",
            "decided_by_name",
        ]  # fmt: skip


class RowOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    title = serializers.CharField()
    town = serializers.CharField(help_text="镇里的改动，空为没有")
    own = serializers.CharField(help_text="本村原有的改动，空为没有")
    result = serializers.CharField()


class ConflictOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    title = serializers.CharField()
    why = serializers.CharField(help_text="取值：both、removed、code、bound")
    text = serializers.CharField()
    town = serializers.CharField()
    own = serializers.CharField()
    choices = serializers.ListField(child=serializers.CharField())


class ThreeWayOut(serializers.Serializer[Any]):
    rows = RowOut(many=True)
    conflicts = ConflictOut(many=True)
    open = ConflictOut(many=True)


class AdaptationWhole(AdaptationOut):
    rows = RowOut(many=True)
    conflicts = ConflictOut(many=True)
    open = ConflictOut(many=True)

    class Meta(AdaptationOut.Meta):
        fields = [*AdaptationOut.Meta.fields, "rows", "conflicts", "open"]


class ChoicesIn(serializers.Serializer[Any]):
    choices = serializers.DictField(
        child=serializers.CharField(max_length=8), label="选择", required=False, default=dict,
        help_text="条目编号对应 town 或 own",
    )  # fmt: skip


class OfferOut(serializers.Serializer[Any]):
    start = serializers.CharField(help_text="开修订稿时写在 start 里")
    key = serializers.CharField()
    title = serializers.CharField()
    publisher = serializers.CharField()
    rules = serializers.IntegerField(help_text="条目数")
    number = serializers.IntegerField(allow_null=True, help_text="版本，平台自带的为空")
    note = serializers.CharField()


class NewerOut(serializers.Serializer[Any]):
    """A newer version of the template that the town's rules began with."""

    start = serializers.CharField()
    title = serializers.CharField()
    number = serializers.IntegerField()
    since = serializers.IntegerField(help_text="本镇用的版本")
    note = serializers.CharField()
    lines = LineOut(many=True)


class ImportIn(serializers.Serializer[Any]):
    file = serializers.FileField(label="清单文件", help_text="xlsx、xls 或 CSV，不超过 10 MB")
    whole = serializers.BooleanField(
        label="以文件为准", required=False, default=False, help_text="文件里没有的条目移走（村里：停用镇里的）"
    )
    dry_run = serializers.BooleanField(label="只看读出什么", required=False, default=False)
    signs = serializers.JSONField(
        label="没写加扣的表按哪种读", required=False, default=dict,
        help_text="表名 → positive（都是加分）或 negative（都是扣分）；要问的表见答复里的 unsigned",
    )  # fmt: skip

    def validate_signs(self, told: Any) -> Any:
        if not isinstance(told, dict) or any(one not in ("positive", "negative") for one in told.values()):
            raise serializers.ValidationError("请写成“表名”对“positive”或“negative”。", code="signs_wrong")
        return told

    def validate_file(self, file: Any) -> Any:
        """Refused before it is read into memory."""
        if file.size > MAX_BYTES:
            raise serializers.ValidationError("文件超过 10 MB，请只留需要的表。", code="file_too_large")
        return file


class UnreadOut(serializers.Serializer[Any]):
    sheet = serializers.CharField()
    cell = serializers.CharField(help_text="例如 D7；空的是整张表")
    text = serializers.CharField()
    why = serializers.CharField()


class DoubtOut(serializers.Serializer[Any]):
    sheet = serializers.CharField()
    cell = serializers.CharField()
    code = serializers.CharField()
    text = serializers.CharField()


class UnsignedOut(serializers.Serializer[Any]):
    sheet = serializers.CharField(help_text="表名；CSV 是空的")
    rows = serializers.IntegerField(help_text="几行没有写加分还是扣分")


class KeptOut(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="条目在修订稿里的代码")
    text = serializers.CharField(help_text="表里没有写、照旧的是哪些")


class ImportOut(serializers.Serializer[Any]):
    """What was read, what was not, and what came of it; without ``added`` nothing was written."""

    rules = serializers.ListField(child=serializers.DictField(), help_text="读出的条目")
    problems = UnreadOut(many=True, help_text="没有读的")
    doubts = DoubtOut(many=True, help_text="读了但要核对的")
    kept = KeptOut(many=True, help_text="认作已有的一条、只改分值和写到的那几行")
    unsigned = UnsignedOut(many=True, help_text="没有写加分还是扣分的表：在 signs 里说一次，再送一遍")
    added = serializers.IntegerField(allow_null=True)
    changed = serializers.IntegerField(allow_null=True)
    removed = serializers.IntegerField(allow_null=True)
    refused = serializers.ListField(child=serializers.CharField(), help_text="村里不能改的")


class PolicyOut(serializers.Serializer[Any]):
    """Shares as ``{"numerator": 2, "denominator": 3}``, ``{"percent": 60}`` or ``{"count": 3}``; ``more``: 过半."""

    quorum = serializers.DictField(required=False, help_text="代表会议到会比例")
    majority = serializers.DictField(required=False, help_text="到会代表通过比例")
    assembly_quorum = serializers.DictField(required=False, help_text="村民会议到会比例")
    assembly_majority = serializers.DictField(required=False, help_text="到会村民通过比例")
    consent = serializers.ChoiceField(choices=["filing", "consent"], required=False, help_text="备案或须镇里同意")
    deliberations = serializers.BooleanField(required=False, help_text="须记入四议两公开")
    warn_days = serializers.ListField(child=serializers.IntegerField(), required=False, help_text="到期前几天提醒")
    repeat_days = serializers.IntegerField(required=False, help_text="到期后每隔几天提醒")
    confirm_days = serializers.IntegerField(required=False, help_text="村里未确认，每隔几天提醒")
    revise_month = serializers.IntegerField(required=False, allow_null=True, help_text="每年几月提醒修订，空为不提醒")

"""What goes in and what comes out, apart. Points are decimal texts."""

from collections.abc import Mapping
from typing import Any, cast

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from jifen.web.wording import without_code
from scoring.models import (
    Batch,
    Channel,
    Declaration,
    DeclarationState,
    Entry,
    Filing,
    Hearing,
    Posting,
    ReturnedItem,
    Review,
    ReviewItem,
    Rule,
    Year,
)
from scoring.rules import comparisons
from scoring.selectors import awaited, ended, spec_of
from scoring.selectors.cautions import cautions
from scoring.selectors.own import Ledgered, is_veiled, ledgered
from scoring.services.pricing import RATERS
from scoring.services.telling import WAYS


class RuleOut(serializers.ModelSerializer[Rule]):
    """``spec`` is the whole rule, as the published schema of rulebooks describes it; one that is switched off (停用)
    is listed and takes no deeds."""

    is_active = serializers.SerializerMethodField(help_text="启用中；停用的条目不能登记")
    price = serializers.SerializerMethodField(help_text="分值，如 +2分/次")

    class Meta:
        model = Rule
        fields = [
            "id", "code", "sign", "subject", "category", "matter", "title", "text", "is_example", "is_sensitive",
            "is_active", "price", "spec",
        ]  # fmt: skip

    def get_is_active(self, rule: Rule) -> bool:
        return spec_of(rule).active

    def get_price(self, rule: Rule) -> str:
        return spec_of(rule).price_text


class Explanation(serializers.CharField):
    """How the points came about, in the words of the pages: without the rule's code."""

    def to_representation(self, value: Any) -> str:
        return without_code(value)


class FigureIn(serializers.DecimalField):
    """A number as people write it: 8万, 80,000."""

    def to_internal_value(self, data: Any) -> Any:
        return super().to_internal_value(comparisons.figure(data, "") if isinstance(data, str) else data)


class FactsIn(serializers.Serializer[Any]):
    """What is not known is refused: a figure under a wrong name would otherwise count for nothing."""

    quantity = FigureIn(label="数量", max_digits=12, decimal_places=2, required=False)
    tier = serializers.CharField(label="档次", max_length=40, required=False)
    points = serializers.DecimalField(label="评定分数", max_digits=12, decimal_places=2, required=False)
    inputs = serializers.DictField(label="填写项", required=False)
    scores = serializers.DictField(
        label="检查项得分", required=False, help_text="检查项代码 → 得分（或扣分）",
        child=serializers.DecimalField(max_digits=8, decimal_places=2),
    )  # fmt: skip
    ratings = serializers.DictField(
        label="评分", required=False, help_text="self、neighbour、panel → 各人的分数",
        child=serializers.ListField(child=serializers.DecimalField(max_digits=8, decimal_places=2), max_length=50),
    )  # fmt: skip
    raters = serializers.DictField(
        label="评分的人", required=False, help_text="和评分同一次序，各是谁打的：姓名、户号，或户号和姓名",
        child=serializers.ListField(child=serializers.CharField(max_length=60), max_length=50),
    )  # fmt: skip
    precedent = serializers.CharField(label="比照的条目", max_length=40, required=False)

    def to_internal_value(self, data: Any) -> Any:
        unknown = sorted(map(str, set(data) - set(self.fields))) if isinstance(data, Mapping) else []
        if unknown:
            text = f"不认识“{'、'.join(unknown)}”；可以填的是{'、'.join(self.fields)}。"
            raise serializers.ValidationError(text, code="facts_unknown")
        return super().to_internal_value(data)


class DeedIn(serializers.Serializer[Any]):
    rule = serializers.IntegerField(label="条目")
    resident = serializers.IntegerField(label="个人", required=False, allow_null=True, default=None)
    happened_on = serializers.DateField(label="日期")
    happened_time = serializers.TimeField(label="时间", required=False, allow_null=True, default=None)
    place = serializers.CharField(label="地点", max_length=80)
    reason = serializers.CharField(label="事由", max_length=300)
    facts = FactsIn(label="计分要素", required=False, default=dict)
    evidence = serializers.ListField(
        child=serializers.IntegerField(), label="佐证", required=False, default=list, help_text="已上传文件的编号"
    )


class AmendIn(DeedIn):
    """The rule stays; ``evidence`` comes to what is there, ``text`` says what was mended."""

    rule = None  # type: ignore[assignment]
    text = serializers.CharField(label="说明", max_length=500, required=False, default="", allow_blank=True)


class DeclarationIn(DeedIn):
    household = serializers.CharField(label="户号", max_length=20)
    channel = serializers.ChoiceField(label="渠道", choices=Channel.choices)
    declared_by = serializers.CharField(label="申报方", max_length=12, default="steward")
    declarer = serializers.IntegerField(label="申报人", required=False, allow_null=True, default=None)


class DeclarationsOut(serializers.ListSerializer[Any]):
    """A page of them: the ledger is asked once."""

    def to_representation(self, data: Any) -> list[Any]:
        rows = list(data)
        cast(DeclarationOut, self.child).page = ledgered(rows)
        return super().to_representation(rows)


class DeclarationOut(serializers.ModelSerializer[Declaration]):
    """``points`` and ``redeemable`` are what was declared; ``posted`` is the merit that stands in the ledger for it."""

    page: Mapping[int, Ledgered] | None = None
    household = serializers.CharField(source="household.number")
    rule = serializers.IntegerField(source="rule_id", allow_null=True, help_text="条目的编号，登记时填的就是它")
    rule_code = serializers.CharField(source="rule.code", help_text="条目在细则里的代码")
    explanation = Explanation(help_text="怎么算的")
    evidence = serializers.SerializerMethodField()
    posted = serializers.SerializerMethodField(help_text="已记入台账的评比积分，和申报的不同的以它为准；未记账为空")
    waits_for = serializers.SerializerMethodField(help_text="能恢复扣分的，在等哪些扣分先记账；不等的为空")

    class Meta:
        model = Declaration
        list_serializer_class = DeclarationsOut
        fields = [
            "id", "household", "resident", "rule", "rule_code", "batch", "happened_on", "happened_time", "place",
            "reason", "channel", "declared_by", "facts", "state", "points", "redeemable", "explanation", "undecided",
            "refusal", "recorded_at", "evidence", "posted", "waits_for",
        ]  # fmt: skip

    def get_posted(self, row: Declaration) -> str | None:
        if row.state != DeclarationState.POSTED:
            return None
        found = ledgered([row]) if self.page is None else self.page
        return str(found.get(row.pk, Ledgered()).merit)

    def get_waits_for(self, row: Declaration) -> str:
        return awaited.told(row)

    def get_evidence(self, row: Declaration) -> list[int]:
        return [one.file_id for one in row.evidence.all()]


class RecordedOut(DeclarationOut):
    """A deed just written down, and what to look at again."""

    cautions = serializers.SerializerMethodField(help_text="登记时要留意的事：可能重复、超过上限、已过登记期限")

    class Meta(DeclarationOut.Meta):
        fields = [*DeclarationOut.Meta.fields, "cautions"]

    def get_cautions(self, row: Declaration) -> list[str]:
        return cautions(row)


class EndedOut(serializers.Serializer[Any]):
    """How a declaration that nobody decided came to its end."""

    title = serializers.CharField(help_text="已撤回，或者已终止")
    is_terminated = serializers.BooleanField(help_text="由镇里终止的")
    by = serializers.CharField(help_text="谁终止的；自己撤回的为空")
    reason = serializers.CharField(help_text="理由")
    at = serializers.DateTimeField(help_text="什么时候")


class OwnDeclarationOut(DeclarationOut):
    """A household's own; of a rule marked 不公开事由 only the title, the points and how far it is, as on the page;
    of a deduction never who told of it. Its rule is named to whoever declared it alone.
    """

    ended = serializers.SerializerMethodField(help_text="撤回、终止的：谁、什么时候、为什么；其余为空")

    class Meta(DeclarationOut.Meta):
        fields = [*DeclarationOut.Meta.fields, "ended"]

    @extend_schema_field(EndedOut(allow_null=True))
    def get_ended(self, row: Declaration) -> dict[str, Any] | None:
        found = ended.of(row)
        return dict(EndedOut(found).data) if found else None

    def to_representation(self, row: Declaration) -> dict[str, Any]:
        shown = super().to_representation(row)
        shown["facts"] = {name: value for name, value in row.facts.items() if name != RATERS}
        if row.rule.is_sensitive:
            shown |= {"place": "", "reason": "", "facts": {}, "explanation": "", "undecided": "", "evidence": []}
            shown["waits_for"] = ""
        if is_veiled(row, self.context["request"].user):
            shown |= {"rule": None, "rule_code": "", "resident": None, "refusal": "", "ended": None}
        if row.points < 0:
            shown |= {"channel": "", "declared_by": ""}
        return shown


class BatchRowIn(serializers.Serializer[Any]):
    household = serializers.CharField(label="户号", max_length=20)
    resident = serializers.IntegerField(label="个人", required=False, allow_null=True, default=None)
    rule = serializers.IntegerField(label="条目")
    facts = FactsIn(label="计分要素", required=False, default=dict)


class DeedBatchIn(serializers.Serializer[Any]):
    village = serializers.IntegerField(label="村居")
    kind = serializers.ChoiceField(label="种类", choices=["inspection", "activity"])
    title = serializers.CharField(label="名称", max_length=80)
    happened_on = serializers.DateField(label="日期")
    place = serializers.CharField(label="地点", max_length=80)
    rows = BatchRowIn(many=True, label="名单")


class DeedBatchOut(serializers.ModelSerializer[Batch]):
    declarations = serializers.IntegerField(source="declarations.count")

    class Meta:
        model = Batch
        fields = ["id", "village", "kind", "title", "happened_on", "declarations"]


class VerifyIn(serializers.Serializer[Any]):
    accept = serializers.BooleanField(label="属实")
    reason = serializers.CharField(label="原因", required=False, default="", allow_blank=True, max_length=200)


class ReviewIn(serializers.Serializer[Any]):
    village = serializers.IntegerField(label="村居")
    month = serializers.DateField(label="月份", help_text="这个月的任意一天")


class ReviewOut(serializers.ModelSerializer[Review]):
    village_name = serializers.CharField(source="village.name")

    class Meta:
        model = Review
        fields = ["id", "village", "village_name", "month", "state", "opened_at", "decided_at", "posted_at"]


class ReviewItemOut(serializers.ModelSerializer[ReviewItem]):
    declaration = DeclarationOut()

    class Meta:
        model = ReviewItem
        fields = [
            "id", "review", "declaration", "verdict", "points", "redeemable", "reason", "decided_at", "decided_by_name",
            "entered_by_name",
        ]  # fmt: skip


class VerdictIn(serializers.Serializer[Any]):
    verdict = serializers.CharField(label="决定", max_length=8)
    points = serializers.DecimalField(
        label="认定分值", max_digits=12, decimal_places=2, required=False, allow_null=True, default=None
    )
    reason = serializers.CharField(label="理由", required=False, default="", allow_blank=True, max_length=200)


class CountOut(serializers.Serializer[Any]):
    count = serializers.IntegerField()


class FilingRefusedOut(serializers.Serializer[Any]):
    filing = serializers.IntegerField()
    village = serializers.IntegerField()
    village_name = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField(help_text="为什么没有办")


class ReceivedOut(serializers.Serializer[Any]):
    answered = serializers.IntegerField(help_text="办结的村数")
    passed_on = serializers.IntegerField(help_text="记下了您的意见、转到下一步的村数")
    elsewhere = serializers.IntegerField(help_text="现在不由您办理的村数")
    refused = FilingRefusedOut(many=True, help_text="没有办成的村")


class ReturnedItemOut(serializers.ModelSerializer[ReturnedItem]):
    class Meta:
        model = ReturnedItem
        fields = ["item", "note", "verdict", "points"]


class FilingOut(serializers.ModelSerializer[Filing]):
    returned_items = ReturnedItemOut(many=True)

    class Meta:
        model = Filing
        fields = ["id", "review", "kind", "state", "sent_at", "answered_at", "note", "returned_items"]


class FilingReturnIn(serializers.Serializer[Any]):
    item = serializers.IntegerField(label="审核表条目")
    note = serializers.CharField(label="意见", required=False, default="", allow_blank=True, max_length=200)


class FilingAnswerIn(serializers.Serializer[Any]):
    accept = serializers.BooleanField(label="收存或同意")
    note = serializers.CharField(label="意见", required=False, default="", allow_blank=True, max_length=200)
    items = FilingReturnIn(many=True, label="只退回这些条目", required=False, default=list)


class MonthIn(serializers.Serializer[Any]):
    month = serializers.DateField(label="月份", help_text="这个月的任意一天")


class MonthCellOut(serializers.Serializer[Any]):
    village = serializers.IntegerField(source="village_id")
    village_name = serializers.CharField(source="village")
    review = serializers.IntegerField(source="review_id", allow_null=True)
    state = serializers.CharField()
    sent_at = serializers.DateTimeField(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    late = serializers.BooleanField()
    returns = serializers.IntegerField()
    deeds = serializers.IntegerField()
    adjusted = serializers.IntegerField()
    rejected = serializers.IntegerField()
    plus = serializers.DecimalField(max_digits=14, decimal_places=2)
    minus = serializers.DecimalField(max_digits=14, decimal_places=2)
    recusals = serializers.IntegerField()
    hearings = serializers.IntegerField()
    step = serializers.CharField(help_text="在镇里停在哪一步；按流程办理时才有")
    asked = serializers.CharField(help_text="这一步由谁办")
    is_turn = serializers.BooleanField(help_text="现在轮到您办理")
    tardy = serializers.IntegerField(help_text="迟登的件数：登记得比日历规定的天数晚")


class HearingOut(serializers.ModelSerializer[Hearing]):
    """Who declared the deed is not told."""

    household = serializers.CharField(source="household.number")
    rule = serializers.IntegerField(source="declaration.rule_id", help_text="条目的编号")
    rule_code = serializers.CharField(source="declaration.rule.code", help_text="条目在细则里的代码")
    rule_title = serializers.CharField(source="declaration.rule.title", help_text="条目的名称")
    happened_on = serializers.DateField(source="declaration.happened_on")

    class Meta:
        model = Hearing
        fields = [
            "id", "declaration", "household", "rule", "rule_code", "rule_title", "happened_on", "points", "redeemable",
            "opened_at", "told_at", "told_how", "told_by_name", "until", "statement", "channel", "stated_at", "outcome",
            "decided_points", "reason", "decided_at",
        ]  # fmt: skip


class OwnStatementIn(serializers.Serializer[Any]):
    statement = serializers.CharField(label="说明", max_length=500)


class StatementIn(OwnStatementIn):
    channel = serializers.ChoiceField(label="渠道", choices=Channel.choices)


class InformIn(serializers.Serializer[Any]):
    village = serializers.IntegerField(label="村")
    hearings = serializers.ListField(label="扣分", child=serializers.IntegerField(min_value=1), max_length=1000)
    how = serializers.ChoiceField(label="怎么告知的", choices=[(str(one), one.label) for one in WAYS])
    told_on = serializers.DateField(label="哪天告知的")


class HearingIn(serializers.Serializer[Any]):
    outcome = serializers.ChoiceField(label="答复", choices=["kept", "lowered", "dropped"])
    points = serializers.DecimalField(
        label="认定扣分", max_digits=12, decimal_places=2, required=False, allow_null=True, default=None
    )
    reason = serializers.CharField(label="理由", max_length=200)


class EntryOut(serializers.ModelSerializer[Entry]):
    household = serializers.CharField(source="household.number")
    year = serializers.IntegerField(source="year.number")
    resident = serializers.IntegerField(source="account.resident_id", default=None, allow_null=True)

    class Meta:
        model = Entry
        fields = [
            "id", "posting", "household", "resident", "year", "concerns_year", "month", "measure", "amount", "cause",
            "happened_on", "reverses", "share", "posted_at",
        ]  # fmt: skip


class PostingOut(serializers.ModelSerializer[Posting]):
    entries = EntryOut(many=True)
    explanation = Explanation()

    class Meta:
        model = Posting
        fields = ["id", "cause", "declaration", "reverses", "reversed_at", "explanation", "posted_at", "entries"]


class ReasonIn(serializers.Serializer[Any]):
    reason = serializers.CharField(label="原因", max_length=200)


class PassbookRowOut(serializers.Serializer[Any]):
    posting = serializers.IntegerField(source="posting_id")
    day = serializers.DateField()
    title = serializers.CharField()
    who = serializers.CharField()
    merit = serializers.DecimalField(max_digits=12, decimal_places=2)
    redeemable = serializers.DecimalField(max_digits=12, decimal_places=2)
    explanation = Explanation()
    is_reversed = serializers.BooleanField()


class WeightedOut(serializers.Serializer[Any]):
    total = serializers.DecimalField(max_digits=12, decimal_places=2)
    told = serializers.CharField()


class PassbookOut(serializers.Serializer[Any]):
    year = serializers.IntegerField()
    merit = serializers.DecimalField(max_digits=12, decimal_places=2)
    positive = serializers.DecimalField(max_digits=12, decimal_places=2)
    negative = serializers.DecimalField(max_digits=12, decimal_places=2)
    available = serializers.DecimalField(max_digits=12, decimal_places=2)
    weighted = WeightedOut(allow_null=True)
    rows = PassbookRowOut(many=True)


class YearOut(serializers.ModelSerializer[Year]):
    class Meta:
        model = Year
        fields = ["number", "state", "opened_at", "sealed_at"]

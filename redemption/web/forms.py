"""Forms of the exchange. What they refuse by themselves is only what cannot be read; the rest the services say."""

import re
import uuid
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from jifen.kernel.points import plain
from jifen.web.forms import DateInput, Form, PhotoInput, PointsInput
from redemption.errors import CollectorMissing, SignatureMissing
from redemption.models import Fund, Membership, Offering, OfferingKind
from redemption.network.models import ShopKind
from redemption.windows import Days
from tenants.community.models import Village

WHOLE_TOWN = "全镇"
_WINDOW = re.compile(r"(\d{4}-\d{1,2}-\d{1,2})(?:\s*(?:至|到|~|—|--)\s*(\d{4}-\d{1,2}-\d{1,2}))?")


class CodeForm(Form):
    code = forms.CharField(
        label="积分码",
        max_length=120,
        help_text="扫码会自动填入；也可以输入户号和后面的四位校验码，例如 01032-4821",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "data-scan-target": ""}),
    )


class HoldForm(Form):
    code = forms.CharField(widget=forms.HiddenInput, max_length=120)
    key = forms.CharField(widget=forms.HiddenInput, max_length=80)
    offering = forms.ChoiceField(label="兑换什么", widget=forms.RadioSelect)
    quantity = forms.IntegerField(
        label="数量", initial=1, min_value=1, max_value=99, widget=forms.NumberInput(attrs={"inputmode": "numeric"})
    )
    is_proxy = forms.BooleanField(label="不是本户来取，由别人代领", required=False)
    collected_by = forms.CharField(
        label="代领人姓名", max_length=40, error_messages={"required": CollectorMissing.message}
    )
    signature = forms.FileField(
        label="代领人签名照片", widget=PhotoInput, error_messages={"required": SignatureMissing.message}
    )
    signed_on_paper = forms.BooleanField(label="代领人已在纸上签名，留在店里", required=False)

    PROXY = ("is_proxy", "collected_by", "signature", "signed_on_paper")

    def __init__(self, *args: Any, offerings: Iterable[Offering], **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("key", str(uuid.uuid4()))
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["offering"]
        choices.choices = [(row.pk, offering_label(row)) for row in offerings]

    def full_clean(self) -> None:
        """A proxy's fields are asked of a proxy alone; a signature on paper needs no picture."""
        proxy = not self.is_bound or bool(self["is_proxy"].value())
        self.fields["collected_by"].required = proxy
        self.fields["signature"].required = proxy and not (self.is_bound and self["signed_on_paper"].value())
        super().full_clean()

    @property
    def proxy_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.PROXY]


def offering_label(row: Offering) -> str:
    """``洗衣液 20分/瓶(剩12)``."""
    left = "" if row.stock is None else f"（剩{row.stock}）"
    return f"{row.name} {plain(row.price)}分/{row.unit}{left}"


class SignUpForm(Form):
    name = forms.CharField(label="店名", max_length=80)
    kind = forms.ChoiceField(label="类型", choices=ShopKind.choices)
    address = forms.CharField(label="地址", max_length=120)
    contact = forms.CharField(label="联系人", max_length=40)
    phone = forms.CharField(label="联系电话", max_length=20, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    town = forms.ChoiceField(label="申请加入哪个镇")
    username = forms.CharField(
        label="登录账号", max_length=60, widget=forms.TextInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        label="登录密码", help_text="至少8位", widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, *args: Any, towns: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["town"]
        choice.choices = [("", "请选择"), *towns]


class ApplyForm(Form):
    town = forms.ChoiceField(label="再申请一个镇")

    def __init__(self, *args: Any, towns: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["town"]
        choice.choices = [("", "请选择"), *towns]


class VillageForm(Form):
    """A form with a village; the whole town may be chosen only by those who hold the whole town."""

    village = forms.ModelChoiceField(label="村", queryset=Village.objects.all(), required=False, empty_label=WHOLE_TOWN)

    def __init__(self, *args: Any, villages: set[int] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if villages is not None:
            choice: Any = self.fields["village"]
            choice.queryset = Village.objects.filter(pk__in=villages)
            choice.required, choice.empty_label = True, None


class AcceptForm(VillageForm):
    agreement = forms.CharField(label="协议编号", max_length=60)
    yuan_per_point = forms.DecimalField(
        label="每分结算金额（元）",
        initial=Decimal("1.00"),
        min_value=Decimal("0.01"),
        decimal_places=2,
        widget=PointsInput,
    )
    village = forms.ModelChoiceField(
        label="服务范围", queryset=Village.objects.all(), required=False, empty_label="全镇农户"
    )
    run_by = forms.CharField(
        label="经营者的户号",
        max_length=20,
        required=False,
        help_text="经营者是本镇农户的填写；这一户和亲属不参与决定这家店的事",
    )

    field_order = ("agreement", "yuan_per_point", "village", "run_by")

    def __init__(self, *args: Any, has_flow: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if has_flow:
            self.fields["agreement"].required = False
            self.fields["agreement"].help_text = "还没签协议的可以先不填，最后一步同意以前要补上"


class AgreementForm(Form):
    agreement = forms.CharField(label="协议编号", max_length=60)


class ExceptionForm(Form):
    """``kinds``: those that may be asked for here."""

    offering = forms.ChoiceField(label="兑换什么")
    quantity = forms.IntegerField(
        label="数量", initial=1, min_value=1, max_value=99, widget=forms.NumberInput(attrs={"inputmode": "numeric"})
    )
    kind = forms.ChoiceField(label="哪一种特例", widget=forms.RadioSelect)
    reason = forms.CharField(label="理由", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))
    use_by = forms.DateField(label="最迟哪天兑换", widget=DateInput)

    def __init__(self, *args: Any, offerings: Iterable[tuple[int, str]], kinds: Iterable[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["offering"]
        choice.choices = [("", "请选择"), *offerings]
        kind: Any = self.fields["kind"]
        kind.choices = [(one.value, one.label) for one in kinds]


class ExceptionAmendForm(ExceptionForm):
    """What was sent back: of the same household, offering and kind."""

    text = forms.CharField(label="改了什么", max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, offerings=(), kinds=(), **kwargs)
        del self.fields["offering"], self.fields["kind"]


class ShopExceptionForm(ExceptionForm):
    code = forms.CharField(widget=forms.HiddenInput, max_length=120)


class VillageExceptionForm(ExceptionForm):
    household = forms.CharField(label="户号", max_length=20)

    field_order = ("household", "offering", "quantity", "kind", "reason", "use_by")


class AnswerForm(Form):
    note = forms.CharField(label="意见", max_length=200, required=False, help_text="不同意的要写明原因")


class ExcusedForm(Form):
    """Redeeming by an approved exception: its household's code (unless that is what is excused), and who fetches it."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=80)
    code = forms.CharField(
        label="积分码",
        max_length=120,
        help_text="户号和后面的四位校验码，例如 01032-4821",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    is_proxy = forms.BooleanField(label="不是本户来取，由别人代领", required=False)
    collected_by = forms.CharField(label="代领人姓名", required=False, max_length=40)
    signature = forms.FileField(label="代领人签名照片", required=False, widget=PhotoInput)
    signed_on_paper = forms.BooleanField(label="代领人已在纸上签名，留在店里", required=False)

    def __init__(self, *args: Any, needs_code: bool, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("key", str(uuid.uuid4()))
        super().__init__(*args, **kwargs)
        if not needs_code:
            del self.fields["code"]

    @property
    def proxy_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in HoldForm.PROXY]


class ReasonForm(Form):
    reason = forms.CharField(label="原因", max_length=200)


class OfferingForm(Form):
    membership = forms.ModelChoiceField(label="兑换点", queryset=Membership.objects.none(), empty_label="请选择")
    name = forms.CharField(label="名称", max_length=60)
    kind = forms.ChoiceField(label="类型", choices=OfferingKind.choices)
    unit = forms.CharField(label="单位", max_length=10, help_text="例如 瓶、袋、次")
    price = forms.DecimalField(label="分值", widget=PointsInput, decimal_places=2, max_digits=12)
    stock = forms.IntegerField(label="库存", required=False, min_value=0, help_text="不计库存的留空")

    def __init__(self, *args: Any, shops: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["membership"]
        choice.queryset = shops


class OfferingChangeForm(Form):
    price = forms.DecimalField(label="分值", widget=PointsInput, decimal_places=2, max_digits=12)
    stock = forms.IntegerField(label="库存", required=False, min_value=0, help_text="不计库存的留空")
    is_active = forms.BooleanField(label="上架", required=False)


class PlanForm(VillageForm):
    title = forms.CharField(label="方案名称", max_length=80)
    resolution = forms.CharField(label="依据", max_length=200, help_text="例如 2025年2月20日村民代表会议决议")
    effective_from = forms.DateField(label="生效日期", widget=DateInput)
    threshold = forms.DecimalField(
        label="起兑分值", required=False, min_value=0, widget=PointsInput, help_text="不填则按镇的实施方案"
    )
    windows = forms.CharField(
        label="兑换日期",
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="一行一段，例如 2025-03-25 至 2025-03-31；只有一天的写一个日期",
    )

    field_order = ("village", "title", "resolution", "effective_from", "threshold", "windows")

    def clean_windows(self) -> list[Days]:
        """Raises:
        ValidationError: naming the line that is no date.
        """
        return [_days(line) for line in self.cleaned_data["windows"].splitlines() if line.strip()]


def _days(line: str) -> Days:
    found = _WINDOW.fullmatch(line.strip())
    try:
        if found is None:
            raise ValueError
        opens = _day(found[1])
        return opens, _day(found[2]) if found[2] else opens
    except ValueError:
        raise ValidationError(
            f"“{line.strip()}”看不懂，请写成 2025-03-25 至 2025-03-31。", code="windows_wrong"
        ) from None


def _day(text: str) -> date:
    year, month, day = (int(part) for part in text.split("-"))
    return date(year, month, day)


class FundForm(VillageForm):
    kind = forms.ChoiceField(label="来源", choices=Fund._meta.get_field("kind").choices or [])
    name = forms.CharField(label="名称", max_length=80)
    budget = forms.DecimalField(label="预算（元）", min_value=0, decimal_places=2, max_digits=12, widget=PointsInput)

    field_order = ("village", "kind", "name", "budget")


class PeriodForm(Form):
    from_date = forms.DateField(label="从", widget=DateInput)
    to_date = forms.DateField(label="到（含）", widget=DateInput)


class PayForm(Form):
    note = forms.CharField(label="付款凭据", max_length=120, help_text="转账流水号或收据编号")

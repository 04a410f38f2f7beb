"""What the provider fills in to open a town, and the town to close a year."""

from typing import Any

from django import forms

from jifen.flows import open_town
from jifen.web.forms import DateInput, Form
from scoring.rules import library
from tenants import selectors
from tenants.models import District


class DistrictField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Always wanted: what stands in for no choice is a choice, too, and the name is then asked for below."""

    def clean(self, value: Any) -> Any:
        return super().clean(value) if value else None


class OpenTownForm(Form):
    district = DistrictField(label="区县", queryset=District.objects.none(), empty_label="不在列表里，在下面填写名称")
    district_name = forms.CharField(
        label="新的区县名称", max_length=60, required=False, help_text="区县不在列表里时填写，代码取自行政区划代码前6位"
    )
    name = forms.CharField(label="乡镇名称", max_length=60, help_text="例如：树人镇")
    code = forms.CharField(
        label="行政区划代码", max_length=9, help_text="9位数字", widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    scheme_code = forms.ChoiceField(
        label="实施方案", help_text="镇里的细则、流程和各项约定从它开始，开通后都可以在镇里的页面上改"
    )
    host = forms.CharField(
        label="网址前缀",
        max_length=30,
        help_text="小写字母或数字，例如 shuren",
        widget=forms.TextInput({"autocapitalize": "none"}),
    )
    admin_name = forms.CharField(label="镇管理员姓名", max_length=60)
    phone = forms.CharField(
        label="主管办公室联系电话", max_length=20, required=False, widget=forms.TextInput({"inputmode": "tel"}),
        help_text="印在公示海报和异议回执上，例如 023-12345678；可以以后在镇里补填",
    )  # fmt: skip
    villages = forms.CharField(
        label="村（居）名单",
        required=False,
        widget=forms.Textarea({"rows": 6}),
        help_text="一行一个，名称后空一格可以写村里的联系电话；可以以后再添",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        schemes = [(code, open_town.scheme_title(code)) for code in library.available()]
        self.fields["district"].queryset = selectors.districts()  # type: ignore[attr-defined]
        self.fields["scheme_code"].choices = schemes  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if not values.get("district") and not values.get("district_name"):
            self.add_error("district", "请选择区县，或在下面填写新的区县名称。")
        for fault in open_town.faults(**self._asked(values)):
            if fault.field not in self.errors:
                self.add_error_from(fault)
        return values

    @staticmethod
    def _asked(values: dict[str, Any]) -> dict[str, Any]:
        """What was filled in; what was not is empty, and said at its field already."""
        asked = {name: values.get(name, "") for name in ("name", "code", "scheme_code", "host", "admin_name", "phone")}
        district = values.get("district") or open_town.district_of(asked["code"])
        return asked | {"district": district, "villages": values.get("villages", "").splitlines()}


class CloseDayForm(Form):
    day = forms.DateField(label="封账日", widget=DateInput(), help_text="全年的公示、异议和最后一次兑换都结束以后")


class ReopenForm(Form):
    reason = forms.CharField(
        label="重开理由", max_length=300, widget=forms.Textarea({"rows": 2}), help_text="写明哪里错了、要改什么"
    )

"""A template as somebody of the district publishes it."""

from typing import Any

from django import forms

from jifen.kernel import spreadsheets
from jifen.web.forms import Form
from scoring.library import reading, selectors, services
from tenants.models import District

LARGEST = 500_000
"""Bytes of a file."""
TOO_LARGE = "文件超过500KB，请核对是不是选错了文件。"
WORKBOOK_TOO_LARGE = "文件超过10MB，请只留需要的表。"
NO_TEXT = "文件不是 Excel，也不是 UTF-8 编码的文字，请另存后再选。"
NO_FILE = "请选一个文件。"


class PublishForm(Form):
    """``refusal``: what the checks found in the file, told above the form."""

    refusal: services.TemplateFaulty | None = None

    district = forms.ModelChoiceField(label="区县", queryset=District.objects.none(), empty_label=None)
    title = forms.CharField(label="名称", max_length=120, help_text="例如：全区统一样张（2026年）")
    code = forms.CharField(label="编号", max_length=40, help_text="小写字母、数字和短横线；同一编号再发布就是新的一版")
    note = forms.CharField(label="修订说明", max_length=300, required=False, widget=forms.Textarea({"rows": 2}))
    reason = forms.CharField(
        label="签署理由", max_length=300, required=False, widget=forms.Textarea({"rows": 2}),
        help_text="只有检查要求写明理由的条目（例如涉及法律保障的权利）才要填，至少5个字",
    )  # fmt: skip
    content = forms.FileField(
        label="样张文件（Excel 或 YAML）", required=False,
        widget=forms.FileInput({"accept": ".xlsx,.xls,.csv,.yaml,.yml,text/yaml"}),
        help_text="Excel 清单（先看读出了哪些再发布）；或 YAML：一份完整的方案，或只有积分细则（rulebook）的文件",
    )  # fmt: skip
    read = forms.CharField(required=False, strip=False, max_length=LARGEST, widget=forms.HiddenInput())

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["district"].queryset = selectors.districts_for(user)  # type: ignore[attr-defined]

    def clean_content(self) -> str | tuple[bytes, str]:
        """A file's text, or the bytes and name of a workbook; empty without a file."""
        file = self.cleaned_data["content"]
        if file is None:
            return ""
        if file.size > spreadsheets.MAX_BYTES:
            raise forms.ValidationError(WORKBOOK_TOO_LARGE)
        body = file.read()
        if reading.is_workbook(body, file.name):
            return body, file.name
        if file.size > LARGEST:
            raise forms.ValidationError(TOO_LARGE)
        try:
            return str(body.decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise forms.ValidationError(NO_TEXT) from None

    def clean(self) -> dict[str, Any] | None:
        """What was read of a workbook counts until another file is chosen."""
        told = super().clean()
        if told is not None and "content" in told and not told["content"]:
            told["content"] = told["read"].replace("\r\n", "\n") if told.get("read") else ""
            if not told["content"]:
                self.add_error("content", NO_FILE)
        return told

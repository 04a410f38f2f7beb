"""Forms that speak Chinese, render with our field component and take errors from services."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import DjangoTemplates

from jifen.kernel.errors import JifenError

_DEFAULTS: tuple[tuple[type[forms.Field], dict[str, str]], ...] = (
    (
        forms.FileField,
        {
            "required": "请上传“{label}”。",
            "invalid": "“{label}”没有传上来，请重新选择文件。",
            "missing": "“{label}”没有传上来，请重新选择文件。",
            "empty": "“{label}”选的文件是空的，请重新选择。",
            "max_length": "“{label}”的文件名太长，请改短后再选。",
        },
    ),
    (forms.DateTimeField, {"invalid": "“{label}”要写成日期和时间，例如 2025-03-05 14:30。"}),
    (forms.DateField, {"invalid": "“{label}”要写成日期，例如 2025-03-05。"}),
    (forms.TimeField, {"invalid": "“{label}”要写成时间，例如 14:30。"}),
    (
        forms.DecimalField,
        {
            "invalid": "“{label}”要填数字，例如 3 或 3.5。",
            "max_decimal_places": "“{label}”最多填%(max)s位小数。",
            "max_digits": "“{label}”的数太大了，最多%(max)s位。",
            "max_whole_digits": "“{label}”的数太大了，小数点前最多%(max)s位。",
        },
    ),
    (forms.IntegerField, {"invalid": "“{label}”要填整数，例如 12。"}),
    (forms.MultipleChoiceField, {"invalid_list": "“{label}”没有传上来，请重新选择。"}),
    (forms.ModelMultipleChoiceField, {"invalid_list": "“{label}”没有传上来，请重新选择。"}),
    (
        forms.ModelChoiceField,
        {"required": "请选择“{label}”。", "invalid_choice": "“{label}”里没有这一项，请重新选择。"},
    ),
    (forms.ChoiceField, {"required": "请选择“{label}”。", "invalid_choice": "“{label}”里没有这一项，请重新选择。"}),
    (forms.BooleanField, {"required": "请勾选“{label}”后再提交。"}),
    (forms.EmailField, {"invalid": "“{label}”不像邮箱地址，请检查。"}),
    (forms.URLField, {"invalid": "“{label}”不像网址，例如 https://www.example.cn。"}),
    (
        forms.Field,
        {
            "required": "请填写“{label}”。",
            "min_value": "“{label}”要填不小于%(limit_value)s的数。",
            "max_value": "“{label}”要填不大于%(limit_value)s的数。",
            "min_length": "“{label}”至少写%(limit_value)s个字。",
            "max_length": "“{label}”最多写%(limit_value)s个字，现在有%(show_value)s个字，请删短。",
            "null_characters_not_allowed": "“{label}”里有不能保存的字符，请删去后重填。",
        },
    ),
)


class JifenRenderer(DjangoTemplates):
    form_template_name = "web/forms/form.html"
    field_template_name = "web/forms/field.html"


class JifenForm(forms.BaseForm):
    """Stands before ``forms.Form`` or ``forms.ModelForm`` in a form's bases."""

    default_renderer = JifenRenderer

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            _suit_phones(field.widget)

    def full_clean(self) -> None:
        """Labels and bounds are final only now: a form's own ``__init__`` may have set them."""
        for name, field in self.fields.items():
            _speak_chinese(field, str(field.label or name))
        super().full_clean()

    def add_error_from(self, error: JifenError) -> None:
        """A service's refusal, at the field it names, else above the form."""
        field = error.field if error.field in self.fields else None
        self.add_error(field, ValidationError(error.message, code=error.code))


class Form(JifenForm, forms.Form):
    """Base of the forms of all rooms."""


class DateInput(forms.DateInput):
    """The phone's own date picker."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class PointsInput(forms.NumberInput):
    """Brings up the number keys; step 0.01 as points are stored."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", "step": "0.01", **(attrs or {})})


class PhotoInput(forms.ClearableFileInput):
    """Pictures from the camera or the album, shown before they are sent."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"accept": "image/jpeg,image/png,image/webp,image/heic", **(attrs or {})})


def _speak_chinese(field: forms.Field, label: str) -> None:
    for code, text in _bounds(field, label).items():
        _replace(field, code, text)
    for kind, messages in _DEFAULTS:
        if isinstance(field, kind):
            for code, text in messages.items():
                _replace(field, code, text.format(label=label))


def _bounds(field: forms.Field, label: str) -> dict[str, str]:
    """A number with both bounds is asked for by both."""
    least, most = getattr(field, "min_value", None), getattr(field, "max_value", None)
    if least is None or most is None:
        return {}
    text = f"“{label}”要填{least}到{most}之间的数。"
    return {"min_value": text, "max_value": text}


def _suit_phones(widget: forms.Widget) -> None:
    """Django's plain date and number inputs bring up the phone's date picker and number keys."""
    if type(widget) is forms.DateInput:
        widget.input_type, widget.format = "date", "%Y-%m-%d"
    if isinstance(widget, forms.NumberInput):
        widget.attrs.setdefault("inputmode", "decimal")


def _replace(field: forms.Field, code: str, text: str) -> None:
    """Only Django's own wording gives way, not what a form's author wrote; the most specific kind comes first."""
    kinds = (vars(kind).get("default_error_messages", {}) for kind in type(field).__mro__)
    stock = next((messages[code] for messages in kinds if code in messages), None)
    if field.error_messages.get(code) is stock:
        field.error_messages[code] = text

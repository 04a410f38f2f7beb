"""What a declaration of a rule has to say: typed fields, and conditions over them."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from jifen.kernel import cel
from scoring.rules.base import Model, Number, Short, Text, refused

FieldName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Value = Decimal | str | bool | date | tuple[date, date] | tuple[str, ...] | None

NUMBERS = frozenset({"number", "count", "money"})
PEOPLE = frozenset({"person", "household"})
_CEL_KINDS: dict[str, cel.Kind] = {
    "number": "number",
    "count": "number",
    "money": "number",
    "photo": "number",
    "date": "date",
    "yes_no": "yes_no",
}

DEED_FIELDS: dict[str, cel.Kind] = {"deed_date": "date", "quantity": "number"}
"""Names every condition may use besides the rule's own inputs."""

DEED_LABELS = {"deed_date": "行为日期", "quantity": "数量"}


class Input(Model):
    """A typed field the declaration asks for. Money is in yuan with two places.

    In conditions a date range ``stay`` is ``stay_start``, ``stay_end`` and ``stay_days`` (both ends counted); a photo
    field is the number of photos.
    """

    name: FieldName
    label: Short
    kind: Literal[
        "number", "count", "money", "date", "date_range", "choice", "yes_no", "text", "person", "household", "photo"
    ]
    required: bool = True
    choices: Annotated[tuple[Short, ...], Field(strict=False)] = ()
    unit: Short | None = None
    least: Number | None = None
    most: Number | None = None
    help: Text | None = None

    @model_validator(mode="after")
    def _choices_fit(self) -> Self:
        if (self.kind == "choice") != bool(self.choices):
            raise refused("input", "几选一（choice）的填写项要写选项（choices），别的种类不写")
        return self

    @property
    def cel_kind(self) -> cel.Kind:
        return _CEL_KINDS.get(self.kind, "text")

    def cel_fields(self) -> dict[str, cel.Kind]:
        """The names a condition sees for this field."""
        if self.kind == "date_range":
            return {f"{self.name}_start": "date", f"{self.name}_end": "date", f"{self.name}_days": "number"}
        return {self.name: self.cel_kind}

    def cel_labels(self) -> dict[str, str]:
        """What people call those names."""
        if self.kind == "date_range":
            parts = {"start": "开始日", "end": "结束日", "days": "天数"}
            return {f"{self.name}_{part}": f"{self.label}的{word}" for part, word in parts.items()}
        return {self.name: self.label}


class Condition(Model):
    """A CEL condition over the inputs; ``message`` says in Chinese what is required."""

    when: Annotated[str, Field(min_length=1, max_length=cel.MAX_LENGTH)]
    message: Text

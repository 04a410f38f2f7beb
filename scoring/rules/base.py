"""The ground the rule models stand on: strict, frozen models, exact decimals, and figures marked as examples."""

import re
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError

EXAMPLE_LABEL = "示例分值，非原文"
"""What people read beside a value that the source document does not give."""

LARGEST_POINTS = Decimal(1_000_000)


def refused(code: str, message: str) -> PydanticCustomError:
    """A validation error with a Chinese ``message``."""
    return PydanticCustomError(f"jifen_{code}", "{message}", {"message": message})


_WRITTEN = re.compile(r"[+-]?\d+(?:\.\d*)?|[+-]?\.\d+")
"""As people write a number: 2, 2.5; not 1e3."""


def exact(value: object) -> Decimal:
    """``value`` as a finite Decimal of at most two places; floats are refused, they are not exact."""
    return _written(value, 2, "两")


FRACTION = re.compile(r"(\d{1,2})\s*[/／]\s*(\d{1,2})")
"""A part as people write it: 1/3."""
_FINEST = 6


def part(value: object) -> Decimal:
    """A part of a whole: at most six places, or a fraction (1/3), exact as far as :func:`settled` looks."""
    if isinstance(value, str) and value.strip().endswith("%"):
        raise refused("number", f"“{value}”不对，要写大于0、不超过100的百分数，最多四位小数；三分之一写1/3")
    found = FRACTION.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        return _written(value, _FINEST, "六")
    above, below = map(int, found.groups())
    if not below:
        raise refused("number", f"“{value}”不是分数，分母不能是0")
    return Decimal(above) / Decimal(below)


def part_text(share: Decimal) -> str:
    """As :func:`part` reads it: ``0.7``, or ``1/3`` where the decimals do not end."""
    exponent = share.as_tuple().exponent
    if not isinstance(exponent, int) or exponent >= -_FINEST:
        return plain(share)
    return str(Fraction(share).limit_denominator(99))


def share_text(share: Decimal) -> str:
    """In a sentence: ``70%``, ``1/3``."""
    text = part_text(share)
    return text if "/" in text else f"{plain(share * 100)}%"


def _written(value: object, places: int, said: str) -> Decimal:
    if isinstance(value, bool | float) or not isinstance(value, Decimal | int | str):
        raise refused("number", "应当是数字，小数请加引号或直接写，例如 2.5")
    try:
        number = Decimal(value if not isinstance(value, str) or _WRITTEN.fullmatch(value.strip()) else "?")
    except InvalidOperation:
        raise refused("number", f"“{value}”不是数字，要写数字，例如 2 或 2.5") from None
    if not number.is_finite() or abs(number) > LARGEST_POINTS:
        raise refused("number", f"“{value}”太大，最多{plain(LARGEST_POINTS)}")
    if number.scaleb(places) % 1:
        raise refused("number", f"“{value}”多于{said}位小数，最多写{said}位")
    return number


_PLACES = 20
_NOISE = Decimal(1).scaleb(-_PLACES)


def settled(number: Decimal) -> Decimal:
    """Without the last digits of a division that did not come out: three times a third is 1, not 0.99…9."""
    exponent = number.as_tuple().exponent
    return number.quantize(_NOISE) if isinstance(exponent, int) and exponent < -_PLACES else number


def plain(number: Decimal) -> str:
    """As a person writes it: ``46``, ``3.2``, ``-5``."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


def _text_if_number(value: object) -> object:
    """Seed codes such as 000 are text even where a file forgets the quotes."""
    return f"{value:03d}" if isinstance(value, int) and not isinstance(value, bool) else value


Number = Annotated[
    Decimal,
    BeforeValidator(exact),
    Field(strict=False),
    PlainSerializer(plain, return_type=str),
    WithJsonSchema(
        {"anyOf": [{"type": "number", "multipleOf": 0.01}, {"type": "string", "pattern": r"^-?\d+(\.\d{1,2})?$"}]}
    ),
]
Positive = Annotated[Number, Field(gt=0)]
NotNegative = Annotated[Number, Field(ge=0)]
Share = Annotated[
    Decimal,
    BeforeValidator(part),
    Field(strict=False, gt=0, le=1),
    PlainSerializer(part_text, return_type=str),
    WithJsonSchema(
        {"anyOf": [
            {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
            {"type": "string", "pattern": r"^(\d(\.\d{1,6})?|\d{1,2}/\d{1,2})$"},
        ]}
    ),
]  # fmt: skip
"""A part of a whole: ``0.7``, ``0.333``, ``1/3``."""
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=600)]
Short = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
SLUG = r"^[a-z][a-z0-9]*([-_][a-z0-9]+)*$"
Slug = Annotated[str, StringConstraints(pattern=SLUG, max_length=40)]
SeedCode = Annotated[str, BeforeValidator(_text_if_number), StringConstraints(pattern=r"^\d{3}$")]
Texts = Annotated[tuple[Text, ...], Field(strict=False)]
Count = Annotated[int, Field(ge=1, le=100_000)]


class Model(BaseModel):
    """Strict (no silent conversion), frozen, and closed to unknown keys."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")


class Stated(Model):
    """A part whose values come from a source document, apart from those named in ``examples``.

    A file marks such a value where it stands, ``days: {value: 7, example: true}``; it is kept as plain ``days`` and
    its name is added to ``examples``.
    """

    examples: Annotated[tuple[str, ...], Field(strict=False, description="示例值（非原文）的字段名")] = ()
    note: Text | None = Field(default=None, description="说明")

    @model_validator(mode="before")
    @classmethod
    def _unwrap_examples(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        marked = [name for name, value in data.items() if _is_marked(value)]
        plain_values = {name: value["value"] if _is_marked(value) else value for name, value in data.items()}
        if marked:
            plain_values["examples"] = [*(data.get("examples") or ()), *marked]
        return plain_values

    @model_validator(mode="after")
    def _examples_exist(self) -> Self:
        unknown = [name for name in self.examples if name not in type(self).model_fields]
        if unknown:
            raise refused("example", f"examples 里的 {'、'.join(unknown)} 不是本段的字段")
        return self

    def is_example(self, name: str) -> bool:
        """Whether the value of field ``name`` is an example that the source document does not give."""
        return name in self.examples

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        schema = handler.resolve_ref_schema(handler(core))
        for name, field in schema.get("properties", {}).items():
            if name not in ("examples", "note"):
                schema["properties"][name] = {"anyOf": [field, _marked_schema(field)]}
        return schema


def _is_marked(value: object) -> bool:
    return isinstance(value, dict) and set(value) == {"value", "example"} and value["example"] is True


def _marked_schema(field: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "description": EXAMPLE_LABEL,
        "properties": {"value": {k: v for k, v in field.items() if k != "default"}, "example": {"const": True}},
        "required": ["value", "example"],
        "additionalProperties": False,
    }

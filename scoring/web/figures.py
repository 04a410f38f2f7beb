"""The fields that a rule asks for: its figures and its own inputs, and the facts that come of them."""

import re
from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any

from django import forms

from jifen.kernel.points import plain
from jifen.web.forms import PointsInput
from scoring.rules import asking, comparisons
from scoring.rules.spec import Input, PerUnit, Range, Rating, RuleSpec, ScoreCard, Tiers
from scoring.rules.spec_sources import RATER_NAMES

INPUT, SCORE, RATING = "input_", "score_", "rating_"
SINGLE = ("quantity", "tier", "points", "precedent")
_MARK = re.compile(r"(.*?)[\s:：]*([-－−]?\d+(?:\.\d+)?)\s*分?")
"""Who gave it, and the mark: 张三 8分, 0012 张三 8."""
_EXAMPLES = {"self": "张三 8", "neighbour": "李四 8、王五 9", "panel": "李四 8、王五 9"}
_ENDS = (("_start", "起"), ("_end", "止"))


class FigureInput(forms.TextInput):
    """Brings up the number keys, and takes 8万 too, which a number field of a browser does not."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal", **(attrs or {})})


class FigureField(forms.DecimalField):
    """A number as people write it: 8万, 8万元, 80,000; ``unit`` is what it counts."""

    widget = FigureInput

    def __init__(self, *, unit: str = "", **kwargs: Any) -> None:
        self.unit = unit
        super().__init__(decimal_places=2, max_digits=12, **kwargs)

    def to_python(self, value: Any) -> Any:
        return super().to_python(comparisons.figure(value, self.unit) if isinstance(value, str) else value)


def fields(spec: RuleSpec, precedents: list[tuple[str, str]]) -> dict[str, forms.Field]:
    """Everything the rule asks for, by field name; ``precedents``: rules that a catch-all may be likened to."""
    asked = asking.figures(spec)
    found = {name: make(spec) for name, make in _SINGLE.items() if name in asked}
    if "precedent" in asked:
        found["precedent"] = forms.ChoiceField(label="比照哪一条", choices=[("", "请选择"), *precedents])
    if isinstance(spec.amount, ScoreCard):
        found |= dict(_card(spec.amount))
    if spec.rating:
        found |= dict(_ratings(spec.rating))
    for item in spec.inputs:
        found |= dict(_input(item))
    return found


def figure(spec: RuleSpec) -> tuple[str, forms.Field | None]:
    """The one figure of a list's row, with its field; a rule that asks for more has none."""
    asked = asking.figures(spec)
    if len(asked) != 1 or not asked <= set(_SINGLE):
        return "", None
    [name] = asked
    return name, _SINGLE[name](spec)


def is_figure(name: str) -> bool:
    """Whether a form's field is one of these."""
    return name in SINGLE or name.startswith((INPUT, SCORE, RATING))


def facts(spec: RuleSpec, data: Mapping[str, Any], photos: list[int]) -> dict[str, Any]:
    """What the engine is told; ``photos`` are the files sent with the form: they fill the rule's photo fields."""
    found = {name: data[name] for name in SINGLE if _is_there(data.get(name))}
    inputs = {item.name: _sent(item, data, photos) for item in spec.inputs}
    parts = {
        "inputs": {name: value for name, value in inputs.items() if _is_there(value)},
        "scores": {name.removeprefix(SCORE): data[name] for name in data if name.startswith(SCORE)},
        **_rated({name.removeprefix(RATING): data[name] for name in data if name.startswith(RATING)}),
    }
    return found | {name: part for name, part in parts.items() if part or name == "inputs"}


def initial(kept: Mapping[str, Any]) -> dict[str, Any]:
    """Kept facts as the fields show them."""
    found = {name: kept[name] for name in SINGLE if name in kept}
    for name, value in (kept.get("inputs") or {}).items():
        ends = value.split("/") if isinstance(value, str) and value.count("/") == 1 else []
        found |= {f"{INPUT}{name}": value} | {
            f"{INPUT}{name}{end}": day for (end, _), day in zip(_ENDS, ends, strict=False)
        }
    found |= {f"{SCORE}{code}": value for code, value in (kept.get("scores") or {}).items()}
    names = kept.get("raters") or {}
    return found | {
        f"{RATING}{who}": "、".join(f"{name} {mark}".strip() for name, mark in zip_longest(names.get(who, []), marks))
        for who, marks in (kept.get("ratings") or {}).items()
    }


def _is_there(value: Any) -> bool:
    return value not in (None, "", [])


def _sent(item: Input, data: Mapping[str, Any], photos: list[int]) -> Any:
    if item.kind == "photo":
        return [str(pk) for pk in photos]
    if item.kind == "date_range":
        ends = [data.get(f"{INPUT}{item.name}{end}") for end, _ in _ENDS]
        return "/".join(str(day or "") for day in ends) if any(ends) else ""
    value = data.get(f"{INPUT}{item.name}")
    return str(value) if _is_there(value) else ""


def _rated(sent: Mapping[str, str]) -> dict[str, dict[str, list[str]]]:
    """张三 8、李四 9分: marks, and who gave them, in one order; a mark without a name has an empty one."""
    pairs = {who: [_pair(one) for one in re.split(r"[、，,；;\n]+", told) if one.strip()] for who, told in sent.items()}
    return {
        "ratings": {who: [mark for _, mark in given] for who, given in pairs.items()},
        "raters": {who: names for who, given in pairs.items() if any(names := [name for name, _ in given])},
    }


def _pair(told: str) -> tuple[str, str]:
    found = _MARK.fullmatch(told.strip())
    return (found[1].strip(), found[2]) if found else ("", told.strip())


def _quantity(spec: RuleSpec) -> forms.Field:
    unit = asking.unit(spec)
    return FigureField(label=f"数量（{unit}）" if unit else "数量", help_text=_per_unit(spec), unit=unit)


def _per_unit(spec: RuleSpec) -> str:
    amount = spec.amount
    if not isinstance(amount, PerUnit):
        return spec.price_text
    each = plain(amount.each) if amount.each != 1 else ""
    most = f"，一次最多{plain(amount.most)}{amount.unit}" if amount.most else ""
    return f"每{each}{amount.unit}{plain(amount.points)}分{most}"


def _tier(spec: RuleSpec) -> forms.Field:
    tiers = spec.amount.tiers if isinstance(spec.amount, Tiers) else ()
    choices = [(tier.code, f"{tier.name}（{tier.text}分）") for tier in tiers]
    return forms.ChoiceField(label="档次", choices=choices, widget=forms.RadioSelect)


def _points(spec: RuleSpec) -> forms.Field:
    told = f"{_span(spec)}；不填的由审核组评定"
    return forms.DecimalField(
        label="评定分数", help_text=told, widget=PointsInput, decimal_places=2, max_digits=12, required=False
    )


def _span(spec: RuleSpec) -> str:
    """Between which points somebody chooses: 5至10分; 一般1至3分、较重4至6分."""
    if isinstance(spec.amount, Tiers):
        return "、".join(f"{tier.name}{tier.text}分" for tier in spec.amount.tiers if tier.is_open)
    return f"{plain(spec.amount.least)}至{plain(spec.amount.most)}分" if isinstance(spec.amount, Range) else ""


_SINGLE = {"quantity": _quantity, "tier": _tier, "points": _points}


def _card(card: ScoreCard) -> Iterator[tuple[str, forms.Field]]:
    word = "扣" if card.marks == "deduct" else "得"
    for item in card.items:
        yield f"{SCORE}{item.code}", forms.DecimalField(
            label=f"{item.name}（{word}分）", help_text=f"满分{plain(item.most)}分", required=card.marks == "score",
            widget=PointsInput, decimal_places=2, max_digits=8, min_value=0,
        )  # fmt: skip


def _ratings(rating: Rating) -> Iterator[tuple[str, forms.Field]]:
    span = f"{plain(rating.least)}至{plain(rating.most)}分"
    for part in rating.parts:
        yield f"{RATING}{part.who}", forms.CharField(
            label=RATER_NAMES[part.who], required=False, max_length=300,
            help_text=f"写谁打几分，例如“{_EXAMPLES[part.who]}”；重名的写户号和姓名。{span}，至少{part.least}份",
        )  # fmt: skip


def _input(item: Input) -> Iterator[tuple[str, forms.Field]]:
    told: dict[str, Any] = {
        "label": item.label + (f"（{item.unit}）" if item.unit else ""),
        "help_text": item.help or "",
    }
    told["required"] = item.required
    name = f"{INPUT}{item.name}"
    match item.kind:
        case "photo":
            return
        case "date_range":
            for end, word in _ENDS:
                yield name + end, forms.DateField(widget=forms.DateInput, **told | {"label": f"{item.label}（{word}）"})
        case "number" | "count" | "money":
            yield name, FigureField(unit=comparisons.unit_of(item, item.name), **told)
        case "date":
            yield name, forms.DateField(widget=forms.DateInput, **told)
        case "choice":
            yield name, forms.ChoiceField(choices=[("", "请选择"), *((one, one) for one in item.choices)], **told)
        case "yes_no":
            yield name, forms.ChoiceField(choices=[("", "请选择"), ("是", "是"), ("否", "否")], **told)
        case "person":
            yield name, forms.CharField(max_length=60, **told | {"help_text": item.help or "姓名；重名的写户号和姓名"})
        case "household":
            yield name, forms.CharField(max_length=60, **told | {"help_text": item.help or "户号或户主姓名"})
        case _:
            yield name, forms.CharField(max_length=500, **told)

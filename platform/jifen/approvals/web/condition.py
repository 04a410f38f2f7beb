"""The form of a condition: rows of fact, sign and value, each fact with the values it may hold."""

from collections.abc import Mapping
from typing import Any

from django import forms

from jifen.approvals import conditions, wording
from jifen.approvals.conditions import Row, Values
from jifen.kernel import cel
from jifen.web.forms import Form

_KINDS: tuple[cel.Kind, ...] = ("date", "text", "number")
"""The last one words the signs that several have."""
ROWS = 3
_PARTS = ("fact", "sign", "value", "pick")


class ConditionForm(Form):
    """A condition that says more than rows can stays text in ``when``.

    ``pick`` offers what a fact may hold, where that is known; ``value`` is written for all others.
    """

    joiner = forms.ChoiceField(label="几条之间", choices=list(conditions.JOINERS.items()), required=False)
    when = forms.CharField(label="条件公式", max_length=cel.MAX_LENGTH, required=False)

    def __init__(
        self, *args: Any, kinds: Mapping[str, cel.Kind], values: Values | None = None, when: str = "", **kwargs: Any
    ) -> None:
        self.kinds, self.known = kinds, _known(kinds, values or {})
        self.is_any = when.strip() == "true"
        found = conditions.rows("" if self.is_any else when)
        found = None if found and len(found[1]) > ROWS else found
        initial: dict[str, Any] = {"when": "" if self.is_any else when} | _initial(found, self.known)
        super().__init__(*args, initial=initial | (kwargs.pop("initial", None) or {}), **kwargs)
        self.is_text = found is None
        for number in range(0 if self.is_text else ROWS):
            self._ask(number)

    def _ask(self, number: int) -> None:
        signs = {sign: word for kind in _KINDS for sign, word in conditions.SIGNS[kind].items()}
        facts = [("", "（不限）"), *((name, conditions.named(name)) for name in self.kinds)]
        groups = [
            (conditions.named(fact), [(f"{fact}={code}", word) for code, word in told.items()])
            for fact, told in self.known.items()
        ]
        offered = {"fact": ("看什么", facts), "sign": ("怎么比", list(signs.items()))}
        for part, (label, options) in offered.items():
            self.fields[f"{part}_{number}"] = forms.ChoiceField(label=label, choices=options, required=False)
        self.fields[f"value_{number}"] = forms.CharField(label="比多少", max_length=60, required=False)
        self.fields[f"pick_{number}"] = forms.ChoiceField(
            label="选一个", choices=[("", "请选择"), *groups], required=False
        )

    @property
    def condition_rows(self) -> list[dict[str, forms.BoundField]]:
        numbers = range(0 if self.is_text else ROWS)
        return [{part: self[f"{part}_{number}"] for part in _PARTS} for number in numbers]

    @property
    def guide(self) -> dict[str, Any]:
        """For the script: by fact its signs with their words, and whether its values are picked."""
        return {
            fact: {"signs": dict(conditions.SIGNS[kind]), "picks": fact in self.known}
            for fact, kind in self.kinds.items()
        }

    def condition(self) -> str:
        """Raises:
        ValueWrong, SignWrong, ValueUnknown, ExpressionInvalid
        """
        data = self.cleaned_data
        text = str(data["when"]).strip()
        if not self.is_text:
            rows = [self._row(number) for number in range(ROWS) if data[f"fact_{number}"]]
            values = {fact: list(told) for fact, told in self.known.items()}
            text = conditions.text(data["joiner"] or "||", rows, self.kinds, values)
        if text:
            cel.compile_expression(text, self.kinds, condition=True)
        return text or ("true" if self.is_any else "")

    def _row(self, number: int) -> Row:
        """What was picked counts where it belongs to the fact; else what was written."""
        fact, sign, written, picked = (str(self.cleaned_data[f"{part}_{number}"]).strip() for part in _PARTS)
        of, _, code = picked.partition("=")
        value = self.known[fact][code] if of == fact and code else written
        if fact in self.known and not value:
            raise conditions.ValueWrong(name=conditions.named(fact), wanted=f"其中一项：{_listed(self.known[fact])}")
        return Row(fact, sign, value)


def _known(kinds: Mapping[str, cel.Kind], values: Values) -> dict[str, dict[str, str]]:
    """By fact what it may hold, stored and told."""
    told = {fact: {code: wording.VALUES.get(code, code) for code in some} for fact, some in values.items()}
    return {fact: dict(conditions.YES_NO) if kind == "yes_no" else told[fact]
            for fact, kind in kinds.items() if kind == "yes_no" or fact in told}  # fmt: skip


def _listed(told: Mapping[str, str]) -> str:
    return "、".join(told.values())


def _initial(found: tuple[str, list[Row]] | None, known: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    joiner, rows = found or ("||", [])
    values: dict[str, Any] = {"joiner": joiner}
    for number, row in enumerate(rows):
        told = known.get(row.fact, {})
        code = next((code for code, word in told.items() if row.value in (code, word)), "")
        values |= {f"fact_{number}": row.fact, f"sign_{number}": row.sign}
        values |= {f"pick_{number}": f"{row.fact}={code}"} if code else {f"value_{number}": row.value}
    return values

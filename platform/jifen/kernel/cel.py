"""CEL, cut down to what a rule may say.

The evaluator itself has no decimals, no check of names and no limit of cost, so an expression passes four gates first:
its length and nesting are bounded, every token is of a known kind, every name is a declared field or one of
``FUNCTIONS``, and the few operators that could go wrong silently are refused. Member access is refused, and with it
every comprehension macro, so evaluation is linear in the length of the text; what it may cost at most is known when it
is compiled, and bounded.

Every number is passed in millionths (points, money, counts alike) and literals are scaled the same way, so that
``bride_price <= 80000`` means what it says and no float ever appears. ``*``, ``/`` and ``%`` would leave that scale:
``mul(a, b)`` and ``div(a, b)`` stand in for them. Both keep six places; what does not come out in those is cut so that
rounding it to fewer, whichever way, still goes as the exact figure would (ROUND_05UP): whoever takes a result rounds it
once. A date is its day number; ``date("2025-03-05")`` writes one.

    ExpressionInvalid   the text is not acceptable (found when a rule is saved)
    ExpressionFailed    it could not be evaluated on these values (the rule stays undecided)
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_05UP, Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Any, Literal

import cel

from jifen.kernel.errors import InvalidInput, JifenError

MAX_LENGTH = 500
MAX_DEPTH = 16
MAX_COST = 400
"""Each name, literal and operator costs 1, a call 4, a search in a text 40."""

LARGEST = Decimal(10) ** 12

Kind = Literal["number", "date", "text", "yes_no"]
Result = Literal["number", "yes_no"]
Value = Decimal | int | str | bool | date | None

_SCALE = 10**6
_LITERAL = Decimal("0.01")
_TOKEN = re.compile(
    r"""(?P<space>\s+)
      | (?P<text>"(?:[^"\\\n]|\\["\\])*")
      | (?P<number>\d+(?:\.\d+)?)
      | (?P<name>[A-Za-z_][A-Za-z0-9_]*)
      | (?P<word>[\u4e00-\u9fff]+)
      | (?P<sign>&&|\|\||==|!=|<=|>=|[-+<>!?:,()\[\]])
      | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_KEYWORDS = frozenset({"true", "false", "null", "in"})
_WANTED: dict[Result, str] = {
    "yes_no": "结果应当是“是”或“否”，例如 {name} <= 15",
    "number": "结果应当是数字，例如 mul({name}, 3)",
}
_SAMPLES: dict[Kind, Any] = {"number": _SCALE, "date": 738_000, "text": "", "yes_no": True}


class ExpressionInvalid(InvalidInput):
    code = "expression_invalid"
    message = "条件公式写得不对：{reason}。"


class ExpressionFailed(JifenError):
    code = "expression_failed"
    message = "条件公式算不出结果，请核对填写的内容。"


class _FieldUnknown(Exception):
    """A name that is no field; what people call the fields is known to the caller alone."""

    def reason(self, fields: Mapping[str, Kind], labels: Mapping[str, str]) -> str:
        told = (f"{name}（{labels[name]}）" if name in labels else name for name in sorted(fields))
        return f"没有登记过 {self.args[0]} 这个填写项，登记过的有 {'、'.join(told) or '（无）'}"


@dataclass(frozen=True, slots=True)
class Expression:
    """A checked, compiled expression over ``fields``; build it with :func:`compile_expression`.

    ``fields`` and ``functions`` are those that it names: the fewer are handed over, the faster it runs.
    """

    text: str
    fields: tuple[tuple[str, Kind], ...]
    functions: dict[str, Callable[..., Any]]
    program: Any

    def evaluate(self, values: Mapping[str, Value]) -> Decimal | bool | str:
        """The result on ``values``: numbers as Decimal with at most six places; ExpressionFailed when there is none.

        A field that is absent or None makes every comparison with it fail, unless the rest already decides.
        """
        scope = {name: scaled(values.get(name)) for name, _ in self.fields}
        return _unscaled(self._run(scope))

    def holds(self, values: Mapping[str, Value]) -> bool:
        """Whether the condition holds on ``values``."""
        result = self.evaluate(values)
        if not isinstance(result, bool):
            raise ExpressionFailed("条件公式的结果不是“是”或“否”，请改写公式。")
        return result

    def _run(self, scope: dict[str, Any]) -> Any:
        try:
            return self.program.execute(cel.Context(variables=scope, functions=self.functions))
        except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError) as failure:
            raise ExpressionFailed(expression=self.text) from failure


def compile_expression(
    text: str,
    fields: Mapping[str, Kind],
    *,
    condition: bool = False,
    gives: Result | None = None,
    labels: Mapping[str, str] | None = None,
) -> Expression:
    """``text`` checked and compiled against the declared ``fields``; the same text and fields compile once.

    With ``condition`` the result must be yes or no, with ``gives`` what it says. ExpressionInvalid names what is wrong,
    the fields with their ``labels``.
    """
    try:
        expression = _compiled(text, tuple(sorted(fields.items())))
    except _FieldUnknown as unknown:
        raise _invalid(unknown.reason(fields, labels or {})) from None
    wanted: Result | None = "yes_no" if condition else gives
    if wanted and _sample_kind(expression) not in (None, wanted):
        raise _invalid(_WANTED[wanted].format(name=_sample_name(fields)))
    return expression


def scaled(value: Value) -> Any:
    """``value`` as the evaluator gets it: numbers in millionths, dates as day numbers, the rest unchanged."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, date):
        return value.toordinal()
    number = Decimal(value)
    if not number.is_finite() or abs(number) >= LARGEST:
        raise ExpressionFailed("数字太大，请核对。")
    return _cut(number * _SCALE)


def _unscaled(result: Any) -> Decimal | bool | str:
    if isinstance(result, bool | str):
        return result
    if isinstance(result, int):
        return Decimal(result) / _SCALE
    raise ExpressionFailed


@lru_cache(maxsize=4096)
def _compiled(text: str, fields: tuple[tuple[str, Kind], ...]) -> Expression:
    if not text.strip():
        raise _invalid("公式是空的")
    if len(text) > MAX_LENGTH:
        raise _invalid(f"超过 {MAX_LENGTH} 个字符，请拆成几个条件")
    source = "".join(_rewritten(text, {name for name, _ in fields}))
    try:
        program = cel.compile(source)
    except ValueError as failure:
        raise _invalid("括号、引号或运算符不完整") from failure
    named = set(_NAME.findall(source))
    called = {name: function for name, function in FUNCTIONS.items() if name in named}
    return Expression(text, tuple(field for field in fields if field[0] in named), called, program)


def _rewritten(text: str, names: set[str]) -> Iterator[str]:
    """The tokens of ``text`` with scaled literals; refuses what is not allowed."""
    tokens = [(match.lastgroup, match.group()) for match in _TOKEN.finditer(text)]
    _check_depth(text for group, text in tokens if group == "sign")
    _check_cost(word for group, word in tokens if group != "space")
    words = [token for token in tokens if token[0] != "space"] + [("end", "")]
    for (group, word), (_, following) in pairwise(words):
        if group == "name":
            _check_name(word, names, called=following == "(")
        yield _TOKEN_TEXT[group or "other"](word) + " "


def _check_depth(signs: Iterator[str]) -> None:
    depth = 0
    for sign in signs:
        depth += {"(": 1, "[": 1, "?": 1, ")": -1, "]": -1}.get(sign, 0)
        if depth > MAX_DEPTH:
            raise _invalid(f"括号或选择套了 {MAX_DEPTH} 层以上，请拆成几个条件")


def _check_cost(words: Iterator[str]) -> None:
    if sum(_COSTS.get(word, 1) for word in words) > MAX_COST:
        raise _invalid("要算的太多，请拆成几个条件或简化")


def _check_name(word: str, names: set[str], *, called: bool) -> None:
    if called and word not in _KEYWORDS:
        if word not in FUNCTIONS:
            raise _invalid(f"没有 {word} 这个函数，可用的有 {'、'.join(FUNCTIONS)}")
    elif word not in names and word not in _KEYWORDS:
        raise _FieldUnknown(word)


def _literal(word: str) -> str:
    number = Decimal(word)
    if number % _LITERAL or number >= LARGEST:
        raise _invalid(f"数字 {word} 太大，或多于两位小数")
    return str(int(number * _SCALE))


def _unnamed(word: str) -> str:
    """Words of people's own that name no field."""
    raise _FieldUnknown(word)


def _refused(word: str) -> str:
    if word in "*/%":
        raise _invalid(f"不用 {word}，相乘写 mul(a, b)，相除写 div(a, b)")
    raise _invalid(f"不能出现 {word}")


def _same(word: str) -> str:
    return word


_TOKEN_TEXT: dict[str, Callable[[str], str]] = {
    "space": _same,
    "text": _same,
    "number": _literal,
    "name": _same,
    "word": _unnamed,
    "sign": _same,
    "other": _refused,
}


def _sample_kind(expression: Expression) -> str | None:
    """The kind of result on sample values; None when samples cannot tell."""
    try:
        result = _unscaled(expression._run({name: _SAMPLES[kind] for name, kind in expression.fields}))
    except ExpressionFailed:
        return None
    return "yes_no" if isinstance(result, bool) else "text" if isinstance(result, str) else "number"


def _sample_name(fields: Mapping[str, Kind]) -> str:
    """A number that an example can name: the last that is declared, which is the rule's own where it has one."""
    return next((name for name, kind in reversed(list(fields.items())) if kind == "number"), "quantity")


def _invalid(reason: str) -> ExpressionInvalid:
    return ExpressionInvalid(reason=reason)


def _check_numbers(*values: Any) -> None:
    """A text times a number would be a very long text."""
    if not all(isinstance(value, int) for value in values):
        raise TypeError


def _mul(left: int, right: int) -> int:
    _check_numbers(left, right)
    return _cut(Decimal(left * right) / _SCALE)


def _div(left: int, right: int) -> int:
    _check_numbers(left, right)
    return _cut(Decimal(left) * _SCALE / Decimal(right))


def _cut(number: Decimal) -> int:
    return int(number.to_integral_value(ROUND_05UP))


def _floor(number: int) -> int:
    return number // _SCALE * _SCALE


def _ceil(number: int) -> int:
    return -_floor(-number)


def _date(text: str) -> int:
    """The evaluator logs what a function raises: the text, which somebody filled in, must not be in it."""
    try:
        return date.fromisoformat(text).toordinal()
    except ValueError:
        raise ValueError("no date") from None


def _year(day: int) -> int:
    return date.fromordinal(day).year * _SCALE


def _month(day: int) -> int:
    return date.fromordinal(day).month * _SCALE


def _days(start: int, end: int) -> int:
    return (end - start) * _SCALE


def _known(value: Any) -> bool:
    return value is not None


def _contains(text: str, part: str) -> bool:
    return part in text


def _smallest(*numbers: int) -> int:
    return min(numbers)


def _largest(*numbers: int) -> int:
    return max(numbers)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "min": _smallest,
    "max": _largest,
    "mul": _mul,
    "div": _div,
    "floor": _floor,
    "ceil": _ceil,
    "date": _date,
    "year": _year,
    "month": _month,
    "days": _days,
    "known": _known,
    "contains": _contains,
}

TELLING: dict[str, tuple[str, str]] = {
    "min": ("min(a, b)", "取最小的"),
    "max": ("max(a, b)", "取最大的"),
    "mul": ("mul(a, b)", "相乘"),
    "div": ("div(a, b)", "相除，先乘后除最准"),
    "floor": ("floor(a)", "去掉零头"),
    "ceil": ("ceil(a)", "零头进一"),
    "date": ('date("2025-03-05")', "写一个日期"),
    "year": ("year(day)", "日期的年份"),
    "month": ("month(day)", "日期的月份"),
    "days": ("days(start, end)", "从前一天到后一天相隔几天"),
    "known": ("known(field)", "这个填写项填了没有"),
    "contains": ('contains(text, "…")', "文字里有没有这几个字"),
}
"""How each function is written and what it does, for people."""

_COSTS: dict[str, int] = dict.fromkeys(FUNCTIONS, 4) | {"contains": 40}

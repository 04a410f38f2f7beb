"""A town's calendar as a form: for each clock its day, its grace and its reminders."""

from collections.abc import Iterator
from typing import Any

from django import forms

from jifen.clocks.dates.policy import CLOCKS, NAMES, OPENS, ClockName, TownCalendar
from jifen.clocks.days import After, MonthDay, PartyDay, WorkingDay
from jifen.web.forms import DateInput, Form
from tenants.community.models import Village

KINDS = [
    ("day", "几日"),
    ("last", "最后一个工作日"),
    ("nth", "第几个工作日"),
    ("party_day", "党日"),
    ("after", "上一环节后几天"),
    ("after_working", "上一环节后几个工作日"),
]
MONTHS = [("0", "当月（季末月、年末月）"), ("1", "次月"), ("2", "再下月")]
OFF = [("keep", "照常"), ("before", "提前到前一工作日"), ("after", "顺延到下一工作日")]
REMIND_HELP = "天数，用逗号隔开，例如 3,1；不填就不提醒"


class Section:
    """One clock's fields, for the template."""

    def __init__(self, form: "CalendarForm", name: ClockName) -> None:
        self.name = name
        self.title = NAMES[name]
        self.fields = [form[key] for key in form.fields if key.startswith(f"{name}_")]


class CalendarForm(Form):
    effective_from = forms.DateField(
        label="从哪天起执行", widget=DateInput(), help_text="这天以后结束的月份、季度按新日历，以前的不变"
    )
    party_day = forms.IntegerField(label="支部主题党日", min_value=1, max_value=31, help_text="每月几日，例如 5 或 25")

    def __init__(self, *args: Any, calendar: TownCalendar, **kwargs: Any) -> None:
        self.calendar = calendar
        initial = {"party_day": calendar.party_day, **kwargs.pop("initial", {})}
        super().__init__(*args, initial={**initial, **_all_values(calendar)}, **kwargs)

    def sections(self) -> Iterator[Section]:
        return (Section(self, name) for name in CLOCKS)

    def section(self) -> dict[str, Any]:
        """What ``calendar.choose`` takes; villages' exceptions stay as they are."""
        values = self.cleaned_data
        clocks: dict[str, Any] = {name: _clock(name, values) for name in CLOCKS}
        villages = [one.model_dump(mode="json", exclude_none=True) for one in self.calendar.villages]
        return {"party_day": values["party_day"], **clocks, "villages": villages}


class VillageForm(Form):
    """One village's own day for one clock."""

    effective_from = forms.DateField(label="从哪天起执行", widget=DateInput())
    village = forms.ModelChoiceField(label="村", queryset=Village.objects.none(), empty_label="请选择")
    clock = forms.ChoiceField(label="环节", choices=[(name, NAMES[name]) for name in CLOCKS if name != "year"])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["village"].queryset = Village.objects.order_by("code")  # type: ignore[attr-defined]

    def added_to(self, calendar: TownCalendar) -> dict[str, Any]:
        values = self.cleaned_data
        own = {"village": values["village"].pk, "clock": values["clock"], "due": _rule("own", values["clock"], values)}
        return without(calendar, own["village"], own["clock"], also=[own])


def without(
    calendar: TownCalendar, village: int, clock: str, also: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    """The calendar's section without one village's exception; ``also`` is added."""
    kept = [
        one.model_dump(mode="json", exclude_none=True)
        for one in calendar.villages
        if (one.village, one.clock) != (village, clock)
    ]
    return {**calendar.model_dump(mode="json"), "villages": [*kept, *(also or [])]}


def _rule_fields(prefix: str, label: str) -> dict[str, forms.Field]:
    return {
        f"{prefix}_kind": forms.ChoiceField(label=label, choices=KINDS),
        f"{prefix}_number": forms.IntegerField(label="几日/第几个/几天", min_value=0, max_value=60, required=False),
        f"{prefix}_months": forms.ChoiceField(label="哪个月", choices=MONTHS),
        f"{prefix}_off": forms.ChoiceField(label="遇休息日", choices=OFF),
    }


def _clock_fields(name: ClockName) -> dict[str, forms.Field]:
    found = _rule_fields(f"{name}_opens", "开始") if name in OPENS else {}
    found |= _rule_fields(f"{name}_due", "截止")
    found[f"{name}_grace"] = forms.IntegerField(label="宽限几天", min_value=0, max_value=60)
    found[f"{name}_before"] = forms.CharField(label="截止前几天提醒", required=False, help_text=REMIND_HELP)
    found[f"{name}_after"] = forms.CharField(label="超期第几天再提醒", required=False, help_text=REMIND_HELP)
    found[f"{name}_office"] = forms.IntegerField(label="超期几天告知镇办", min_value=0, max_value=60)
    found[f"{name}_district"] = forms.IntegerField(label="超期几天区里标红", min_value=0, max_value=60)
    return found


for _name in CLOCKS:
    CalendarForm.base_fields.update(_clock_fields(_name))
VillageForm.base_fields.update(_rule_fields("own", "截止"))


def _all_values(calendar: TownCalendar) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in CLOCKS:
        clock = calendar.clock(name)
        found |= _rule_values(f"{name}_due", clock.due)
        if clock.opens is not None:
            found |= _rule_values(f"{name}_opens", clock.opens)
        found |= {f"{name}_{key}": getattr(clock, key) for key in ("grace", "office", "district")}
        found |= {f"{name}_{key}": ",".join(map(str, getattr(clock, key))) for key in ("before", "after")}
    return found


def _rule_values(prefix: str, rule: Any) -> dict[str, Any]:
    values: dict[str, Any] = {"months": str(getattr(rule, "months", 0)), "off": getattr(rule, "off", "keep")}
    match rule:
        case MonthDay(day=day):
            values |= {"kind": "day", "number": day}
        case WorkingDay(number=number):
            values |= {"kind": "last"} if number < 0 else {"kind": "nth", "number": number}
        case PartyDay():
            values |= {"kind": "party_day"}
        case After(days=days, working=working):
            values |= {"kind": "after_working" if working else "after", "number": days}
    return {f"{prefix}_{key}": value for key, value in values.items()}


def _clock(name: ClockName, values: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {"due": _rule(f"{name}_due", name, values), "grace": values[f"{name}_grace"]}
    if name in OPENS:
        found["opens"] = _rule(f"{name}_opens", name, values)
    found |= {key: _days(values[f"{name}_{key}"]) for key in ("before", "after")}
    return found | {key: values[f"{name}_{key}"] for key in ("office", "district")}


def _rule(prefix: str, name: str, values: dict[str, Any]) -> dict[str, Any]:
    kind, months = values[f"{prefix}_kind"], int(values[f"{prefix}_months"])
    number = values[f"{prefix}_number"] if values[f"{prefix}_number"] is not None else 1
    if kind in ("after", "after_working"):
        before = CLOCKS[max(0, [*CLOCKS].index(name) - 1)]  # type: ignore[arg-type]
        return {"kind": "after", "event": before, "days": number, "working": kind == "after_working"}
    if kind == "day":
        return {"kind": "day", "day": number, "months": months, "off": values[f"{prefix}_off"]}
    if kind == "party_day":
        return {"kind": "party_day", "months": months}
    return {"kind": "working_day", "number": -1 if kind == "last" else number, "months": months}


def _days(text: str) -> list[int | str]:
    """What is no number is left to the service to refuse."""
    return [int(one) if one.isdigit() else one for one in text.replace("，", ",").replace(" ", "").split(",") if one]

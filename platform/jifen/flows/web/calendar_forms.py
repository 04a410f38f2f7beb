"""A town's calendar as a form: for each clock its day, its grace and its reminders; and a village's own days."""

from collections.abc import Iterator
from typing import Any

from django import forms

from jifen.clocks.dates.policy import CLOCKS, NAMES, OPENS, ClockName, TownCalendar
from jifen.flows.web import calendar_rules as rules
from jifen.kernel.errors import JifenError
from jifen.web.forms import DateInput, Form
from tenants.community.models import Village

MOST_DAYS = 60
REMIND_HELP = "天数，用逗号隔开，例如 3,1；不填就不提醒"
REMIND_WRONG = "“{label}”要填0到60之间的整数，几个数用逗号隔开，例如 3,1。"
EACH = [("any", "随时登记"), ("days", "按日登记")]
EACH_HELP = "按日登记：事情发生后几天内要登记。不催，过了的在审核表里标出“迟登”"
WITHIN_MISSING = "按日登记要填发生后几天内登记，0是当天。"


class Section:
    """One clock's fields, for the template."""

    def __init__(self, form: "CalendarForm", name: ClockName) -> None:
        self.name = name
        self.title = NAMES[name]
        self.fields = [form[key] for key in form.fields if key.startswith(f"{name}_")]


class _RuleForm(Form):
    """Numbers of day rules are checked by how they are meant."""

    prefixes: tuple[str, ...] = ()

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        for prefix in self.prefixes:
            if f"{prefix}_number" not in self.errors and (wrong := rules.problem(prefix, values)):
                self.add_error(f"{prefix}_number", forms.ValidationError(wrong, code="number_wrong"))
        return values


class CalendarForm(_RuleForm):
    effective_from = forms.DateField(
        label="从哪天起执行", widget=DateInput(), help_text="这天以后结束的月份、季度按新日历，以前的不变"
    )
    party_day = forms.IntegerField(label="支部主题党日", min_value=1, max_value=31, help_text="每月几日，例如 5 或 25")
    prefixes = tuple(f"{name}_{part}" for name in CLOCKS for part in ("opens", "due") if part == "due" or name in OPENS)

    def __init__(self, *args: Any, calendar: TownCalendar, **kwargs: Any) -> None:
        self.calendar = calendar
        initial = {"party_day": calendar.party_day, **kwargs.pop("initial", {})}
        super().__init__(*args, initial={**initial, **_all_values(calendar)}, **kwargs)
        for prefix in self.prefixes:
            rules.offer_months(self, prefix, self._kept(prefix))

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        for name in CLOCKS:
            for field in (f"{name}_before", f"{name}_after"):
                if field in values and not _are_days(values[field]):
                    label = self.fields[field].label
                    self.add_error(field, forms.ValidationError(REMIND_WRONG.format(label=label), code="days_wrong"))
        if values.get("record_each") == "days" and "record_within" in values and values["record_within"] is None:
            self.add_error("record_within", forms.ValidationError(WITHIN_MISSING, code="within_missing"))
        return values

    def sections(self) -> Iterator[Section]:
        return (Section(self, name) for name in CLOCKS)

    def section(self) -> dict[str, Any]:
        """What ``calendar.choose`` takes; villages' exceptions stay as they are."""
        values = self.cleaned_data
        clocks: dict[str, Any] = {name: self._clock(name, values) for name in CLOCKS}
        clocks["record"] |= {"each": values["record_each"], "within": _within(values, self.calendar)}
        return {**self.calendar.model_dump(mode="json"), "party_day": values["party_day"], **clocks}

    def add_error_from(self, error: JifenError) -> None:
        """Each fault at its own field."""
        found = error.data.get("faults")
        if not found:
            super().add_error_from(error)
            return
        for one in found:
            field = _field(one["field"])
            told = forms.ValidationError(one["detail"], code=error.code)
            self.add_error(field if field in self.fields else None, told)

    def _kept(self, prefix: str) -> Any:
        name, _, part = prefix.partition("_")
        return getattr(self.calendar.clock(name), part)  # type: ignore[arg-type]

    def _clock(self, name: ClockName, values: dict[str, Any]) -> dict[str, Any]:
        """What the form does not show of it stays."""
        found: dict[str, Any] = self.calendar.clock(name).model_dump(mode="json")
        for part in ("opens", "due"):
            if f"{name}_{part}" in self.prefixes:
                prefix = f"{name}_{part}"
                found[part] = rules.section(prefix, name, values, self._kept(prefix))
        found |= {key: _days(values[f"{name}_{key}"]) for key in ("before", "after")}
        return found | {key: values[f"{name}_{key}"] for key in ("grace", "office", "district")}


class VillageForm(_RuleForm):
    """One village's own days for one clock, and its party day; what is left open follows the town."""

    effective_from = forms.DateField(label="从哪天起执行", widget=DateInput())
    village = forms.ModelChoiceField(label="村", queryset=Village.objects.none(), empty_label="请选择")
    party_day = forms.IntegerField(
        label="这个村的支部主题党日", min_value=1, max_value=31, required=False, help_text="每月几日；不填就照镇里的"
    )
    clock = forms.ChoiceField(label="环节", choices=[(name, NAMES[name]) for name in CLOCKS if name != "year"])
    prefixes = ("opens", "due")

    def __init__(self, *args: Any, calendar: TownCalendar, **kwargs: Any) -> None:
        self.calendar = calendar
        initial = kwargs.pop("initial", {})
        super().__init__(*args, initial={**initial, **self._shown(initial)}, **kwargs)
        self.fields["village"].queryset = Village.objects.order_by("code")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("clock") not in OPENS and values.get("opens_kind"):
            told = "只有月审核有开始的日子，别的环节请选“照镇里的日历”。"
            self.add_error("opens_kind", forms.ValidationError(told, code="opens_nothing"))
        return values

    def section(self) -> dict[str, Any]:
        """The town's calendar with this village's days."""
        values, village = self.cleaned_data, self.cleaned_data["village"].pk
        kept = self.calendar.chosen(village, values["clock"])
        own = {"village": village, "clock": values["clock"]}
        for part in self.prefixes:
            own[part] = rules.section(part, values["clock"], values, getattr(kept, part, None))
        days = {pk: day for pk, day in self.calendar.party_days.items() if pk != village}
        if values["party_day"]:
            days[village] = values["party_day"]
        has_own = own["opens"] or own["due"]
        return without(self.calendar, village, values["clock"], also=[own] if has_own else []) | {"party_days": days}

    def _shown(self, asked: dict[str, Any]) -> dict[str, Any]:
        """What the village has chosen already."""
        village, clock = asked.get("village"), asked.get("clock", "")
        if village is None:
            return {}
        kept = self.calendar.chosen(village, clock)
        shown: dict[str, Any] = {"party_day": self.calendar.party_days.get(village)}
        for part in self.prefixes:
            shown |= rules.values(part, getattr(kept, part, None))
        return shown


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


def without_party_day(calendar: TownCalendar, village: int) -> dict[str, Any]:
    days = {pk: day for pk, day in calendar.party_days.items() if pk != village}
    return {**calendar.model_dump(mode="json"), "party_days": days}


def _clock_fields(name: ClockName) -> dict[str, forms.Field]:
    found = rules.fields(f"{name}_opens", "开始") if name in OPENS else {}
    if name == "record":
        found["record_each"] = forms.ChoiceField(label="每件事怎么登记", choices=EACH, help_text=EACH_HELP)
        found["record_within"] = forms.IntegerField(
            label="发生后几天内登记", min_value=0, max_value=MOST_DAYS, required=False
        )
    found |= rules.fields(f"{name}_due", "截止")
    found[f"{name}_grace"] = forms.IntegerField(label="宽限几天", min_value=0, max_value=MOST_DAYS)
    found[f"{name}_before"] = forms.CharField(label="截止前几天提醒", required=False, help_text=REMIND_HELP)
    found[f"{name}_after"] = forms.CharField(label="超期第几天再提醒", required=False, help_text=REMIND_HELP)
    found[f"{name}_office"] = forms.IntegerField(label="超期几天告知镇办", min_value=0, max_value=MOST_DAYS)
    found[f"{name}_district"] = forms.IntegerField(label="超期几天区里标红", min_value=0, max_value=MOST_DAYS)
    return found


for _name in CLOCKS:
    CalendarForm.base_fields.update(_clock_fields(_name))
VillageForm.base_fields.update(rules.fields("opens", "开始（只有月审核）", may_follow_town=True))
VillageForm.base_fields.update(rules.fields("due", "截止", may_follow_town=True))


def _all_values(calendar: TownCalendar) -> dict[str, Any]:
    found: dict[str, Any] = {"record_each": calendar.record.each, "record_within": calendar.record.within}
    for name in CLOCKS:
        clock = calendar.clock(name)
        found |= rules.values(f"{name}_due", clock.due)
        if clock.opens is not None:
            found |= rules.values(f"{name}_opens", clock.opens)
        found |= {f"{name}_{key}": getattr(clock, key) for key in ("grace", "office", "district")}
        found |= {f"{name}_{key}": ",".join(map(str, getattr(clock, key))) for key in ("before", "after")}
    return found


def _within(values: dict[str, Any], calendar: TownCalendar) -> int:
    """Kept while deeds are recorded at any time."""
    given: int | None = values["record_within"]
    return calendar.record.within if given is None else given


def _field(path: str) -> str:
    """Where ``review.due.day`` stands in the form."""
    parts = path.split(".")
    if len(parts) > 1 and parts[1] in ("opens", "due"):
        part = parts[2] if len(parts) > 2 else "kind"
        return f"{parts[0]}_{parts[1]}_{part if part in ('months', 'off', 'kind') else 'number'}"
    return "_".join(parts[:2]) if parts[0] in CLOCKS else parts[0]


def _are_days(text: str) -> bool:
    return all(one.isdecimal() and int(one) <= MOST_DAYS for one in _split(text))


def _days(text: str) -> list[int]:
    return [int(one) for one in _split(text)]


def _split(text: str) -> list[str]:
    return [one for one in text.replace("，", ",").replace("、", ",").replace(" ", "").split(",") if one]

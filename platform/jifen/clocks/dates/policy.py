"""The shape of a town's calendar: five clocks, each with its days, its grace and whom it reminds when."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

from jifen.clocks.days import After, MonthDay, PartyDay, Rule

ClockName = Literal["record", "review", "filing", "notice", "year"]
CLOCKS: tuple[ClockName, ...] = get_args(ClockName)
NAMES: Mapping[str, str] = {
    "record": "登记",
    "review": "月审核",
    "filing": "报镇",
    "notice": "季度公示",
    "year": "年度封账",
}
STEPS: Mapping[str, str] = {
    "record": "登记",
    "review": "审核",
    "filing": "报镇",
    "notice": "公示",
    "year": "封账",
}
"""After a period: “3月审核”“一季度公示”."""
OPENS = frozenset({"review"})
"""Clocks whose opening does something: the month's sheets are made."""

Days = Annotated[int, Field(ge=0, le=60)]
PartyDate = Annotated[int, Field(ge=1, le=31)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Clock(_Part):
    """``before`` and ``after``: days from the deadline on which those who are behind are reminded; ``office`` and
    ``district``: days of lateness after which the town's office is told, and the district counts it."""

    opens: Rule | None = None
    due: Rule
    grace: Days = 0
    before: tuple[Days, ...] = ()
    after: tuple[Days, ...] = ()
    office: Days = 3
    district: Days = 7


class RecordClock(Clock):
    """Beside the month's last day: whether a deed may be recorded at any time in it (随时登记), or within ``within``
    days of the day it happened (按日登记)."""

    each: Literal["any", "days"] = "any"
    within: Annotated[int, Field(ge=0, le=60)] = 1


class VillageClock(_Part):
    """A village's own days for one clock."""

    village: int
    clock: ClockName
    opens: Rule | None = None
    due: Rule | None = None


class TownCalendar(_Part):
    party_day: PartyDate = 5
    record: RecordClock = RecordClock(due=MonthDay(day=31), grace=3, before=(2,), after=(1,))
    review: Clock = Clock(
        opens=MonthDay(day=1, months=1), due=MonthDay(day=7, months=1), before=(2,), after=(1, 3), office=3
    )
    filing: Clock = Clock(due=MonthDay(day=10, months=1), before=(2,), after=(1, 3), office=2)
    notice: Clock = Clock(due=MonthDay(day=10, months=1), before=(2,), after=(2, 5), office=3)
    year: Clock = Clock(due=MonthDay(day=20, months=1), before=(10, 3), after=(1, 7))
    villages: tuple[VillageClock, ...] = ()
    party_days: Mapping[int, PartyDate] = {}
    """Villages (ids) with a party day of their own."""

    @model_validator(mode="after")
    def _counts_from_what_comes_before(self) -> "TownCalendar":
        for number, name in enumerate(CLOCKS):
            for rule in (self.clock(name).opens, self.clock(name).due):
                if isinstance(rule, After) and rule.event not in CLOCKS[:number]:
                    raise ValueError(f"“{NAMES[name]}”只能从它前面的环节往后数")
        if len({(one.village, one.clock) for one in self.villages}) < len(self.villages):
            raise ValueError("一个村的同一环节只能有一条例外")
        return self

    def clock(self, name: ClockName) -> Clock:
        found: Clock = getattr(self, name)
        return found

    def exceptions(self, name: ClockName) -> dict[int, VillageClock]:
        """Village ids with days of their own, chosen for this clock or following from another one or the party day."""
        found = {village: self._own(village, name) for village in self.apart()}
        return {village: own for village, own in found.items() if own.opens or own.due}

    def apart(self) -> set[int]:
        """Villages (ids) that differ from the town in anything."""
        return {one.village for one in self.villages} | set(self.party_days)

    def of_village(self, village: int) -> "TownCalendar":
        """The calendar as it holds in ``village``."""
        own: dict[str, Any] = {
            one.clock: self.clock(one.clock).model_copy(
                update={key: rule for key, rule in (("opens", one.opens), ("due", one.due)) if rule is not None}
            )
            for one in self.villages
            if one.village == village
        }
        if village in self.party_days:
            own["party_day"] = self.party_days[village]
        return self.model_copy(update={**own, "villages": (), "party_days": {}}) if own else self

    def chosen(self, village: int, name: str) -> VillageClock | None:
        """What ``village`` has chosen for this clock itself."""
        return next((one for one in self.villages if (one.village, one.clock) == (village, name)), None)

    def _own(self, village: int, name: ClockName) -> VillageClock:
        town, own = self.clock(name), self.of_village(village)
        pairs = ((town.opens, own.clock(name).opens), (town.due, own.clock(name).due))
        opens, due = (rule if self._differs(own, usual, rule) else None for usual, rule in pairs)
        return VillageClock(village=village, clock=name, opens=opens, due=due)

    def _differs(self, own: "TownCalendar", usual: Rule | None, rule: Rule | None) -> bool:
        """Whether ``rule`` of a village's ``own`` calendar is not the town's, or counts from what is not the town's."""
        if rule is None or rule != usual:
            return rule is not None
        if isinstance(rule, PartyDay):
            return own.party_day != self.party_day
        if not isinstance(rule, After):
            return False
        before: ClockName = next(one for one in CLOCKS if one == rule.event)
        return self._differs(own, self.clock(before).due, own.clock(before).due)


def each_wording(calendar: TownCalendar) -> str:
    """How each deed is to be recorded, beside the month's last day."""
    if calendar.record.each == "any":
        return "随时登记"
    return f"按日登记，{within_wording(calendar.record.within)}"


def within_wording(days: int) -> str:
    return f"发生后{days}天内" if days else "发生当天"

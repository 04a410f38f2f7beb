"""Whether a calendar's steps follow each other, over a whole year with its holidays.

    record due ≤ review opens ≤ review due ≤ filing due ≤ notice ≤ year

What cannot be done in that order is a ``clash``; what can, but never by its day, is a ``lag``.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from jifen.clocks.dates import selectors as dates
from jifen.clocks.dates.faults import Fault
from jifen.clocks.dates.policy import ClockName, TownCalendar
from jifen.clocks.days import Holidays, moved
from jifen.web.wording import date_cn

NOT_BEFORE = "请把日期调到后面"
Named = tuple[str, Fault]
"""A fault with a key that is the same in each period."""


@dataclass(frozen=True, slots=True)
class Year:
    """A calendar as it holds in one place for the months from ``first`` on. ``place``: a village's name, or empty."""

    calendar: TownCalendar
    holidays: Holidays
    first: date
    village: int | None = None
    place: str = ""

    def on(self, clock: ClockName, period: str) -> dates.Dates:
        return dates.dates_in(self.calendar, self.holidays, clock, period, self.village)

    def months(self) -> list[str]:
        return [f"{moved(self.first, number):%Y-%m}" for number in range(12)]

    def quarters(self) -> list[str]:
        months = [moved(self.first, number) for number in range(12)]
        return [f"{month.year}Q{month.month // 3}" for month in months if month.month % 3 == 0]


def clashes(calendar: TownCalendar, table: Holidays, since: date, places: Mapping[int, str]) -> list[Fault]:
    """Each once, with the first period in which it happens. ``places``: names of the villages with own days."""
    return _each_once(fault for year in _years(calendar, table, since, places) for fault in _clashes(year))


def lags(calendar: TownCalendar, table: Holidays, since: date, places: Mapping[int, str]) -> list[Fault]:
    """What is always late, or hurries its neighbour, by ``calendar``."""
    return _each_once(fault for year in _years(calendar, table, since, places) for fault in _lags(year))


def _years(calendar: TownCalendar, table: Holidays, since: date, places: Mapping[int, str]) -> Iterator[Year]:
    first = since.replace(day=1)
    yield Year(calendar, table, first)
    for village in sorted(calendar.apart()):
        yield Year(calendar, table, first, village, places.get(village, f"编号{village}的村"))


def _clashes(year: Year) -> Iterator[Named]:
    for period in year.months():
        record, review, filing = year.on("record", period), year.on("review", period), year.on("filing", period)
        begins = ("审核开始", review.opens) if review.opens else ("登记截止", record.due)
        for field, end, before in (
            ("review.due", ("审核截止", review.due), [begins, ("登记截止", record.due)]),
            ("filing.due", ("报镇截止", filing.due), [begins, ("审核截止", review.due)]),
        ):
            passed = next((one for one in before if end[1] < one[1]), None)
            if passed:
                yield _fault(year, field, period, end, passed, NOT_BEFORE)


def _lags(year: Year) -> Iterator[Named]:
    for period in year.months():
        record, review = year.on("record", period), year.on("review", period)
        if review.opens and review.opens < record.due:
            pair = ("审核开始", review.opens), ("登记截止", record.due)
            yield _fault(year, "review.opens", period, *pair, "开始以后才登记的事可能要到下个月才审")
    for period in year.quarters():
        month = f"{dates.last_month(period):%Y-%m}"
        filing, notice = year.on("filing", month), year.on("notice", period)
        if notice.due < filing.due:
            pair = ("公示", notice.due), ("当季最后一个月报镇截止", filing.due)
            yield _fault(year, "notice.due", period, *pair, "三个月都记了账才能公示，按这个日期公示总会迟")
        closes = year.on("year", period[:4])
        if period.endswith("Q4") and closes.due < notice.due:
            pair = ("封账", closes.due), ("四季度公示", notice.due)
            yield _fault(year, "year.due", period[:4], *pair, "公示和异议结束以后才能封账，封账日会自动推后")


def _fault(year: Year, field: str, period: str, early: tuple[str, date], late: tuple[str, date], advice: str) -> Named:
    pair = f"{early[0]}{date_cn(early[1])}早于{late[0]}{date_cn(late[1])}"
    text = f"{year.place}{dates.words(period)}的{pair}，{advice}。"
    return f"{year.village}/{early[0]}/{late[0]}", Fault("villages" if year.place else field, text)


def _each_once(faults: Iterable[Named]) -> list[Fault]:
    """In the first period in which it happens."""
    found: dict[str, Fault] = {}
    for key, fault in faults:
        found.setdefault(key, fault)
    return list(found.values())

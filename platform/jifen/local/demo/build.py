"""The district's year: one driver process for each town, all in step with the shared clock.

set up ──► each month: deeds (28th) ─► review, filing, posting (1st) ─► quarter: deductions explained (5th)
       ──► notices (10th) ─► objections (12th)
       ──► exchange in each town's windows ──► after the last: the shops are paid
       ──► 20 January: the year is closed ──► a few weeks of the next year
"""

import os
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import django
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from jifen.kernel import clock
from jifen.local.demo.plan import ADAPTS, LEAVES, REVISES, START, YEAR, DistrictPlan, chosen
from jifen.local.demo.pool import pool
from jifen.local.stack import Stack

PHASES = {
    "deeds": "登记",
    "revise": "修订细则",
    "review": "审核与记账",
    "hear": "扣分前听取说明",
    "notice": "公示",
    "object": "异议",
    "leave": "无人答复的异议",
    "exchange": "兑换",
    "settle": "结算",
    "close": "年终封账",
    "archive": "归档凭证与海报",
}


@dataclass(frozen=True, slots=True, order=True)
class Stop:
    """At this moment of business time these towns go through this phase; ``about`` is the month it is about."""

    at: datetime
    phase: str
    about: date
    hosts: tuple[str, ...]


def district(running: Stack) -> dict[str, Any]:
    """Build everything; returns counts, the seconds of the year and of each stage."""
    _start()
    columns = (TextColumn("{task.description:<24}"), BarColumn(40), MofNCompleteColumn(), TimeElapsedColumn())
    plan = chosen()
    with pool(len(plan.towns), _start) as drivers, Progress(*columns) as progress:
        return Director(running, plan, drivers, progress).build()


def _start() -> None:
    """Workers of any kind keep no pool; each driver is a process of its own."""
    os.environ["JIFEN_PROCESS"] = "worker"
    django.setup()


def stops(plan: DistrictPlan, year: int, months: Iterable[int]) -> list[Stop]:
    """The stops of ``months`` in order of time: deeds, reviews, notices, objections, exchange."""
    everywhere = plan.hosts
    found: list[Stop] = []
    for month in months:
        first = date(year, month, 1)
        following = clock.next_month(first)
        found.append(Stop(clock.at(first.replace(day=28), 9), "deeds", first, everywhere))
        hosts = tuple(host for host in everywhere if first == ADAPTS or (host, first) == REVISES)
        if hosts:
            found.append(Stop(clock.at(first.replace(day=28), 15), "revise", first, hosts))
        found.append(Stop(clock.at(following, 8, 5), "review", first, everywhere))
        if first == plan.unanswered:
            found.append(Stop(clock.at(following.replace(day=2), 9), "leave", first, (LEAVES,)))
        if month % 3 == 0:
            found.append(Stop(clock.at(following.replace(day=5), 8, 5), "hear", first, everywhere))
            found.append(Stop(clock.at(following.replace(day=10), 8, 5), "notice", first, everywhere))
            found.append(Stop(clock.at(following.replace(day=12), 9), "object", first, everywhere))
    return sorted(found)


def windows(plan: DistrictPlan, year: int) -> list[Stop]:
    """The first day of every exchange window; windows of one month that overlap meet on the first day they share."""
    found: list[Stop] = []
    for month in sorted({month for town in plan.towns for month, _, _ in town.windows}):
        opens = {town.host: days for town in plan.towns for of, *days in town.windows if of == month}
        shared = max(first for first, _ in opens.values())
        about = date(year, month, 1)
        together = tuple(host for host, (_, last) in opens.items() if last >= shared)
        found.append(Stop(clock.at(about.replace(day=shared), 10), "exchange", about, together))
        found.extend(
            Stop(clock.at(about.replace(day=first), 10), "exchange", about, (host,))
            for host, (first, _) in opens.items()
            if host not in together
        )
    return found


def settlements(plan: DistrictPlan, year: int) -> list[Stop]:
    """The day after the last window; none when it comes after all that is lived through."""
    last = max(date(year, month, last) for town in plan.towns for month, _, last in town.windows)
    at = clock.at(last + timedelta(days=1), 10)
    return [Stop(at, "settle", date(year, 1, 1), plan.hosts)] if at < clock.at(plan.until) else []


class Director:
    """Moves the clock, sets the towns' drivers to their next phase and waits for them."""

    def __init__(self, running: Stack, plan: DistrictPlan, drivers: ProcessPoolExecutor, progress: Progress) -> None:
        self.running = running
        self.plan = plan
        self.hosts = plan.hosts
        self.drivers = drivers
        self.progress = progress
        self.stages: dict[str, float] = {}

    def build(self) -> dict[str, Any]:
        from jifen.local.demo import counts, opening  # noqa: PLC0415 - models load after django.setup

        self._move(clock.at(START, 8))
        self._announced("开通三个镇", opening.open_district, self.plan, self.running.check)
        self._announced("导入花名册、建账号", self._phase, "setup", START, self.hosts)
        began = time.monotonic()
        year = [*stops(self.plan, YEAR, self.plan.months), *windows(self.plan, YEAR), *settlements(self.plan, YEAR)]
        if self.plan.whole:
            year.append(Stop(clock.at(date(YEAR + 1, 1, 20), 8, 5), "close", START, self.hosts))
        self._live(f"{YEAR}年", sorted(year))
        self._announced(PHASES["archive"], self._phase, "archive", START, self.hosts)
        seconds = time.monotonic() - began
        if self.plan.whole:
            self._live(f"{YEAR + 1}年", stops(self.plan, YEAR + 1, [1, 2]))
            self._move(clock.at(date(YEAR + 1, 3, 3), 9))
        return {**counts.count(), "seconds": round(seconds, 1), "stages": self.stages}

    def _announced(self, name: str, work: Callable[..., object], *arguments: Any) -> None:
        bar = self.progress.add_task(name, total=1)
        self._said(name)
        self._timed(name, work, *arguments)
        self.progress.advance(bar)

    def _live(self, name: str, year: list[Stop]) -> None:
        bar = self.progress.add_task(name, total=len(year))
        for stop in year:
            self._stop(stop)
            self.progress.advance(bar)

    def _stop(self, stop: Stop) -> None:
        self._said(f"{stop.at:%Y-%m-%d} {PHASES[stop.phase]}")
        self._move(stop.at)
        self._timed(PHASES[stop.phase], self._phase, stop.phase, stop.about, stop.hosts)

    def _said(self, line: str) -> None:
        """A file shows no moving bars: it gets a line as each part begins."""
        if not self.progress.console.is_terminal:
            self.progress.console.print(line, highlight=False)
            self.progress.console.file.flush()

    def _phase(self, phase: str, about: date, hosts: Iterable[str]) -> None:
        """Every town's driver does its part; the first that fails ends the demo."""
        from jifen.local.demo import drivers  # noqa: PLC0415 - models load after django.setup

        sent = [self.drivers.submit(drivers.run, host, phase, about) for host in hosts]
        for future in sent:
            future.result(timeout=600)
        self.running.check()

    def _move(self, to: datetime) -> None:
        from jifen.clocks import services as clocks  # noqa: PLC0415 - as above
        from jifen.clocks.tasks import tick  # noqa: PLC0415 - as above

        clocks.move_clock(to)
        tick.delay()

    def _timed(self, name: str, work: Callable[..., object], *arguments: Any) -> None:
        began = time.monotonic()
        work(*arguments)
        self.stages[name] = round(self.stages.get(name, 0.0) + time.monotonic() - began, 1)

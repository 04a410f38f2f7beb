"""What a test drive says is what a real item does, when exactly those speak whom the drive takes to approve."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from jifen.accounts.models import SiteRole, User
from jifen.approvals import naming, selectors, services
from jifen.approvals.definition import parse
from jifen.approvals.drive import Case, ForkLine, StepLine, drive
from jifen.approvals.models import OPEN_WORK, Item, ItemState, Stage
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from tests.approvals.engine.desk import Desk, step

START = datetime(2035, 3, 10, 9, tzinfo=clock.TIME_ZONE)
"""After the posts have begun."""
HALF = {"numerator": 1, "denominator": 2, "more": True}
Flow = Callable[[list[Actor]], list[dict[str, Any]]]


def quorum(*people: Actor, **more: Any) -> dict[str, Any]:
    return step(*people, how="quorum", quorum=HALF, **more)


def weighed(first: Actor, *others: Actor) -> dict[str, Any]:
    """The first has two votes, and the last must be among those who approve."""
    parts: list[dict[str, Any]] = [{"users": [one.id]} for one in (first, *others)]
    parts[0]["weight"], parts[-1]["required"] = 2, True
    return {"name": "票签", "who": parts, "how": "quorum", "quorum": HALF}


def twice(*people: Actor) -> dict[str, Any]:
    """All of them vote, and the last must be among those who approve though the first line means her already."""
    who = [{"users": [one.id for one in people]}, {"users": [people[-1].id], "required": True}]
    return {"name": "票签", "who": who, "how": "quorum", "quorum": HALF}


def spared(one: Actor, other: Actor, **more: Any) -> dict[str, Any]:
    return {"name": "替补", "who": {"users": [one.id], "substitute": {"users": [other.id]}}} | more


SKIP: dict[str, Any] = {"same_person": "skip"}
DAYS: dict[str, Any] = {"limit": {"days": 3}}
FLOWS: dict[str, Flow] = {
    "any, then one of them": lambda p: [step(*p, **DAYS), step(p[0], name="复核", **SKIP, **DAYS)],
    "required by another line": lambda p: [twice(*p) | DAYS],
    "any, then all of them": lambda p: [step(*p, **DAYS), step(*p, name="复核", how="all", **SKIP, **DAYS)],
    "alone, then again": lambda p: [step(p[0], **DAYS), step(p[0], p[1], name="复核", **SKIP, **DAYS)],
    "all, then any": lambda p: [step(*p[:3], how="all"), step(*p[2:], name="复核", **SKIP, **DAYS)],
    "all, then all": lambda p: [step(*p[:2], how="all", **DAYS), step(*p[:4], name="复核", how="all", **SKIP, **DAYS)],
    "in order": lambda p: [step(p[2], p[0], how="in_order", **DAYS), step(*p, name="复核", how="in_order", **SKIP)],
    "quorum, then quorum": lambda p: [quorum(*p, **DAYS), quorum(*p[2:], name="复核", **SKIP, **DAYS)],
    "quorum, then one": lambda p: [quorum(*p[:3], **DAYS), step(p[0], name="复核", **SKIP, **DAYS)],
    "votes": lambda p: [weighed(*p[:4]), step(p[0], name="复核", **SKIP, **DAYS)],
    "who stands back": lambda p: [spared(p[4], p[0], **DAYS), spared(p[4], p[4], name="乙", empty="skip")],
    "a spare alone": lambda p: [spared(p[0], p[0], **DAYS)],
    "nobody": lambda p: [step(p[4], empty="office", **DAYS), step(p[4], name="无", empty="skip"), step(p[1])],
    "not told": lambda p: [step(p[0], when="points >= 20", **DAYS), step(p[1], when="points < 3"), step(p[2])],
    "paths": lambda p: [
        {"kind": "choose", "paths": [{"when": "points >= 20", "steps": [step(p[0])]}, {"steps": [step(p[1])]}]},
        {"kind": "parallel", "paths": [
            {"steps": [step(p[0], name="左", limit={"days": 9})]}, {"steps": [step(p[2], name="右", **DAYS)]}]},
        step(p[3], name="后", **DAYS),
    ],
}  # fmt: skip


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    now = [START]
    monkeypatch.setattr(clock, "now", lambda: now[0])
    return now


@pytest.fixture
def five(desk: Desk) -> list[Actor]:
    """The last must stand back; there is an office."""
    people = desk.people("甲", "乙", "丙", "丁", "戊")
    desk.person("经办", SiteRole.TOWN_OFFICER)
    desk.deed.near = {people[-1].id}
    return people


@pytest.mark.parametrize("points", ["5", "25", None])
@pytest.mark.parametrize("flow", FLOWS)
def test_the_drive_is_what_happens(
    desk: Desk, five: list[Actor], moment: list[datetime], flow: str, points: str | None
) -> None:
    happens(desk, FLOWS[flow](five), moment, points)


@pytest.mark.parametrize("seed", range(30))
def test_any_flow_is_driven_as_it_goes(desk: Desk, five: list[Actor], moment: list[datetime], seed: int) -> None:
    random = Random(seed)
    happens(desk, [drawn(random, five, number) for number in range(random.randint(2, 4))], moment, "5")


def test_a_delegates_word_is_hers(desk: Desk, five: list[Actor], moment: list[datetime]) -> None:
    until = START + timedelta(days=90)
    services.delegate(giver=five[0].id, receiver=five[1].id, from_at=START, until_at=until, by=five[0])
    happens(desk, [step(five[0], **DAYS), step(five[1], five[2], name="复核", **SKIP)], moment, "5")
    happens(desk, [step(*five[:3], how="all", **DAYS), step(five[0], name="复核", **SKIP)], moment, "5")


def drawn(random: Random, people: list[Actor], number: int) -> dict[str, Any]:
    some = random.sample(people, random.randint(1, 5))
    who: list[dict[str, Any]] = [{"users": [one.id], "weight": random.randint(1, 2)} for one in some]
    how = random.choice(["any", "all", "in_order", "quorum"])
    if how == "quorum":
        random.choice(who)["required"] = random.random() < 0.3
        who += [{"users": [random.choice(some).id], "required": True}] if random.random() < 0.3 else []
    made = {"name": f"第{number}步", "who": who, "how": how, "limit": {"days": random.randint(1, 5)}}
    made |= {"same_person": random.choice(["ask", "skip"]), "empty": random.choice(["skip", "office"])}
    return made | ({"quorum": {"percent": random.randint(1, 100)}} if how == "quorum" else {})


def happens(desk: Desk, steps: list[dict[str, Any]], moment: list[datetime], points: Any) -> None:
    """Whoever the drive takes to approve does, at the last moment of her step."""
    moment[0] = START
    lines = {line.key: line for line in flat(drive(parse(steps), case(desk, points)))}
    item = desk.start(*steps, points=points)
    while open_ones := [lines[stage.key] for stage in Stage.objects.filter(item=item, state="active")]:
        line = min(open_ones, key=lambda one: one.due or moment[0])
        assert asked(item, line) == (sorted(line.people), line.due)
        moment[0] = line.due or moment[0]
        for user in line.approving:
            services.decide(item=item, verdict="approve", step=line.key, by=Actor.of(User.objects.get(pk=user)))
    item.refresh_from_db()
    assert item.state == ItemState.APPROVED
    spoke = set(item.words.filter(kind="approve").values_list("stage__key", flat=True))
    assert spoke == {line.key for line in lines.values() if line.approving}


def case(desk: Desk, points: Any) -> Case:
    names = naming.names(set(User.objects.values_list("pk", flat=True)))
    return Case(
        {"points": points}, desk.deed.facts, START, names, lambda who: set(who.named()), kin=desk.deed.near,
        office=naming.office(), instead=selectors.delegations("deed"),
    )  # fmt: skip


def flat(lines: Any) -> Iterator[StepLine]:
    for line in lines:
        if isinstance(line, ForkLine):
            yield from flat([inner for path in line.paths for inner in path.lines])
        else:
            yield line


def asked(item: Item, line: StepLine) -> tuple[list[str], datetime | None]:
    """By name, with whom she stands in for, as the drive tells it."""
    stage = Stage.objects.get(item=item, key=line.key, state="active")
    names = dict(User.objects.values_list("pk", "display_name"))
    rows = stage.assignments.filter(state__in=OPEN_WORK)
    instead = {row.user_id: f"（代{names[row.holder_id]}）" for row in rows if row.origin == "delegate"}
    return sorted(names[row.user_id] + instead.get(row.user_id, "") for row in rows), stage.due_at

"""Items live through flows of any shape, people of any standing, and whatever anybody does to them.

No item is lost, stuck without a named owner, decided twice, or decided by somebody who must stand back.
"""

import os
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Count
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from jifen.accounts.models import SiteRole, User
from jifen.approvals import machine, registry, selectors, services, verify
from jifen.approvals.models import Assignment, Delegation, Flow, Item, ItemState, Stage, Word
from jifen.approvals.selectors import turns
from jifen.approvals.selectors.moving import standing
from jifen.approvals.selectors.people import plan
from jifen.files.models import File
from jifen.flows import posts
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.errors import JifenError
from tenants.community import grants
from tests.approvals.engine.desk import Deed, Desk, fingerprint
from tests.approvals.engine.posts import BY_POST, POSTS, Village
from tests.cast import Cast

EXAMPLES = int(os.environ.get("JIFEN_LIFE_EXAMPLES", "15"))
PEOPLE, ITEMS = 6, 3
NUMBER = st.integers(0, PEOPLE - 1)
ITEM = st.integers(0, ITEMS - 1)
POINTS = st.sampled_from(["1", "5", "9"])
LIMITS = st.sampled_from(["remind", "escalate", "pass", "refuse", "return"])
BROUGHT = ("transferred", "handed_over", "added", "delegate")
ENDINGS = {"approved": "approved", "rejected": "rejected", "withdrawn": "withdrawn", "terminated": "withdrawn"}


@st.composite
def parts(draw: st.DrawFn) -> dict[str, Any]:
    """People who are named, or a role, a seat, the group's leader, whoever stands above the starter."""
    named: dict[str, Any] = {"users": draw(st.lists(NUMBER, min_size=1, max_size=4, unique=True))}
    who = {**(named if draw(st.booleans()) else draw(BY_POST)), "weight": draw(st.integers(1, 3))}
    if draw(st.booleans()):
        spare = {"users": [draw(NUMBER)]} if draw(st.booleans()) else draw(BY_POST)
        who |= {"substitute": spare, "required": draw(st.booleans())}
    return who


@st.composite
def steps(draw: st.DrawFn, depth: int = 0) -> dict[str, Any]:
    """A step or a fork; people are numbers, and steps have few names, so that versions know each other's."""
    if depth < 2 and draw(st.integers(0, 3)) == 0:
        return draw(forks(depth))
    who = draw(parts()) if draw(st.integers(0, 3)) else [draw(parts()), draw(parts())]
    how = draw(st.sampled_from(["any", "all", "in_order", "quorum"]))
    made: dict[str, Any] = {
        "name": draw(st.sampled_from("甲乙丙丁戊己庚辛")), "who": who, "how": how,
        "empty": draw(st.sampled_from(["skip", "office", "block"])),
        "same_person": draw(st.sampled_from(["ask", "skip"])), "rerun": draw(st.sampled_from(["again", "straight"])),
        "when": draw(st.sampled_from(["", "points >= 5", "points < 5"])),
    }  # fmt: skip
    made |= {"quorum": {"percent": draw(st.integers(1, 100))}} if how == "quorum" else {}
    return made | ({"limit": {"days": draw(st.integers(1, 3)), "then": draw(LIMITS)}} if draw(st.booleans()) else {})


@st.composite
def forks(draw: st.DrawFn, depth: int) -> dict[str, Any]:
    kind = draw(st.sampled_from(["parallel", "choose", "inclusive"]))
    inner = draw(st.lists(st.lists(steps(depth + 1), min_size=1, max_size=2), min_size=1, max_size=3))
    whens = ["points >= 5", "points < 5", "points > 8"]
    paths = [{"steps": one, "when": "" if kind == "parallel" else whens[n]} for n, one in enumerate(inner)]
    return {"name": "分路", "kind": kind, "paths": paths}


FLOWS = st.lists(steps(), min_size=1, max_size=4)


class Life(RuleBasedStateMachine):
    desk: Desk
    village: Village
    people: list[Actor]

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.deed = self.desk.deed
        self.deed.endings, self.deed.near = {}, set()
        self.items: list[int] = []
        self.over: dict[int, list[Any]] = {}
        self.days = timedelta()
        self.heard = 0
        self.scan = File.objects.create(
            key="t_alpha/scan", kind="sheet", content_type="image/jpeg", size=1, sha256="0" * 64, state="ready",
            created_at=clock.now(), **SYSTEM.columns(),
        )  # fmt: skip
        clock._offset[:] = [lambda: self.days]
        self.install([{"name": "甲", "who": {"users": [0]}}])

    def teardown(self) -> None:
        try:
            self.live_to_the_end()
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def install(self, flow: list[dict[str, Any]]) -> None:
        services.install(subject_kind="deed", steps=self.meant(flow), by=SYSTEM)

    def meant(self, node: Any) -> Any:
        """The same with accounts instead of numbers."""
        if isinstance(node, list):
            return [self.meant(one) for one in node]
        if not isinstance(node, dict):
            return node
        found = {key: self.meant(value) for key, value in node.items()}
        return found | ({"users": [self.people[n].id for n in node["users"]]} if "users" in node else {})

    def item(self, number: int) -> Item:
        return Item.objects.get(pk=self.items[number % len(self.items)])

    def actor(self, item: Item, who: int) -> Actor:
        """Mostly somebody whose turn it is."""
        turn = Assignment.objects.filter(stage__item=item, stage__state="active", state__in=["active", "claimed"])
        users = [row.user for row in turn.select_related("user").order_by("pk")]
        return Actor.of(users[who % len(users)]) if users and who < PEOPLE - 1 else self.people[who]

    def may(self, act: Callable[[], Any]) -> bool:
        """It is done (true), or refused with a reason and changes nothing."""
        before = [fingerprint(Item.objects.get(pk=pk)) for pk in self.items]
        try:
            with transaction.atomic():
                act()
        except JifenError:
            assert [fingerprint(Item.objects.get(pk=pk)) for pk in self.items] == before
            return False
        return True

    @initialize(flow=FLOWS, points=POINTS)
    def begin_at_once(self, flow: list[dict[str, Any]], points: str) -> None:
        self.begin(flow, points)

    @rule(flow=FLOWS, points=POINTS)
    def begin(self, flow: list[dict[str, Any]], points: str) -> None:
        if len(self.items) < ITEMS:
            self.install(flow)
            values: dict[str, Any] = {"facts": {"points": points}, "by": self.village.starter} | self.village.where
            made = services.start(subject_kind="deed", subject_id=len(self.items), **values)
            self.items += [made.pk] if made else []

    @precondition(lambda self: self.items)
    @rule(number=ITEM, who=NUMBER)
    def approve(self, number: int, who: int) -> None:
        self.decide(number, who, "approve", False)

    @precondition(lambda self: self.items)
    @rule(number=ITEM, who=NUMBER, verdict=st.sampled_from(["approve"] * 7 + ["reject"]), points=st.booleans())
    def decide(self, number: int, who: int, verdict: str, points: bool) -> None:
        item = self.item(number)
        by = self.actor(item, who)
        self.may(
            lambda: services.decide(
                item=item,
                verdict=verdict,
                reason="看过",
                points=Decimal(7) if points else None,
                by=by,
            )
        )

    @precondition(lambda self: self.items)
    @rule(who=NUMBER, verdict=st.sampled_from(["approve"] * 5 + ["reject"]))
    def decide_many(self, who: int, verdict: str) -> None:
        items = [Item.objects.get(pk=pk) for pk in self.items]
        by = self.actor(items[who % len(items)], who)
        for item in items:
            self.may(lambda one=item: self.refused(one, verdict, by))  # type: ignore[misc]

    def refused(self, item: Item, verdict: str, by: Actor) -> None:
        """The batch tells what was wrong with each instead of raising it."""
        [(_, problem)] = services.decide_many(items=[item], verdict=verdict, reason="一并", by=by)
        if problem is not None:
            raise problem

    @precondition(lambda self: self.items)
    @rule(number=ITEM, who=NUMBER, other=NUMBER, verdict=st.sampled_from(["approve"] * 3 + ["reject"]))
    def decide_on_paper(self, number: int, who: int, other: int, verdict: str) -> None:
        item = self.item(number)
        users = {self.actor(item, who).id, self.actor(item, other).id}
        words = [services.PaperWord(user, verdict, "见签字") for user in sorted(users)]
        day = clock.today()
        self.may(lambda: services.decide_on_paper(item=item, words=words, scan=self.scan, signed_on=day, by=SYSTEM))

    @precondition(lambda self: self.items)
    @rule(number=ITEM, who=NUMBER, other=NUMBER, act=st.sampled_from(["comment", "copy", "ask"]))
    def talk(self, number: int, who: int, other: int, act: str) -> None:
        item, to = self.item(number), self.people[other].id
        by, before = self.actor(item, who), self.desk.turn(item)
        told: dict[str, dict[str, Any]] = {
            "comment": {"text": "看"}, "copy": {"to": [to]}, "ask": {"to": to, "text": "何时"}
        }  # fmt: skip
        more = told[act]
        self.may(lambda: getattr(services, act)(item=item, by=by, **more))
        question = Word.objects.filter(item=item, kind="ask").last()
        if question is not None and act == "ask":
            self.may(lambda: services.answer(question=question, text="昨天", by=self.people[other]))
        assert self.desk.turn(item) == before

    @precondition(lambda self: self.items)
    @rule(number=ITEM, who=NUMBER, to=st.sampled_from(["starter", "previous", "甲", "乙"]))
    def send_back(self, number: int, who: int, to: str) -> None:
        item = self.item(number)
        by = self.actor(item, who)
        self.may(lambda: services.send_back(item=item, to=to, reason="不对", by=by))

    @precondition(lambda self: self.items)
    @rule(
        number=ITEM, who=NUMBER, other=NUMBER, act=st.sampled_from(["transfer", "before", "after", "beside", "remove"])
    )
    def share(self, number: int, who: int, other: int, act: str) -> None:
        item, to = self.item(number), self.people[other].id
        by = self.actor(item, who)
        if act == "transfer":
            self.may(lambda: services.transfer(item=item, to=to, by=by))
        elif act == "remove":
            self.may(lambda: services.remove(item=item, user=to, by=by))
        else:
            self.may(lambda: services.add(item=item, to=to, where=act, by=by))  # type: ignore[arg-type]

    @precondition(lambda self: self.items)
    @rule(number=ITEM, who=NUMBER, act=st.sampled_from(["claim", "release", "take_back", "mark_read"]))
    def handle(self, number: int, who: int, act: str) -> None:
        item = self.item(number)
        by = self.people[who] if act == "take_back" else self.actor(item, who)
        self.may(lambda: getattr(services, act)(item=item, by=by))

    @rule(who=NUMBER, other=NUMBER, where=st.sampled_from(["before", "after", "beside"]))
    def claim_and_ask_one_more(self, who: int, other: int, where: Any) -> None:
        turn = Assignment.objects.filter(
            stage__item__state="open", stage__state="active", state__in=["active", "claimed"]
        )
        rows = [row for row in turn.order_by("pk") if self.how(row) == "any"]
        if rows:
            row, to = rows[who % len(rows)], self.people[other].id
            terms: dict[str, Any] = {"item": row.stage.item, "step": row.stage.key, "by": Actor.of(row.user)}
            self.may(lambda: services.claim(**terms))
            self.may(lambda: services.add(to=to, where=where, **terms))

    def how(self, row: Assignment) -> str:
        step = row.stage.item.flow.definition.step(row.stage.key)
        return step.how if step else ""

    @precondition(lambda self: self.items)
    @rule(number=ITEM)
    def the_rooms_own_time_is_over(self, number: int) -> None:
        self.may(lambda: services.escalate(item=self.item(number), reason="超过期限"))

    @precondition(lambda self: self.items)
    @rule(number=ITEM, act=st.sampled_from(["resubmit"] * 4 + ["wake"] * 4 + ["remind", "withdraw"]))
    def of_the_starter(self, number: int, act: str) -> None:
        item = self.item(number)
        self.may(lambda: getattr(services, act)(item=item, by=self.village.starter))

    @precondition(lambda self: self.items)
    @rule(
        number=ITEM, act=st.sampled_from(["jump"] * 4 + ["suspend"] * 3 + ["terminate"]), to=st.sampled_from("甲乙丙丁")
    )
    def of_the_administrator(self, number: int, act: str, to: str) -> None:
        item, more = self.item(number), {"to": to} if act == "jump" else {}
        self.may(lambda: getattr(services, act)(item=item, reason="清理", by=SYSTEM, **more))

    @rule(who=NUMBER)
    def relation_changes(self, who: int) -> None:
        self.deed.near ^= {self.people[who].id}

    @rule(who=NUMBER, post=st.integers(0, len(POSTS) - 1))
    def post_changes(self, who: int, post: int) -> None:
        self.may(lambda: self.village.changes(who, post))

    @rule(who=NUMBER)
    def account_changes(self, who: int) -> None:
        user = User.objects.get(pk=self.people[who].id)
        User.objects.filter(pk=user.pk).update(is_active=not user.is_active)

    @rule(who=NUMBER, other=NUMBER, days=st.integers(1, 3))
    def delegate(self, who: int, other: int, days: int) -> None:
        now, giver = clock.now(), self.people[who]
        self.may(
            lambda: services.delegate(
                giver=giver.id,
                receiver=self.people[other].id,
                from_at=now,
                until_at=now + timedelta(days=days),
                by=giver,
            )
        )

    @rule()
    def delegation_is_revoked(self) -> None:
        row = Delegation.objects.filter(revoked_at=None).last()
        if row is not None:
            self.may(lambda: services.revoke(delegation=row, by=SYSTEM))

    @precondition(lambda self: self.items)
    @rule(number=ITEM, hours=st.integers(1, 60))
    def rest_until(self, number: int, hours: int) -> None:
        item, until = self.item(number), clock.now() + timedelta(hours=hours)
        self.may(lambda: services.suspend(item=item, reason="等材料", until=until, by=SYSTEM))

    @rule(who=NUMBER, other=NUMBER)
    def hand_over(self, who: int, other: int) -> None:
        self.may(lambda: services.hand_over(giver=self.people[who].id, receiver=self.people[other].id, by=SYSTEM))

    @rule(who=NUMBER, other=NUMBER)
    def post_is_handed_over(self, who: int, other: int) -> None:
        """With all she has in hand; what a post of hers brought her is not hers a moment longer."""
        giver, receiver = (User.objects.get(pk=self.people[one].id) for one in (who, other))
        if self.may(lambda: posts.hand_over(giver=giver, receiver=receiver, witness="见证人", by=SYSTEM)):
            for row in Assignment.objects.filter(user=giver, stage__state="active", state__in=machine.OPEN_WORK):
                item, step = row.stage.item, row.stage.item.flow.definition.step(row.stage.key)
                assert step and not turns.without_post(item, step, [row], plan(item, step))

    @rule(who=NUMBER, days=st.integers(1, 3))
    def post_ends_soon(self, who: int, days: int) -> None:
        self.may(lambda: self.village.ends_soon(who, days))

    @rule(flow=FLOWS, running=st.sampled_from(["finish", "move", "move"]))
    def flow_changes(self, flow: list[dict[str, Any]], running: str) -> None:
        made = services.save(subject_kind="deed", steps=self.meant(flow), by=SYSTEM)
        told = {one.item.pk: one for one in services.preview_move(made)}
        services.activate(flow=made, running=running, by=SYSTEM)
        self.moved_as_told(made, told if running == "move" else {})

    def moved_as_told(self, made: Flow, told: dict[int, Any]) -> None:
        """Every item stands exactly where the preview said, with those people, and none is decided."""
        for pk, landing in told.items():
            item = Item.objects.get(pk=pk)
            assert (item.flow_id == made.pk, item.finished_at) == (landing.can_move, None)
            stages, people = standing(item)
            if landing.can_move and item.state == ItemState.OPEN:
                assert ([stage.key for stage in stages], people) == (list(landing.steps), landing.people)
            elif landing.can_move:
                assert (stages, landing.people) == ([], (item.starter_id,))

    @rule(hours=st.integers(1, 60))
    def time_goes_on(self, hours: int) -> None:
        self.days += timedelta(hours=hours)
        services.sweep()

    @rule(hours=st.integers(1, 60))
    def the_clock_is_set_back(self, hours: int) -> None:
        self.days -= timedelta(hours=hours)
        services.sweep()

    @rule()
    def morning_comes(self) -> None:
        services.look()

    @invariant()
    def nothing_is_lost(self) -> None:
        breaches = {check.code: check.breaches() for check in verify.checks()}
        assert set(breaches.values()) == {0}, breaches

    @invariant()
    def nobody_barred_has_spoken(self) -> None:
        """By whatever way her word came; asked after each act, while those who stand back are the same."""
        spoken = Word.objects.filter(pk__gt=self.heard, kind__in=["approve", "reject"])
        assert not set(spoken.values_list("speaker_id", flat=True)) & self.deed.near
        assert not [word.pk for word in spoken if not self.had_a_say(word)]
        last = Word.objects.last()
        self.heard = last.pk if last else 0

    def had_a_say(self, word: Word) -> bool:
        """The flow means her, or she holds a post: never just because somebody brought her in."""
        brought = Assignment.objects.filter(stage=word.stage, user=word.speaker_id, origin__in=BROUGHT).exists()
        named = {user for who in word.item.flow.definition.deciders() for user in who.named()}
        return not brought or word.speaker_id in named | registry.deciders({word.speaker_id}, self.village.place.pk)

    @invariant()
    def who_was_asked_first_speaks_first_whatever_is_claimed(self) -> None:
        rows = Assignment.objects.filter(stage__state="active", stage__item__state="open")
        live = rows.filter(state__in=machine.LIVE_WORK).order_by("stage", "seat", "rank", "id")
        for _, seat in groupby(live, key=lambda row: (row.stage_id, row.seat)):
            following = [row for row in seat if row.state != "done"]
            assert {row.state for row in following[1:]} <= {"waiting"}
            assert not following or following[0].origin not in ("added", "escalated") or self.has_her_turn(following[0])

    def has_her_turn(self, row: Assignment) -> bool:
        """Or somebody before her in a step in order, or a refusal of her seat, which the others overrule."""
        refused = row.stage.assignments.filter(seat=row.seat, state="done", verdict="reject").exists()
        return row.state in ("active", "claimed") or refused or self.how(row) == "in_order"

    @invariant()
    def who_has_approved_is_asked_again_only_where_the_step_says_so(self) -> None:
        asked = Assignment.objects.filter(stage__state="active", stage__item__state="open", origin__in=turns.BY_POST)
        for row in asked.filter(state__in=machine.OPEN_WORK).select_related("stage__item__flow"):
            step = row.stage.item.flow.definition.step(row.stage.key)
            passed = {"stage__item": row.stage.item_id, "stage__state": "passed", "state": "done", "verdict": "approve"}
            if step and step.same_person == "skip":
                assert not Assignment.objects.filter(**passed, user=row.user_id).exists()

    @invariant()
    def nobody_speaks_twice_at_a_stage(self) -> None:
        said = Assignment.objects.filter(state="done").values("stage", "user").annotate(n=Count("pk"))
        assert not said.filter(n__gt=1).exists()

    @invariant()
    def what_is_over_ended_once_and_stays_so(self) -> None:
        for item in Item.objects.filter(pk__in=self.items).exclude(finished_at=None):
            assert self.deed.endings[item.pk] == [ENDINGS[item.state]]
            kept = self.over.setdefault(item.pk, fingerprint(item)[:3])
            assert fingerprint(item)[:2] == kept[:2]
        assert set(self.deed.endings) <= set(self.over)

    def live_to_the_end(self) -> None:
        """Whatever happened, those who are named bring every item to its end, once the clock is right again."""
        self.days = max(self.days, timedelta()) + timedelta(days=1)
        self.deed.near = set()
        User.objects.update(is_active=True)
        Delegation.objects.update(revoked_at=clock.now())
        self.village.fill()
        for pk in self.items:
            for _ in range(80):
                item = Item.objects.get(pk=pk)
                if item.finished_at is not None:
                    break
                self.somebody_goes_on(item)
            assert Item.objects.get(pk=pk).finished_at is not None
        self.what_is_over_ended_once_and_stays_so()

    def somebody_goes_on(self, item: Item) -> None:
        if item.state == ItemState.RETURNED:
            starter = Actor(item.starter_realm, item.starter_id, item.starter_name)
            services.resubmit(item=item, by=starter)
        elif item.state == ItemState.SUSPENDED:
            services.wake(item=item, by=SYSTEM)
        else:
            services.look()
            stage = Stage.objects.filter(item=item, state="active").order_by("pk").first()
            if stage is not None and Item.objects.get(pk=item.pk).state == ItemState.OPEN:
                row = stage.assignments.get(
                    pk=min(stage.assignments.filter(state__in=["active", "claimed"]).values_list("pk", flat=True))
                )
                services.decide(item=item, verdict="approve", step=stage.key, by=Actor.of(row.user))


@pytest.fixture
def offset() -> Any:
    kept = list(clock._offset)
    yield
    clock._offset[:] = kept


def test_no_item_is_lost_stuck_decided_twice_or_by_the_wrong_one(
    desk: Desk, deed: Deed, offset: None, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, "_holders", [*registry._holders, grants.holders])
    monkeypatch.setattr(registry, "_superiors", [*registry._superiors, grants.superiors])
    monkeypatch.setattr(registry, "_posts", [selectors.site_posts, grants.posts])
    village = Village(cast)
    people = [*village.people, desk.person("经办", SiteRole.TOWN_OFFICER)]
    machine = type("TheirLife", (Life,), {"desk": desk, "village": village, "people": people})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )

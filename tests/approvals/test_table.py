"""Every operation of approvals × every role × a foreign town, as a table.

The operations come from the router: one without a row fails. Each cell is what the API answers when that person does it
to an item that 李委员 has to decide, that 赵六 started, in a town she belongs to (the last column: the administrator
of another town). The letters: ``tests.tables``.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from jifen.accounts.models import User
from jifen.approvals import services
from jifen.approvals.models import Flow, Item, WordKind
from jifen.approvals.services import drafting
from jifen.files import services as files
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.tenancy import entered
from tenants.community.models import Role
from tenants.models import Town
from tests import clients, tables
from tests.approvals.deeds import ADMIN, Deed, started
from tests.cast import Cast

ROLES = (
    "decider", "starter", "officer", "admin", "steward", "committee", "supervisor", "leader", "volunteer", "villager",
    "nobody", "foreign",
)  # fmt: skip
TABLE = """
approval-delegations:create          y y y y y y y y y y u w
approval-delegations:list            y n n n n n n n n n u n
approval-delegations:revoke          y n n n n n n n n n u n
approval-flow-drafts/deed/save:post  f f f y f f f f f f u w
approval-flow-drafts/deed:delete     f f f y f f f f f f u y
approval-flow-drafts/deed:get        f f y y f f f f f f u y
approval-flow-drafts/deed:put        f f f y f f f f f f u w
approval-flows:activate              f f f y f f f f f f u n
approval-flows:concerns              f f y y f f f f f f u n
approval-flows:create                f f f y f f f f f f u y
approval-flows:list                  f f y y f f f f f f u n
approval-flows:move                  f f f y f f f f f f u n
approval-flows:preview               f f y y f f f f f f u n
approval-flows:retrieve              f f y y f f f f f f u n
approval-flows:under_way             f f y y f f f f f f u n
approval-hand-overs:post             f f f y f f f f f f u w
approval-items:act_add               y f f f n n n n n n u n
approval-items:act_answer            y w w w n n n n n n u n
approval-items:act_approve           y f f f n n n n n n u n
approval-items:act_ask               y y y y n n n n n n u n
approval-items:act_claim             y f f f n n n n n n u n
approval-items:act_comment           y y y y n n n n n n u n
approval-items:act_copy              y y y y n n n n n n u n
approval-items:act_jump              f f f y f f f f f f u n
approval-items:act_paper             f f y y y f f f f f u n
approval-items:act_read              y f f f n n n n n n u n
approval-items:act_reject            y f f f n n n n n n u n
approval-items:act_release           y w w y n n n n n n u n
approval-items:act_remind            f y f y n n n n n n u n
approval-items:act_remove            y f f y n n n n n n u n
approval-items:act_resubmit          f y f f n n n n n n u n
approval-items:act_return            y f f f n n n n n n u n
approval-items:act_suspend           y f f y n n n n n n u n
approval-items:act_take_back         y f f f n n n n n n u n
approval-items:act_terminate         f f f y f f f f f f u n
approval-items:act_transfer          y f f f n n n n n n u n
approval-items:act_wake              y f f y n n n n n n u n
approval-items:act_withdraw          f y f f n n n n n n u n
approval-items:decide                y f f f n n n n n n u n
approval-items:list                  y y y y n n n n n n u n
approval-items:retrieve              y y y y y n n n n n u n
approval-items:words                 y y y y y n n n n n u n
"""
ROWS = tables.parsed(TABLE)
MODULES = "jifen.approvals.api."
FIRST = "先看"


def operations() -> dict[str, tuple[str, str]]:
    """``prefix:action`` -> method and address of every call that the room has put on the router."""
    found = tables.operations(lambda prefix, view: view.__module__.startswith(MODULES))
    return {
        name.replace("<slug:kind>", "deed"): (method, route.replace("<slug:kind>", "deed"))
        for name, (method, route) in found.items()
    }


class Scene:
    """Who there is and what she acts on; ``prepare`` brings the item to where an operation makes sense."""

    def __init__(self, cast: Cast, other_town: Town) -> None:
        self.cast, self.other_town = cast, other_town
        self.people: dict[str, User] = {
            "decider": cast.committee(), "starter": cast.villager(cast.household(name="赵六")),
            "officer": cast.officer(), "admin": cast.admin(), "steward": cast.steward(),
            "committee": cast.committee(name="吴委员"), "supervisor": cast.supervisor(),
            "leader": cast.holder("孙组长", Role.GROUP_LEADER), "volunteer": cast.holder("周志愿", Role.VOLUNTEER),
            "villager": cast.villager(cast.household(name="钱七")),
        }  # fmt: skip
        self.spare, self.li = cast.officer("钱经办"), self.people["decider"]
        step = {"name": FIRST, "who": {"users": [self.li.pk, self.spare.pk]}}
        self.item = started(step, ADMIN, by=self.people["starter"], village=cast.village().pk)
        self.flow = services.save(subject_kind="deed", steps=[ADMIN], by=Actor.of(self.people["admin"]))
        drafting.keep(
            subject_kind="deed", steps=self.flow.definition, base=0, revision=0, by=Actor.of(self.people["admin"])
        )
        self.given = services.delegate(
            giver=self.li.pk, receiver=self.spare.pk, from_at=clock.now() + timedelta(days=30),
            until_at=clock.now() + timedelta(days=31), subject_kind="deed", by=Actor.of(self.li),
        )  # fmt: skip
        self.clients = {role: clients.api_client(self.people.get(role)) for role in ROLES if role != "foreign"}

    def prepare(self, name: str) -> None:
        item, li, zhou = self.item, Actor.of(self.li), Actor.of(self.people["admin"])
        acts: dict[str, Callable[[], object]] = {
            "move": lambda: services.activate(flow=self.flow, running="finish", by=zhou),
            "act_resubmit": lambda: services.send_back(item=item, to="starter", reason="补材料", by=li),
            "act_release": lambda: services.claim(item=item, by=li),
            "act_take_back": lambda: services.decide(item=item, verdict="approve", by=li),
            "act_wake": lambda: services.suspend(item=item, reason="等雨停", by=li),
            "act_answer": lambda: services.ask(item=item, to=self.li.pk, text="几时?", by=zhou),
            "act_read": lambda: services.copy(item=item, to=[self.li.pk], by=zhou),
            "act_remove": lambda: services.add(item=item, to=self.cast.officer("冯经办").pk, where="beside", by=li),
        }
        acts.get(name, lambda: None)()

    def body(self, operation: str, role: str) -> dict[str, Any]:
        now, question = clock.now(), self.item.words.filter(kind=WordKind.ASK).first()
        added = self.item.stages.filter(assignments__origin="added").values_list("assignments__user", flat=True)
        to = self.spare.pk
        bodies: dict[str, dict[str, Any]] = {
            "act_return": {"to": "starter", "reason": "重写"}, "act_reject": {"reason": "不实"},
            "act_transfer": {"to": self.people["officer"].pk}, "act_add": {"to": self.people["officer"].pk},
            "act_remove": {"user": max(added, default=1)}, "act_comment": {"text": "好"},
            "act_ask": {"to": to, "text": "几时?"}, "act_copy": {"to": [to]}, "act_suspend": {"reason": "等雨停"},
            "act_answer": {"question": question.pk if question else 1, "text": "昨天"},
            "act_paper": {
                "words": [{"user": self.li.pk, "verdict": "approve"}], "scan": self.scan(operation, role),
                "signed_on": clock.today().isoformat(),
            },
            "act_jump": {"to": ADMIN["name"], "reason": "急"}, "act_terminate": {"reason": "重复"},
            "decide": {"items": [self.item.pk], "verdict": "approve"},
            "activate": {"running": "finish"},
            "post": {"giver": self.li.pk, "receiver": to},
        }  # fmt: skip
        if operation.startswith("approval-delegations"):
            terms = {"receiver": to, "from_at": now.isoformat(), "until_at": (now + timedelta(days=2)).isoformat()}
            return terms if operation.endswith("create") else {}
        if operation.startswith("approval-flow-drafts"):
            return {"revision": 1} | ({"steps": [ADMIN]} if operation.endswith(":put") else {})
        if operation == "approval-flows:create":
            return {"subject_kind": "deed", "steps": [ADMIN]}
        return bodies.get(operation.split(":")[1], {})

    def scan(self, operation: str, role: str) -> int:
        """The signed sheet that ``role`` has uploaded."""
        if not operation.endswith("act_paper") or role not in self.people:
            return 1
        by = Actor.of(self.people[role])
        return files.store(kind="evidence", name="表.pdf", content_type="application/pdf", body=b"%PDF-", by=by).pk

    def subject(self, operation: str) -> Any:
        kinds = {"approval-items": self.item, "approval-flows": self.flow, "approval-delegations": self.given}
        return kinds.get(operation.split(":", maxsplit=1)[0], self.item)

    def answer(self, role: str, method: str, path: str, body: dict[str, Any]) -> Any:
        path += "?revision=1" if method == "delete" else ""
        if role == "foreign":
            with entered(self.other_town.schema_name):
                return getattr(clients.api_client(self.cast.admin()), method)(path, body, format="json")
        return getattr(self.clients[role], method)(path, body, format="json")


def outcome(operation: str, answer: Any, subject: Any) -> str:
    found = tables.letter(answer)
    if found == "y" and operation.endswith(":list"):
        return tables.listed(answer, subject.pk)
    if found == "y" and operation == "approval-items:decide":
        [row] = answer.json()
        return "n" if row["code"] == "not_found" else {True: "y", False: "f"}[row["done"]]
    return found


def test_every_operation_has_its_row() -> None:
    assert set(ROWS) == set(operations())
    assert {len(row) for row in ROWS.values()} == {len(ROLES)}


@pytest.mark.parametrize("group", tables.groups(operations()))
def test_each_operation_is_for_whom_it_is(cast: Cast, deed: Deed, other_town: Town, group: str) -> None:
    scene, found = Scene(cast, other_town), {}
    for operation, call in tables.of(group, operations()).items():
        with tables.undone():
            found[operation] = letters(scene, operation, call)
        scene.item.refresh_from_db()
    assert found == {operation: ROWS.get(operation) for operation in found}


def letters(scene: Scene, operation: str, call: tuple[str, str]) -> str:
    """The row of ``operation``, as the answers are."""
    scene.prepare(operation.split(":")[1])
    subject, (method, route), found = scene.subject(operation), call, ""
    path = tables.BASE + route.replace("PK", str(subject.pk))
    before = (Item.objects.values().get(), Flow.objects.count())
    for role in ROLES:
        with tables.undone():
            found += outcome(operation, scene.answer(role, method, path, scene.body(operation, role)), subject)
        assert (Item.objects.values().get(), Flow.objects.count()) == before
    return found

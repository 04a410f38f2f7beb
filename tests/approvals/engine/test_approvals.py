"""An item goes through its flow: the right people decide, once, and nobody on her own affairs."""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import pytest

from jifen.accounts import services as accounts
from jifen.accounts.models import SiteRole, User
from jifen.approvals import errors, registry, selectors, services
from jifen.approvals.models import Flow, Item, ItemState, Word
from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.errors import InvalidInput
from jifen.kernel.tenancy import entered
from tenants.models import Town
from tests.together import together

OFFICER = {"name": "经办", "who": {"role": "town_officer"}, "how": "any"}
LEADERS = {"name": "主任", "who": {"role": "town_admin"}, "how": "all", "when": "points > 20"}


class Deed(registry.SubjectKind):
    """What the registered room was told; ``near`` must stand back."""

    kind = "deed"
    name = "登记"
    facts = {"points": "number"}
    near: ClassVar[set[int]] = set()

    def __init__(self, told: list[tuple[str, int]]) -> None:
        self.told = told

    def on_approved(self, item: Item, by: Actor) -> None:
        self.told.append(("approved", item.subject_id))

    def on_rejected(self, item: Item, by: Actor) -> None:
        self.told.append(("rejected", item.subject_id))

    def bars(self, item: Item, users: set[int]) -> set[int]:
        return users & self.near


@pytest.fixture
def effects(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[tuple[str, int]]]:
    """What the registered room was told."""
    told: list[tuple[str, int]] = []
    monkeypatch.setattr(registry, "_kinds", {})
    monkeypatch.setattr(registry, "_holders", [selectors.site_holders])
    registry.register(Deed(told))
    yield told


def officer(name: str, role: SiteRole = SiteRole.TOWN_OFFICER) -> Actor:
    user = accounts.create(username=name, display_name=name, password=None, by=SYSTEM)
    accounts.grant_role(user=user, role=role, by=SYSTEM)
    return Actor.of(user)


def start(*steps: Mapping[str, Any], points: str = "5", subject: int = 1) -> Item | None:
    services.install(subject_kind="deed", steps=steps or (OFFICER,), by=SYSTEM)
    return services.start(subject_kind="deed", subject_id=subject, village_id=3, facts={"points": points}, by=SYSTEM)


def started(*steps: Mapping[str, Any], **other: Any) -> Item:
    item = start(*steps, **other)
    assert item is not None
    return item


def test_one_word_approves_where_one_is_enough(town: Town, effects: list[Any]) -> None:
    chen, item = officer("陈经办"), started()
    services.decide(item=item, verdict="approve", reason="", by=chen)
    item.refresh_from_db()
    assert (item.state, effects) == (ItemState.APPROVED, [("approved", 1)])


def test_a_refusal_needs_its_reason(town: Town, effects: list[Any]) -> None:
    chen, item = officer("陈经办"), started()
    with pytest.raises(errors.ReasonMissing):
        services.decide(item=item, verdict="reject", reason=" ", by=chen)
    assert not item.words.exclude(kind="start").exists()
    services.decide(item=item, verdict="reject", reason="照片看不清", by=chen)
    assert effects == [("rejected", 1)]


def test_a_second_step_follows_when_its_condition_holds(town: Town, effects: list[Any]) -> None:
    chen, zhou = officer("陈经办"), officer("周主任", SiteRole.TOWN_ADMIN)
    item = started(OFFICER, LEADERS, points="30")
    item = services.decide(item=item, verdict="approve", by=chen)
    assert (selectors.current_step(item).name, item.state, effects) == ("主任", ItemState.OPEN, [])
    services.decide(item=item, verdict="approve", by=zhou)
    assert effects == [("approved", 1)]


def test_a_second_step_is_passed_over_when_it_does_not(town: Town, effects: list[Any]) -> None:
    item = services.decide(item=started(OFFICER, LEADERS), verdict="approve", by=officer("陈经办"))
    assert item.state == ItemState.APPROVED


def test_when_no_step_applies_nobody_is_asked(town: Town, effects: list[Any]) -> None:
    assert start(LEADERS) is None
    assert not Item.objects.exists()


def test_all_must_agree_where_all_are_asked(town: Town, effects: list[Any]) -> None:
    one, two = officer("周主任", SiteRole.TOWN_ADMIN), officer("吴主任", SiteRole.TOWN_ADMIN)
    item = started({**LEADERS, "when": ""})
    assert services.decide(item=item, verdict="approve", by=one).state == ItemState.OPEN
    assert services.decide(item=item, verdict="approve", by=two).state == ItemState.APPROVED


def test_somebody_else_cannot_decide(town: Town, effects: list[Any]) -> None:
    stranger, item = officer("周主任", SiteRole.TOWN_ADMIN), started()
    for by in (stranger, SYSTEM, Actor("t_beta", officer("陈经办").id, "陈经办")):
        with pytest.raises(errors.NotYours):
            services.decide(item=item, verdict="approve", by=by)
    assert not item.words.exclude(kind="start").exists()


def test_nobody_decides_on_her_own_affair(town: Town, effects: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    chen, li = officer("陈经办"), officer("李经办")
    monkeypatch.setattr(Deed, "near", {chen.id})
    item = started()
    with pytest.raises(errors.Recused, match="回避"):
        services.decide(item=item, verdict="approve", by=chen)
    assert selectors.seats(item) == {li.id}
    assert not selectors.may_decide(item, chen)
    assert selectors.may_decide(item, li)


def test_the_recused_are_not_waited_for(town: Town, effects: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    one, two = officer("周主任", SiteRole.TOWN_ADMIN), officer("吴主任", SiteRole.TOWN_ADMIN)
    monkeypatch.setattr(Deed, "near", {two.id})
    item = services.decide(item=started({**LEADERS, "when": ""}), verdict="approve", by=one)
    assert item.state == ItemState.APPROVED


def test_one_speaks_once(town: Town, effects: list[Any]) -> None:
    one = officer("周主任", SiteRole.TOWN_ADMIN)
    officer("吴主任", SiteRole.TOWN_ADMIN)
    item = services.decide(item=started({**LEADERS, "when": ""}), verdict="approve", by=one)
    with pytest.raises(errors.AlreadyDecided):
        services.decide(item=item, verdict="reject", reason="再想想", by=one)
    assert [word.kind for word in item.words.order_by("pk")] == ["start", "approve"]


def test_what_is_decided_or_withdrawn_stays_so(town: Town, effects: list[Any]) -> None:
    chen, item = officer("陈经办"), started()
    services.withdraw(item=item, by=SYSTEM)
    with pytest.raises(errors.Finished, match="已撤回"):
        services.decide(item=item, verdict="approve", by=chen)
    assert effects == []


def test_a_subject_is_under_way_once(town: Town, effects: list[Any]) -> None:
    item = started()
    with pytest.raises(errors.AlreadyStarted):
        start()
    assert selectors.open_item("deed", 1) == item
    assert list(selectors.open_items("deed", [3])) == [item]


def test_an_item_keeps_the_version_it_started_on(town: Town, effects: list[Any]) -> None:
    item = started()
    newer = services.install(subject_kind="deed", steps=[LEADERS], by=SYSTEM)
    assert (item.flow.version, newer.version) == (1, 2)
    assert services.active_flow("deed") == newer
    assert services.decide(item=item, verdict="approve", by=officer("陈经办")).state == ItemState.APPROVED


def test_a_wrong_flow_is_not_installed(town: Town, effects: list[Any]) -> None:
    for wrong in ([], [{**OFFICER, "when": "price > 1"}], [{**OFFICER, "how": "both"}]):
        with pytest.raises(InvalidInput):
            services.install(subject_kind="deed", steps=wrong, by=SYSTEM)
    assert not Flow.objects.exists()
    with pytest.raises(errors.FlowMissing):
        services.active_flow("deed")


def test_a_failing_effect_leaves_the_item_open(town: Town, effects: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Deed, "on_approved", lambda self, item, by: 1 / 0)
    chen, item = officer("陈经办"), started()
    with pytest.raises(ZeroDivisionError):
        services.decide(item=item, verdict="approve", by=chen)
    item.refresh_from_db()
    assert (item.state, Word.objects.exclude(kind="start").count()) == (ItemState.OPEN, 0)


def test_of_two_deciders_at_the_same_moment_one_wins(committing_town: Town, effects: list[Any]) -> None:
    chen, li, item = officer("陈经办"), officer("李经办"), started()
    results = together(
        lambda: services.decide(item=item, verdict="approve", by=chen),
        lambda: services.decide(item=item, verdict="reject", reason="不实", by=li),
    )
    assert sorted(type(result).__name__ for result in results) == ["Finished", "Item"]
    assert len(effects) == 1


def test_an_item_of_one_town_is_not_in_another(town: Town, other_town: Town, effects: list[Any]) -> None:
    started()
    with entered(other_town.schema_name):
        assert selectors.open_item("deed", 1) is None


def test_an_unknown_subject_is_refused(town: Town, effects: list[Any]) -> None:
    services.install(subject_kind="other", steps=[OFFICER], by=SYSTEM)
    with pytest.raises(errors.SubjectUnknown):
        services.start(subject_kind="other", subject_id=1, village_id=None, facts={}, by=SYSTEM)


def test_a_named_account_can_be_asked(town: Town, effects: list[Any]) -> None:
    chen = officer("陈经办")
    user = User.objects.get(pk=chen.id)
    item = started({"name": "指定", "who": {"user": user.pk}})
    assert selectors.seats(item) == {chen.id}

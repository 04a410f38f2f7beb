"""Two at the same moment: one goes first, the other meets the result."""

from datetime import timedelta

from jifen.accounts.models import SiteRole
from jifen.approvals import services
from jifen.approvals.models import Assignment, Item, ItemState, Word
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from tenants.models import Town
from tests.approvals.engine.desk import Desk, step, vote
from tests.together import together


def kinds(results: list[object]) -> list[str]:
    return sorted(type(one).__name__ for one in results)


def test_of_approve_and_reject_one_wins(committing_town: Town, desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    item = desk.start(step(jia, yi))
    results = together(lambda: desk.say(item, jia), lambda: desk.say(item, yi, verdict="reject"))
    assert kinds(results) == ["Finished", "Item"]
    assert len(desk.deed.told) == 1


def test_a_double_click_counts_once(committing_town: Town, desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    item = desk.start(step(jia, yi, how="all"))
    results = together(*[lambda: desk.say(item, jia)] * 3)
    assert kinds(results) == ["AlreadyDecided", "AlreadyDecided", "Item"]
    assert Word.objects.filter(item=item, kind="approve").count() == 1


def test_the_last_two_votes_pass_it_once(committing_town: Town, desk: Desk) -> None:
    people = desk.people("甲", "乙", "丙")
    item = desk.start(vote(*people), step(desk.starter, name="汇总"))
    together(*[lambda by=by: desk.say(item, by) for by in people])
    assert desk.at(item) == ["汇总"]
    assert item.stages.filter(key="汇总").count() == 1


def test_one_claims_what_two_reach_for(committing_town: Town, desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    item = desk.start(step(jia, yi))
    results = together(lambda: services.claim(item=item, by=jia), lambda: services.claim(item=item, by=yi))
    assert kinds(results) == ["AlreadyClaimed", "Item"]
    assert Assignment.objects.filter(stage__item=item, state="claimed").count() == 1


def test_withdrawing_and_deciding_do_not_both_happen(committing_town: Town, desk: Desk) -> None:
    [jia] = desk.people("甲")
    item = desk.start(step(jia))
    results = together(lambda: services.withdraw(item=item, by=desk.starter), lambda: desk.say(item, jia))
    assert kinds(results) == ["Finished", "Item"]
    assert len(desk.deed.told) == 1


def test_a_subject_starts_once(committing_town: Town, desk: Desk) -> None:
    [jia] = desk.people("甲")
    desk.install(step(jia))

    def begin() -> Item | None:
        return services.start(subject_kind="deed", subject_id=7, village_id=None, facts={}, by=SYSTEM)

    assert kinds(together(begin, begin)) == ["AlreadyStarted", "Item"]
    assert Item.objects.filter(subject_id=7).count() == 1


def test_a_limit_and_a_decider_do_not_both_decide(committing_town: Town, desk: Desk) -> None:
    [jia] = desk.people("甲")
    item = desk.start(step(jia, limit={"hours": 1, "then": "refuse"}))
    later = clock.now() + timedelta(hours=2)
    together(lambda: services.sweep(now=later), lambda: desk.say(item, jia))
    item.refresh_from_db()
    assert (item.state in (ItemState.APPROVED, ItemState.REJECTED), len(desk.deed.told)) == (True, 1)


def test_moving_and_deciding_at_once_lose_nothing(committing_town: Town, desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    desk.person("主任", SiteRole.TOWN_ADMIN)
    items = [desk.start(step(jia), step(yi)) for _ in range(4)]
    flow = services.save(subject_kind="deed", steps=[step(jia), step(yi), step(jia, name="复核")], by=SYSTEM)
    together(
        lambda: services.activate(flow=flow, running="move", by=SYSTEM),
        lambda: services.decide_many(items=items, verdict="approve", by=jia),
    )
    assert [desk.at(item) for item in items] == [["乙"]] * 4

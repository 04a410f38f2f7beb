"""What ends a deed or a rulebook by another way ends its item in the flow with it."""

from typing import Any

import pytest

from jifen.approvals import errors, services
from jifen.approvals.models import Item, ItemState
from jifen.inbox.models import Message
from jifen.kernel.actors import SYSTEM, Actor
from scoring.models import Declaration
from scoring.services import corrections, versions
from scoring.verify import checks
from tenants.community.services import changes
from tests.scoring.desk import DAY, Desk
from tests.scoring.rulebooks import Office


def breaches(code: str) -> list[str]:
    return [check.title for check in checks() if check.code == code and check.breaches()]


def told(desk: Desk, **more: Any) -> Declaration:
    """By 张三, for the steward to verify."""
    return desk.record("tidy", **{"declared_by": "self", "declarer": desk.head(), **more})


def item_of(subject: int, kind: str = "declaration") -> Item:
    return Item.objects.get(subject_kind=kind, subject_id=subject)


def waiting(desk: Desk) -> list[str]:
    """The titles of what asks the steward to act."""
    rows = Message.objects.filter(user=desk.steward, kind="approval_work", read_at=None, past_at=None)
    return list(rows.values_list("title", flat=True))


def test_a_deed_that_does_not_stand_is_asked_of_nobody(desk: Desk) -> None:
    deed = told(desk)
    services.remind(item=item_of(deed.pk), by=desk.by)
    assert len(waiting(desk)) == 2
    corrections.refuse(declaration=deed, reason="异议成立：查无此事", by=SYSTEM)
    item = item_of(deed.pk)
    word = item.words.latest("pk")
    assert (item.state, word.kind, word.text, word.actor_realm) == (
        ItemState.TERMINATED, "terminate", "异议成立：查无此事", "system")  # fmt: skip
    assert (deed.state, waiting(desk)) == ("rejected", [])
    with pytest.raises(errors.Finished):
        services.decide(item=item, verdict="approve", by=desk.by)


def test_what_else_waits_for_the_steward_is_still_told(desk: Desk) -> None:
    deed, other = told(desk), told(desk, place="后山")
    corrections.refuse(declaration=deed, reason="异议成立", by=SYSTEM)
    assert (item_of(other.pk).state, len(waiting(desk))) == (ItemState.OPEN, 1)


def test_whoever_told_reads_why_it_ended(desk: Desk) -> None:
    mother = desk.cast.villager(desk.zhang)
    deed = told(desk, by=Actor.of(mother))
    corrections.refuse(declaration=deed, reason="异议成立：查无此事", by=SYSTEM)
    news = Message.objects.get(user=mother, kind="approval_news")
    assert (news.title[:4], news.body, news.past_at) == ("已终止：", "异议成立：查无此事", None)


def test_one_sent_back_to_its_starter_ends_too(desk: Desk) -> None:
    mother = desk.cast.villager(desk.zhang)
    deed = told(desk, by=Actor.of(mother))
    services.send_back(item=item_of(deed.pk), to="starter", reason="请补照片", by=desk.by)
    corrections.refuse(declaration=deed, reason="异议成立", by=SYSTEM)
    assert item_of(deed.pk).state == ItemState.TERMINATED


def test_one_that_was_verified_has_nothing_to_end(desk: Desk) -> None:
    deed = told(desk)
    services.decide(item=item_of(deed.pk), verdict="approve", by=desk.by)
    corrections.refuse(declaration=deed, reason="异议成立", by=SYSTEM)
    assert item_of(deed.pk).state == ItemState.APPROVED


def test_who_moves_to_her_right_household_leaves_no_item_behind(desk: Desk) -> None:
    daughter, right = desk.cast.member(desk.zhang), desk.cast.household(name="李四")
    deed = told(desk, resident=daughter)
    terms = {"resident": daughter.pk, "relation": "儿媳", "from_date": DAY.isoformat()}
    changes.make(household=right, kind="moved_back", terms=terms, by=desk.by)
    deed.refresh_from_db()
    assert (deed.state, item_of(deed.pk).state) == ("rejected", ItemState.TERMINATED)
    assert breaches("approval_declaration") == []


def test_a_filed_rulebook_that_is_withdrawn_is_not_received(office: Office) -> None:
    version = office.village_version()
    assert item_of(version.pk, "rulebook").state == ItemState.OPEN
    versions.withdraw(version=version, reason="村里重新讨论", by=office.wang)
    assert item_of(version.pk, "rulebook").state == ItemState.TERMINATED
    assert breaches("approval_rulebook") == []


def test_verify_counts_a_deed_whose_item_was_left_behind(desk: Desk) -> None:
    deed = told(desk)
    assert breaches("approval_declaration") == []
    Declaration.objects.filter(pk=deed.pk).update(state="rejected", refusal="异议成立")
    assert breaches("approval_declaration") == ["已了结的申报没有还在办的事项"]


def test_verify_counts_a_rulebook_whose_item_was_left_behind(office: Office) -> None:
    version = office.village_version()
    versions.withdraw(version=version, reason="村里重新讨论", by=office.wang)
    item = item_of(version.pk, "rulebook")
    services.start(subject_kind="rulebook", subject_id=version.pk, village_id=item.village_id, facts={}, by=SYSTEM)
    assert breaches("approval_rulebook") == ["没有生效就作废的细则没有还在办的事项"]

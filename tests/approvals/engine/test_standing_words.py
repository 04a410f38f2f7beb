"""What the list of an item's people says of each: how far she is, and how she came by it."""

from datetime import timedelta

from jifen.approvals import services
from jifen.approvals.models import Item
from jifen.approvals.web import story
from jifen.kernel import clock
from tests.approvals.engine.desk import Desk, step


def words(item: Item) -> dict[str, str]:
    return {name: word for one in story.standing(item) for name, word, _ in one.people}


def test_who_was_added_before_a_claim_has_claimed_nothing(desk: Desk) -> None:
    jia, yi, bing = desk.people("甲", "乙", "丙")
    item = services.claim(item=desk.start(step(jia, yi)), by=jia)
    services.add(item=item, to=bing.id, where="before", by=jia)
    assert words(item) == {"甲": "已认领，未轮到", "乙": "别人已认领", "丙": "待办（甲加签，在前面办）"}
    desk.say(item, bing)
    assert words(item) == {"甲": "已认领", "乙": "别人已认领", "丙": "同意"}


def test_who_was_added_after_waits_for_who_asked_her(desk: Desk) -> None:
    jia, yi, bing = desk.people("甲", "乙", "丙")
    item = services.claim(item=desk.start(step(jia, yi)), by=jia)
    services.add(item=item, to=bing.id, where="after", by=jia)
    assert words(item) == {"甲": "已认领", "乙": "别人已认领", "丙": "未轮到（甲加签，在后面办）"}
    desk.say(item, jia)
    assert words(item) == {"甲": "同意", "乙": "别人已认领", "丙": "待办（甲加签，在后面办）"}


def test_who_was_added_beside_has_her_own_turn(desk: Desk) -> None:
    jia, yi, bing = desk.people("甲", "乙", "丙")
    item = services.add(item=desk.start(step(jia, yi)), to=bing.id, where="beside", by=jia)
    assert words(item) == {"甲": "待办", "乙": "待办", "丙": "待办（甲加签，一起办）"}
    services.claim(item=item, by=bing)
    assert words(item) == {"甲": "别人已认领", "乙": "别人已认领", "丙": "已认领（甲加签，一起办）"}


def test_who_was_added_before_an_open_pool_claims_for_both(desk: Desk) -> None:
    jia, yi, bing = desk.people("甲", "乙", "丙")
    item = services.add(item=desk.start(step(jia, yi)), to=bing.id, where="before", by=jia)
    assert words(item) == {"甲": "未轮到", "乙": "待办", "丙": "待办（甲加签，在前面办）"}
    services.claim(item=item, by=bing)
    assert words(item) == {"甲": "未轮到", "乙": "别人已认领", "丙": "已认领（甲加签，在前面办）"}
    desk.say(item, bing)
    assert words(item) == {"甲": "待办", "乙": "别人已认领", "丙": "同意"}


def test_what_was_put_back_is_everybodys_again(desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    item = services.release(item=services.claim(item=desk.start(step(jia, yi)), by=jia), by=jia)
    assert words(item) == {"甲": "待办", "乙": "待办"}


def test_work_that_was_passed_on_names_whose_it_was(desk: Desk) -> None:
    jia, yi, bing = desk.people("甲", "乙", "丙")
    item = services.claim(item=desk.start(step(jia, yi)), by=jia)
    services.transfer(item=item, to=bing.id, by=jia)
    assert words(item)["丙"] == "待办（转交，接替甲）"


def test_a_delegate_is_told_for_whom(desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    now = clock.now()
    services.delegate(giver=jia.id, receiver=yi.id, from_at=now, until_at=now + timedelta(days=1), by=jia)
    assert words(desk.start(step(jia))) == {"乙": "待办（代理，代甲）"}

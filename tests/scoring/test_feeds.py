"""自动采集: only the holder of a feed's key sends its deeds, each once; nobody else tells in a feed's name."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction

from jifen.audit.models import AuditRow
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError
from scoring import errors
from scoring import feed_errors as wrong
from scoring.models import Declaration, FeedKey
from scoring.selectors import feeds as selectors
from scoring.selectors.exceptions import exceptions
from scoring.services import feeds, reviews
from scoring.web import choices
from tests.scoring import feeding
from tests.scoring.desk import DAY, Desk
from tests.scoring.test_exceptions import BEFORE


@pytest.fixture(autouse=True)
def installed(desk: Desk) -> None:
    feeding.install()


@pytest.fixture
def key(desk: Desk) -> FeedKey:
    return feeding.key(desk)[0]


def send(key: FeedKey, desk: Desk, **more: Any) -> Declaration:
    told: dict[str, Any] = {"source_id": "1", "rule": "water", "household": desk.zhang.number, "happened_on": DAY,
            "facts": {"quantity": "3"}}  # fmt: skip
    return feeds.record(key=key, **(told | more))


def test_a_key_is_for_a_feed_that_the_rules_name(desk: Desk) -> None:
    assert [(one.code, one.name) for one in selectors.sources()] == [("water", "智能水表"), ("police", "派出所")]
    with pytest.raises(wrong.FeedUnknown):
        feeding.key(desk, "gas")
    with pytest.raises(wrong.FeedNameMissing):
        feeding.key(desk, name=" ")
    assert not FeedKey.objects.exists()


def test_only_the_digest_of_a_key_is_kept_and_its_acts_stand_in_the_trail(desk: Desk) -> None:
    key, text = feeding.key(desk)
    assert selectors.key_of(text) == key
    assert text not in str(FeedKey.objects.values().get())
    feeds.revoke_key(key=key, by=desk.by)
    trail = AuditRow.objects.filter(action__startswith="feed_key.").order_by("pk")
    assert [row.action for row in trail] == ["feed_key.open", "feed_key.revoke"]
    assert not any(text in str(row.__dict__) for row in trail)


def test_a_revoked_key_opens_nothing_and_is_revoked_once(desk: Desk) -> None:
    key, text = feeding.key(desk)
    feeds.revoke_key(key=key, by=desk.by)
    with pytest.raises(wrong.FeedKeyRefused):
        selectors.key_of(text)
    with pytest.raises(wrong.FeedKeyRevoked):
        feeds.revoke_key(key=key, by=desk.by)


def test_the_row_of_a_key_stays_and_has_a_whole_digest(key: FeedKey) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        key.delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        FeedKey.objects.filter(pk=key.pk).update(digest="text")


def test_what_a_feed_sends_is_told_in_its_name_and_waits_for_the_sheet(key: FeedKey, desk: Desk) -> None:
    told = send(key, desk)
    assert (told.declared_by, told.channel, told.state, told.points) == ("feed", "device", "ready", 3)
    assert (told.actor_realm, told.actor_name, told.reason) == ("feed", "智能水表平台", "智能水表平台送来")
    police = feeding.key(desk, "police", "派出所")[0]
    assert send(police, desk, rule="police", facts={}).channel == "online"


def test_the_same_number_of_the_source_counts_once_whichever_key_brings_it(key: FeedKey, desk: Desk) -> None:
    first = send(key, desk)
    other = feeding.key(desk)[0]
    assert send(other, desk) == first and Declaration.objects.count() == 1
    with pytest.raises(errors.KeyReused):
        send(key, desk, facts={"quantity": "4"})
    assert send(key, desk, source_id="2") != first


def test_a_person_is_found_by_her_number_with_her_household(key: FeedKey, desk: Desk) -> None:
    head = desk.head()
    told = send(key, desk, rule="leak", household="", resident=head.pk, facts={})
    assert (told.household, told.resident) == (desk.zhang, head)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (wrong.FeedRuleForeign, {"rule": "police", "facts": {}}),
        (wrong.FeedRuleForeign, {"rule": "tidy", "facts": {}}),
        (wrong.FeedRuleForeign, {"rule": "none"}),
        (wrong.FeedRuleForeign, {"happened_on": BEFORE}),
        (wrong.FeedWhoMissing, {"household": ""}),
        (wrong.FeedHouseholdUnknown, {"household": "没有"}),
        (wrong.FeedPersonUnknown, {"household": "", "resident": 0}),
        (errors.FactsMissing, {"facts": {}}),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_what_does_not_fit_the_key_is_refused(
    key: FeedKey, desk: Desk, error: type[JifenError], told: dict[str, Any]
) -> None:
    with pytest.raises(error):
        send(key, desk, **told)
    assert not Declaration.objects.exists()


@pytest.mark.parametrize("code", ["police", "tidy", "leak"])
def test_nobody_else_tells_in_a_feeds_name(desk: Desk, code: str) -> None:
    with pytest.raises(wrong.FeedOnly):
        desk.record(code, declared_by="feed")
    assert not Declaration.objects.exists()


@pytest.mark.parametrize("who", ["steward", "self", "committee"])
def test_an_item_of_a_feed_alone_is_told_by_nobody_by_hand(desk: Desk, who: str) -> None:
    with pytest.raises(errors.DeclarerNotAllowed):
        desk.record("police", declared_by=who, declarer=desk.head())


def test_an_item_of_a_feed_alone_is_offered_to_nobody(key: FeedKey, desk: Desk) -> None:
    send(key, desk)
    send(key, desk, source_id="2", rule="leak", resident=desk.head().pk, facts={})
    for who in ("self", "steward"):
        shelves = choices.shelves(desk.village, DAY, declarer=who)
        offered = {tile.rule.code for shelf in shelves for tile in shelf.tiles}
        assert not offered & {"water", "police"} and ("leak" in offered) == (who == "steward")
    assert [tile.rule.code for tile in choices.usual(desk.village)] == ["leak"]


def test_what_need_not_be_looked_at_is_passed_among_the_plain_ones(key: FeedKey, desk: Desk) -> None:
    seen, plain = send(key, desk), send(key, desk, source_id="2", rule="meter", facts={})
    taken = send(key, desk, source_id="3", rule="waste", facts={})
    sheet = desk.sheet()
    found = exceptions(sheet)
    assert desk.item(plain).pk not in found
    assert {hint.code for hint in found[desk.item(seen).pk]} == {"bare"}
    assert "negative" in {hint.code for hint in found[desk.item(taken).pk]}
    assert reviews.decide_plain(review=sheet, by=Actor.of(desk.li)) == 1

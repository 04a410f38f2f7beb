"""Programs send deeds with a key of their feed; the office opens and revokes keys."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse

from jifen import env
from jifen.accounts import services as accounts
from jifen.api.models import IdempotencyKey
from jifen.kernel.actors import SYSTEM
from jifen.kernel.tenancy import entered
from scoring.api.feeds import FeedThrottle
from scoring.models import Declaration, FeedKey
from scoring.selectors import feeds as selectors
from scoring.services import feeds
from tenants.models import Town
from tests.scoring import feeding
from tests.scoring.desk import Desk

URL = "/api/v1/feeds/deeds/"
Client = Callable[..., Any]


@pytest.fixture
def fed(desk: Desk) -> Desk:
    feeding.install()
    return desk


def send(client: Any, rows: Any, text: str, scheme: str = "Feed") -> Any:
    return client.post(URL, rows, format="json", headers={"Authorization": f"{scheme} {text}"})


def test_a_wrong_row_loses_none_of_the_others(fed: Desk, api_client: Client) -> None:
    text = feeding.key(fed)[1]
    rows = [feeding.row(fed), feeding.row(fed, id="2", rule="police", facts={}), feeding.row(fed, id="3", facts=7),
            {"id": "4"}, feeding.row(fed, id="5", rule="meter", facts={})]  # fmt: skip
    answer = send(api_client(), rows, text)
    told = answer.json()
    assert answer.status_code == 200 and [one["id"] for one in told] == ["1", "2", "3", "4", "5"]
    assert [one.get("state") for one in told] == ["ready", None, None, None, "ready"]
    assert [one.get("code") for one in told[1:4]] == ["feed_rule_foreign", "invalid_input", "invalid_input"]
    assert told[0]["points"] == "3.00" and told[3]["detail"]
    assert Declaration.objects.count() == 2


def test_a_list_that_is_sent_again_is_recorded_once(fed: Desk, api_client: Client) -> None:
    text, rows = feeding.key(fed)[1], [feeding.row(fed)]
    first, again = (send(api_client(), rows, text).json() for _ in range(2))
    assert first == again and Declaration.objects.count() == 1


def test_the_answer_tells_points_before_and_after_the_items_own_caps(fed: Desk, api_client: Client) -> None:
    text = feeding.key(fed, "police", "派出所")[1]
    rows = [feeding.row(fed, id=f"{n}", rule="calm", facts={}) for n in range(3)]
    told = send(api_client(), rows, text).json()
    assert [one["points"] for one in told] == ["3.00"] * 3
    assert [one["after_caps"] for one in told] == ["3.00", "1.00", "0.00"]
    assert "超出的部分记账时不计分" in "".join(told[1]["cautions"])


@pytest.mark.parametrize("body", [{}, [], "no", [1], [{"id": "1"}] * 201])
def test_what_is_no_list_of_rows_is_refused(fed: Desk, api_client: Client, body: Any) -> None:
    assert send(api_client(), body, feeding.key(fed)[1]).status_code == 422


def test_without_a_key_of_this_town_in_use_nothing_is_taken(fed: Desk, other_town: Town, api_client: Client) -> None:
    key, text = feeding.key(fed)
    with entered(other_town.schema_name):
        assert send(api_client(), [feeding.row(fed)], text).status_code == 401
    feeds.revoke_key(key=key, by=fed.by)
    for wrong in (text, "nobody", ""):
        answer = send(api_client(), [feeding.row(fed)], wrong)
        assert answer.status_code == 401 and re.search("密钥", answer.json()["detail"])
    assert api_client().post(URL, [feeding.row(fed)], format="json").status_code == 401
    assert not Declaration.objects.exists()


def test_an_account_is_no_feed_and_a_feed_no_account(fed: Desk, api_client: Client) -> None:
    _, token = accounts.issue_token(user=fed.steward, name="小程序", by=SYSTEM)
    assert send(api_client(), [feeding.row(fed)], token, "Token").status_code == 401
    assert api_client(fed.steward).post(URL, [feeding.row(fed)], format="json").status_code == 401
    text = feeding.key(fed)[1]
    assert api_client().get("/api/v1/rules/", headers={"Authorization": f"Feed {text}"}).status_code == 401
    assert not Declaration.objects.exists()


def test_a_stewards_program_does_not_tell_in_a_feeds_name(fed: Desk, api_client: Client) -> None:
    told = feeding.row(fed, rule=fed.rule_in_force("water").pk, place="村口", reason="送来", channel="device")
    answer = api_client(fed.steward).post("/api/v1/declarations/", told | {"declared_by": "feed"}, format="json")
    assert answer.status_code == 422 and answer.json()["code"] == "feed_only"
    assert not Declaration.objects.exists()


def test_the_keys_are_the_administrators(fed: Desk, api_client: Client) -> None:
    key, text = feeding.key(fed)
    admin = api_client(fed.cast.admin())
    assert api_client(fed.officer).get("/api/v1/feed-keys/").status_code == 403
    listed = admin.get("/api/v1/feed-keys/")
    assert [one["id"] for one in listed.json()["results"]] == [key.pk]
    assert text not in listed.content.decode() and key.digest not in listed.content.decode()
    assert admin.post(f"/api/v1/feed-keys/{key.pk}/revoke/").json()["revoked_at"]
    assert admin.post(f"/api/v1/feed-keys/{key.pk}/revoke/").status_code == 409


def test_the_page_shows_a_new_key_once_and_revokes_it(fed: Desk, client_for: Client) -> None:
    browser, page = client_for(fed.cast.admin()), reverse("scoring:feed_keys")
    shown = browser.post(page, {"feed": "water", "name": "智能水表平台"})
    key = FeedKey.objects.get()
    [text] = re.findall(r"<strong>([\w-]{40,})</strong>", shown.content.decode())
    assert selectors.key_of(text) == key and shown["Cache-Control"] == "no-store"
    assert text not in browser.get(page).content.decode()
    after = browser.post(reverse("scoring:feed_key_revoke", args=[key.pk]), follow=True).content.decode()
    key.refresh_from_db()
    assert key.revoked_at and "已停用" in after


def test_without_such_items_the_page_says_what_comes_first(desk: Desk, client_for: Client) -> None:
    browser, page = client_for(desk.cast.admin()), reverse("scoring:feed_keys")
    told = browser.get(page).content.decode()
    assert "先到“修订细则”" in told and '<form class="form' not in told
    assert browser.post(page, {"feed": "water", "name": "水表"}).status_code == 422
    assert client_for(desk.officer).get(page).status_code == 403


def test_a_villager_reads_who_sends_it_and_is_not_asked_to_tell(fed: Desk, client_for: Client) -> None:
    told = client_for(fed.cast.villager(fed.zhang)).get(reverse("scoring:own_rules")).content.decode()
    for code, offered in (("police", False), ("tidy", True)):
        assert (f'rule={fed.rule_in_force(code).pk}"' in told) == offered
    assert "派出所自动送来" in told


def test_the_page_says_which_items_a_key_sends(fed: Desk, client_for: Client) -> None:
    feeding.key(fed)
    told = client_for(fed.cast.admin()).get(reverse("scoring:feed_keys")).content.decode()
    assert "能送4条：节约用水、漏水报修、偷水、水表达标" in told


def test_a_program_opens_a_key_and_its_text_is_kept_nowhere(fed: Desk, api_client: Client) -> None:
    admin, sent = api_client(fed.cast.admin()), {"feed": "water", "name": "智能水表平台"}
    once = {"headers": {"Idempotency-Key": "key-1"}}
    first, again = (admin.post("/api/v1/feed-keys/", sent, format="json", **once) for _ in range(2))
    told, key = first.json(), FeedKey.objects.get()
    assert (first.status_code, told["id"], told["rules"][:1]) == (201, key.pk, ["节约用水"])
    assert selectors.key_of(told["key"]) == key and first["Cache-Control"] == "no-store"
    assert again.json() == told | {"key": None}
    assert told["key"] not in str(list(IdempotencyKey.objects.values()))


def test_a_key_that_a_program_may_not_open_is_refused(fed: Desk, api_client: Client) -> None:
    sent = {"feed": "water", "name": "智能水表平台"}
    assert api_client(fed.officer).post("/api/v1/feed-keys/", sent, format="json").status_code == 403
    admin = api_client(fed.cast.admin())
    for wrong, code in (({"feed": "gas"}, "feed_unknown"), ({"name": " "}, "invalid_input")):
        assert admin.post("/api/v1/feed-keys/", sent | wrong, format="json").json()["code"] == code
    assert not FeedKey.objects.exists()


def test_who_sends_too_often_waits_and_other_keys_do_not(
    fed: Desk, api_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(FeedThrottle, "THROTTLE_RATES", {"feed": "2/minute"})
    text, other = feeding.key(fed)[1], feeding.key(fed)[1]
    rows = [feeding.row(fed)]
    assert [send(api_client(), rows, text).status_code for _ in range(3)] == [200, 200, 429]
    refused = send(api_client(), rows, text)
    told = refused.json()
    assert told["code"] == "throttled" and re.fullmatch(r"请求太频繁，请\d+秒以后再发。", told["detail"])
    assert 0 < int(refused["Retry-After"]) == told["data"]["seconds"] <= 60
    assert send(api_client(), rows, other).status_code == 200


def test_how_often_a_key_may_send_is_a_setting() -> None:
    assert settings.REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"] == {"feed": "60/minute"}
    assert env.load({"FEED_CALLS_PER_MINUTE": "5"}).feed_calls == 5
    with pytest.raises(env.ConfigError, match="FEED_CALLS_PER_MINUTE"):
        env.load({"FEED_CALLS_PER_MINUTE": "0"})

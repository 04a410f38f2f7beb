"""Who enters what others signed on a sheet (decision 44): the page, the API and the service say the same."""

from collections.abc import Callable
from typing import Any

import pytest

from jifen.accounts.models import User
from jifen.approvals import abilities, errors, selectors, services
from jifen.approvals.models import Item
from jifen.approvals.permissions import ApprovalsPermission as May
from jifen.files.models import File
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError
from tests.approvals.deeds import OFFICER, Deed, started
from tests.approvals.engine.desk import fingerprint
from tests.cast import Cast
from tests.scoring.desk import photo

Browser = Callable[..., Any]
COMMITTEE = {"name": "审核", "who": {"role": "committee"}, "how": "all"}
FALLEN = COMMITTEE | {"empty": "office"}


def entered(item: Item, by: User, *speakers: User) -> Item:
    words = [services.PaperWord(one.pk, "approve") for one in speakers]
    scan = File.objects.filter(key="t_alpha/ready").first() or photo("ready")
    terms: dict[str, Any] = {"scan": scan, "signed_on": clock.today(), "by": Actor.of(by)}
    return services.decide_on_paper(item=item, words=words, **terms)


def refused(error: type[JifenError], item: Item, by: User, *speakers: User) -> JifenError:
    before = fingerprint(item)
    with pytest.raises(error) as told:
        entered(item, by, *speakers)
    assert fingerprint(item) == before
    return told.value


def shown(browser: Any, item: Item) -> tuple[bool, bool, int]:
    """Whether the tab and the item's page offer it, and what the page of the sheet answers."""
    tab = browser.get("/village/work/?tab=paper").content.decode()
    page = browser.get(f"/village/work/{item.pk}/").content.decode()
    sheet = browser.get(f"/village/work/{item.pk}/paper/").status_code
    return f'href="/village/work/{item.pk}/"' in tab, f'href="/village/work/{item.pk}/paper/"' in page, sheet


def test_who_must_stand_back_enters_no_words_of_others(cast: Cast, client_for: Browser, deed: Deed) -> None:
    li, steward = cast.committee(), cast.steward()
    item = started(COMMITTEE, village=cast.village().pk)
    assert shown(client_for(steward), item) == (True, True, 200)
    deed.near.add(steward.pk)
    refused(errors.Recused, item, steward, li)
    assert shown(client_for(steward), item) == (False, False, 404)


def test_a_step_of_the_town_is_entered_by_the_town(cast: Cast, client_for: Browser, deed: Deed) -> None:
    chen, li, steward = cast.officer(), cast.officer("李经办"), cast.steward()
    item = started(OFFICER | {"how": "all"}, village=cast.village().pk)
    assert "镇级办公室录入" in refused(errors.PaperOfTown, item, steward, chen).message
    assert shown(client_for(steward), item) == (False, False, 404)
    assert "paper" in abilities.of(item, chen)
    assert entered(item, chen, li).words.filter(kind="approve", speaker_id=li.pk).exists()


def test_what_falls_to_the_office_is_no_longer_the_villages(cast: Cast, client_for: Browser, deed: Deed) -> None:
    li, chen, steward = cast.committee(), cast.officer(), cast.steward()
    deed.near.add(li.pk)
    item = started(FALLEN, village=cast.village().pk)
    refused(errors.PaperOfTown, item, steward, chen)
    assert shown(client_for(steward), item) == (False, False, 404)


def test_of_a_mixed_step_the_steward_enters_the_villages_words(cast: Cast, client_for: Browser, deed: Deed) -> None:
    li, chen, steward = cast.committee(), cast.officer(), cast.steward()
    mixed = {"name": "会审", "who": [{"role": "committee"}, {"role": "town_officer"}], "how": "all"}
    item = started(mixed, village=cast.village().pk)
    refused(errors.PaperOfTown, item, steward, li, chen)
    sheet = client_for(steward).get(f"/village/work/{item.pk}/paper/").content.decode()
    assert f"verdict_{li.pk}" in sheet and f"verdict_{chen.pk}" not in sheet
    assert entered(item, steward, li).state == "open"


def test_people_of_other_villages_are_not_hers_to_write_for(cast: Cast, deed: Deed) -> None:
    far, steward = cast.committee(cast.village("李家村"), name="孙委员"), cast.steward()
    item = started({"name": "邻村核查", "who": {"user": far.pk}}, village=cast.village().pk)
    refused(errors.PaperOfTown, item, steward, far)
    assert "paper" not in abilities.of(item, steward)


def test_where_the_whole_towns_committees_decide_no_steward_writes(cast: Cast, deed: Deed) -> None:
    li, steward = cast.committee(), cast.steward()
    item = started({"name": "全镇", "who": {"role": "committee", "level": "town"}}, village=cast.village().pk)
    refused(errors.PaperOfTown, item, steward, li)
    assert "paper" not in abilities.of(item, steward)


def test_what_is_of_no_village_is_the_towns(cast: Cast, api_client: Browser, deed: Deed) -> None:
    chen, steward, admin = cast.officer(), cast.steward(), cast.admin()
    item = started(OFFICER | {"how": "all", "copy_to": [{"user": steward.pk}]})
    refused(errors.NotInvolved, item, steward, chen)
    assert "paper" not in abilities.of(item, steward)
    assert {one: selectors.is_allowed(Actor.of(steward), one, item) for one in May} == dict.fromkeys(May, False)
    assert {one: selectors.is_allowed(Actor.of(admin), one, item) for one in May} == dict.fromkeys(May, True)
    body = {"words": [{"user": chen.pk, "verdict": "approve"}], "scan": 1, "signed_on": str(clock.today())}
    assert api_client(steward).post(f"/api/v1/approval-items/{item.pk}/paper/", body, format="json").status_code == 404


def test_what_a_village_may_not_read_it_does_not_enter(cast: Cast, deed: Deed, monkeypatch: pytest.MonkeyPatch) -> None:
    li, steward, admin = cast.committee(), cast.steward(), cast.admin()
    item = started(COMMITTEE, village=cast.village().pk)
    monkeypatch.setattr(Deed, "may_read", lambda self, item, user_id: user_id == li.pk)
    refused(errors.NotInvolved, item, steward, li)
    assert "paper" not in abilities.of(item, steward)
    assert entered(item, admin, li).state == "approved"

"""An exception that was sent back to whoever asked: she mends it and hands it in again, by page and by program."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from jifen.accounts.models import User
from jifen.approvals import selectors, services
from jifen.approvals.models import Item
from jifen.audit.models import AuditRow
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.errors import JifenError
from redemption import errors
from redemption.models import RedemptionException
from redemption.services import exceptions
from redemption.verify import checks
from tests.redemption.market import Market
from tests.redemption.test_exceptions import COMMITTEE, asked

Faces = Callable[..., Any]


def soon(days: int = 2) -> date:
    return clock.today() + timedelta(days=days)


def right(**more: Any) -> dict[str, Any]:
    return {"quantity": 1, "reason": "老人明天手术", "use_by": soon(), **more}


@pytest.fixture
def steward(market: Market) -> User:
    return market.cast.steward(market.village)


@pytest.fixture
def li(market: Market) -> Actor:
    return Actor.of(market.cast.committee(market.village))


@pytest.fixture
def row(market: Market, steward: User, li: Actor) -> RedemptionException:
    """Two bottles, asked by the village's steward, sent back by the committee."""
    services.install(subject_kind="redemption_exception", steps=[COMMITTEE], by=SYSTEM)
    made = asked(market, quantity=2, by=Actor.of(steward))
    services.send_back(item=item_of(made), to="starter", reason="数量不对", by=li)
    return made


def item_of(row: RedemptionException) -> Item:
    found = selectors.last_item("redemption_exception", row.pk)
    assert found is not None
    return found


def amended(row: RedemptionException, by: User, **more: Any) -> RedemptionException:
    return exceptions.amend(exception=row, by=Actor.of(by), **right(**more))


def test_what_was_mended_goes_on_and_is_granted(
    market: Market, row: RedemptionException, steward: User, li: Actor
) -> None:
    made = amended(row, steward, text="是一瓶")
    item = item_of(row)
    assert (made.quantity, made.points, made.state) == (1, Decimal(20), "asked")
    assert (item.state, item.facts["points"]) == ("open", "20.00")
    services.decide(item=item, verdict="approve", by=li)
    made.refresh_from_db()
    assert market.bought(exception=made).points == 20
    assert [check.title for check in checks() if check.breaches()] == []


def test_what_was_asked_first_stays_in_the_story_and_the_trail(row: RedemptionException, steward: User) -> None:
    amended(row, steward, text="是一瓶")
    told = item_of(row).words.get(kind="resubmit").text
    assert told.startswith("是一瓶；数量由2瓶改为1瓶；最迟兑换的日期由") and told.endswith(
        "；原来的理由：" + row.reason
    )
    data = AuditRow.objects.get(action="exception.amend").data
    assert (data["before"]["quantity"], data["after"]["quantity"]) == (2, 1)
    assert row.reason not in str(data)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [({"quantity": 0}, errors.QuantityWrong), ({"reason": " "}, errors.ReasonMissing),
     ({"use_by": date(2020, 1, 1)}, errors.UseByWrong)],
)  # fmt: skip
def test_a_wrong_one_changes_nothing(
    row: RedemptionException, steward: User, wrong: Any, error: type[JifenError]
) -> None:
    with pytest.raises(error):
        amended(row, steward, **wrong)
    row.refresh_from_db()
    assert (row.quantity, item_of(row).state) == (2, "returned")


def test_nobody_else_mends_it_and_nothing_is_mended_twice(
    market: Market, row: RedemptionException, steward: User
) -> None:
    with pytest.raises(errors.NotReturned):
        amended(row, market.cast.officer())
    amended(row, steward)
    with pytest.raises(errors.NotReturned):
        amended(row, steward)


def test_the_database_lets_only_what_was_sent_back_change(row: RedemptionException, steward: User) -> None:
    rows = RedemptionException.objects.filter(pk=row.pk)
    with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
        rows.update(kind="threshold")
    amended(row, steward)
    for change in ({"quantity": 3}, {"reason": "别的"}, {"use_by": soon(5)}):
        with pytest.raises(DatabaseError, match="does not change"), transaction.atomic():
            rows.update(**change)


def test_the_steward_mends_it_on_her_page(row: RedemptionException, steward: User, client_for: Faces) -> None:
    browser, here = client_for(steward), f"/village/exchange/exceptions/{row.pk}/"
    work = browser.get(f"/village/work/{item_of(row).pk}/").content.decode()
    assert f'href="{here}amend/"' in work and f'href="{here}amend/"' in browser.get(here).content.decode()
    form = browser.get(f"{here}amend/").content.decode()
    assert "数量不对" in form and 'value="2"' in form and row.reason in form
    sent = {"quantity": "1", "reason": "老人明天手术", "use_by": soon().isoformat(), "text": ""}
    wrong = browser.post(f"{here}amend/", {**sent, "use_by": "2020-01-01"})
    assert wrong.status_code == 422 and "最迟兑换的日期要在今天" in wrong.content.decode()
    assert "已修改并重新提交。" in browser.post(f"{here}amend/", sent, follow=True).content.decode()
    row.refresh_from_db()
    assert (row.quantity, item_of(row).state) == (1, "open")
    assert browser.get(f"{here}amend/").status_code == 404


def test_a_program_mends_it(market: Market, row: RedemptionException, steward: User, api_client: Faces) -> None:
    at, sent = f"/api/v1/redemption-exceptions/{row.pk}/amend/", right(use_by=soon().isoformat())
    assert api_client(market.cast.officer()).post(at, sent).json()["code"] in ("exception_not_returned", "forbidden")
    told = api_client(steward).post(at, sent)
    assert (told.status_code, told.json()["quantity"], told.json()["points"]) == (200, 1, "20.00")
    assert item_of(row).state == "open"


def test_another_villages_steward_finds_nothing(
    market: Market, row: RedemptionException, client_for: Faces, api_client: Faces
) -> None:
    stranger = market.cast.steward(market.cast.village("东升村"), name="孙管理")
    at, sent = f"exceptions/{row.pk}/amend/", right(use_by=soon().isoformat())
    assert client_for(stranger).get(f"/village/exchange/{at}").status_code == 404
    assert api_client(stranger).post(f"/api/v1/redemption-{at}", sent).status_code == 404

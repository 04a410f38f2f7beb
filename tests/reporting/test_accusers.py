"""Who told of another household's deduction stays unknown to those who decide it, whatever she does on the way."""

from collections.abc import Callable
from datetime import date

import pytest

from jifen.accounts.models import User
from jifen.approvals import selectors, services
from jifen.approvals.models import Item
from jifen.audit.models import AuditRow
from jifen.kernel.actors import SYSTEM, Actor
from scoring.models import Declaration
from scoring.selectors.verifying import SUBJECT_KIND
from scoring.services import declarations
from tenants.community.models import Resident
from tests.cast import Cast
from tests.clients import ApiClient, PageClient
from tests.reporting import months

JULY = date(2026, 7, 6)
NAME = "钱举报"
Pages = Callable[..., PageClient]
Apis = Callable[..., ApiClient]


@pytest.fixture
def teller(cast: Cast) -> User:
    months.set_up("seed_000_003")
    cast.steward(name="王管理")
    cast.committee(name="吴委员")
    return cast.villager(cast.household(name=NAME))


@pytest.fixture
def item(cast: Cast, teller: User) -> Item:
    home = cast.household(name="赵六", number="77001")
    head = Resident.objects.get(user=teller)
    deed = months.told_by(home, "铺张浪费", JULY, declarer=head, by=Actor.of(teller))
    found = selectors.open_item(SUBJECT_KIND, deed.pk)
    assert found is not None
    return found


def _steward() -> User:
    return User.objects.get(display_name="王管理")


def _everything(item: Item, teller: User) -> None:
    """All that a starter can do: say, ask and be answered, press, send back and hand in again, take back."""
    her, steward = Actor.of(teller), Actor.of(_steward())
    services.comment(item=item, text="照片是当天拍的。", by=her)
    question = services.ask(item=item, to=steward.id, text="何时有结果？", by=her)
    services.answer(question=question, text="本周。", by=steward)
    services.remind(item=item, by=her)
    services.send_back(item=item, to="starter", reason="缺照片", by=steward)
    services.resubmit(item=item, text="已补充。", by=her)
    services.withdraw(item=item, by=her)


def test_no_page_of_the_item_names_her(client_for: Pages, item: Item, teller: User) -> None:
    _everything(item, teller)
    told = client_for(_steward()).get(f"/village/work/{item.pk}/")
    text = told.content.decode()
    assert (told.status_code, NAME in text, text.count("申报人") >= 6) == (200, False, True)


def test_the_api_gives_neither_her_name_nor_her_account(api_client: Apis, item: Item, teller: User) -> None:
    _everything(item, teller)
    answer = api_client(_steward()).get(f"/api/v1/approval-items/{item.pk}/words/")
    words = answer.json()["results"]
    hers = {"start", "comment", "ask", "remind", "resubmit", "withdraw"}
    assert {word["kind"] for word in words if word["actor_name"] == "申报人"} == hers
    assert not {teller.pk} & {word[name] for word in words for name in ("speaker_id", "to_id")}
    assert NAME not in answer.content.decode()


def test_the_trail_does_not_know_her(item: Item, teller: User) -> None:
    _everything(item, teller)
    rows = AuditRow.objects.filter(action__regex="^(approval|declaration)")
    assert not rows.filter(actor_name=NAME).exists()
    assert not rows.filter(actor_id=teller.pk).exists()


def test_taking_back_the_declaration_does_not_name_her_either(item: Item, teller: User) -> None:
    deed = Declaration.objects.get(pk=item.subject_id)
    declarations.withdraw(declaration=deed, by=Actor.of(teller))
    assert not AuditRow.objects.filter(action="declaration.withdraw").exclude(actor_name="申报人").exists()


def test_who_is_asked_by_name_answers_by_name(api_client: Apis, item: Item, teller: User) -> None:
    """Or the answer would tell that whoever was asked is the starter."""
    steward = Actor.of(_steward())
    question = services.ask(item=item, to=teller.pk, text="那天您在场吗？", by=steward)
    services.answer(question=question, text="在。", by=Actor.of(teller))
    words = api_client(_steward()).get(f"/api/v1/approval-items/{item.pk}/words/").json()["results"]
    assert [(word["kind"], word["actor_name"]) for word in words[:2]] == [("answer", NAME), ("ask", "王管理")]


def test_she_still_hears_how_it_ended_and_her_question_is_answered(item: Item, teller: User) -> None:
    _everything(item, teller)
    assert selectors.questions_for(_steward().pk).count() == 0
    assert item.words.get(kind="answer").to_id == teller.pk


def test_a_post_handed_over_leaves_hers_with_her(cast: Cast, item: Item, teller: User) -> None:
    other = cast.officer(name="陈经办")
    done = services.hand_over(giver=teller.pk, receiver=other.pk, by=SYSTEM)
    item.refresh_from_db()
    assert (done.started, item.starter_id) == ((), teller.pk)


def test_a_preview_of_what_is_back_with_her_names_nobody(item: Item) -> None:
    services.send_back(item=item, to="starter", reason="缺照片", by=Actor.of(_steward()))
    old = item.flow.definition.dump()
    step = {"name": "复核", "who": {"role": "committee"}}
    flow = services.save(subject_kind=item.subject_kind, steps={**old, "steps": [*old["steps"], step]}, by=SYSTEM)
    [told] = services.preview_move(flow)
    assert (told.can_move, told.people) == (True, ())

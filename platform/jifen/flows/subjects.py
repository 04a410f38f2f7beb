"""What the rooms above scoring put through approval flows: the close of a year."""

from collections.abc import Iterable, Iterator

from django.urls import reverse

from jifen.accounts.models import User
from jifen.approvals import naming, registry
from jifen.approvals import selectors as flows
from jifen.approvals.definition import Definition, Step
from jifen.approvals.models import Item, WordKind
from jifen.approvals.persons import PersonField
from jifen.approvals.warnings import Concern
from jifen.flows import close_year
from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.permissions import grants_of
from jifen.kernel.tenancy import current_schema
from scoring.permissions import ScoringPermission
from scoring.selectors import closing
from scoring.services import year_requests


class YearCloseKind(registry.SubjectKind):
    """年度封账: one person proposes, others approve in the flow; she never does herself (I7)."""

    kind = close_year.KIND
    name = "年度封账"
    facts = {"year": "number", "households": "number", "expiring": "number"}
    without = "由镇里两人办理，一人提出、另一人批准"
    persons = {"proposer": PersonField("提出封账的人", "starter", stands_back=True)}

    def people(self, item: Item, field: str) -> set[int]:
        return closing.request(item.subject_id).account()

    def on_approved(self, item: Item, by: Actor) -> None:
        close_year.approved(request=item.subject_id, by=_second(item))

    def on_rejected(self, item: Item, by: Actor) -> None:
        year_requests.withdraw(request=closing.request(item.subject_id), by=by)

    def on_withdrawn(self, item: Item, by: Actor) -> None:
        year_requests.withdraw(request=closing.request(item.subject_id), by=by)

    def may_withdraw(self, item: Item, by: Actor) -> bool:
        """Whoever may propose."""
        user = User.objects.filter(pk=by.id, is_active=True).first() if by.realm == current_schema() else None
        return user is not None and grants_of(user).allows(ScoringPermission.CLOSE_YEAR)

    def bars(self, item: Item, users: set[int]) -> set[int]:
        """The one who proposed: two people close a year."""
        asked = closing.request(item.subject_id)
        return users & {asked.actor_id} if asked.actor_realm == current_schema() else set()

    def title(self, item: Item) -> str:
        return f"{closing.request(item.subject_id).year.number}年度封账"

    def address(self, item: Item) -> str:
        return reverse("flows:year", args=[closing.request(item.subject_id).year.number])

    def concerns(self, definition: Definition) -> Iterable[Concern]:
        steps = list(definition.all_steps())
        yield from (found for step in steps for found in _silence(step))
        people = naming.people_at(None)
        asked = {user for step in steps for who in step.who for user in people(who)}
        if len(asked) == 1:
            text = "封账要两个人：提出的人不能自己同意，而这里只有一个人能同意"
            yield Concern("second_person", steps[0].key, text, "请再加一位办理人，或由不在流程里的人来提出。", "wait")


def register() -> None:
    registry.register(YearCloseKind())


def _silence(step: Step) -> Iterator[Concern]:
    if step.limit is not None and step.limit.then == "pass":
        text = f"“{step.name}”超时视为同意，但封账必须有提出人以外的人亲自同意"
        yield Concern("silence_closes_nothing", step.key, text, "请改为超时提醒或上报。", "wait")
    if step.empty == "skip":
        text = f"“{step.name}”没有人时跳过；各步都跳过时不能封账"
        yield Concern("nobody_closes", step.key, text, "请写明没有人时转镇级办公室。", "wait")


def _second(item: Item) -> Actor:
    """The last person who approved; the system when only time limits did, which closes nothing."""
    word = flows.last_word(item, WordKind.APPROVE)
    user = User.objects.filter(pk=word.speaker_id).first() if word else None
    return Actor.of(user) if user else SYSTEM

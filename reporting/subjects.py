"""What reporting puts through approval flows, in towns that have chosen one for it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse

from jifen.accounts.models import User
from jifen.approvals import registry
from jifen.approvals import selectors as flows
from jifen.approvals.definition import Definition, Step
from jifen.approvals.models import Item, WordKind
from jifen.approvals.persons import PersonField, Trial
from jifen.approvals.warnings import Concern
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.permissions import grants_of
from jifen.kernel.tenancy import current_schema
from reporting import policies
from reporting.errors import FindingMissing, PolicyMissing
from reporting.models import Level, NoticeDraft, Objection
from reporting.permissions import ReportingPermission as May
from reporting.selectors import drafts as drafting
from reporting.selectors import inquiries, investigators
from reporting.services import drafts
from reporting.services import inquiries as services

SECOND = 2
"""The stage at which the town is asked."""
SILENCE = {"pass": "视为同意", "refuse": "视为不同意"}


class ObjectionKind(registry.SubjectKind):
    """异议: approving is 异议成立, rejecting 维持原结果. Neither title nor words tell who objects."""

    kind = inquiries.KIND
    name = "异议"
    facts = {
        "kind": "text", "points": "number", "is_negative": "yes_no", "stage": "number", "is_direct": "yes_no",
    }  # fmt: skip
    values = {"kind": ("entry", "declaration", "notice")}
    persons = {"investigators": PersonField("镇里设定的核实人", "none")}

    def people(self, item: Item, field: str) -> set[int]:
        return investigators.of(_objection(item))

    def would_name(self, trial: Trial, field: str) -> set[int] | None:
        is_for_town = trial.facts.get("is_direct") is True or str(trial.facts.get("stage")) == str(SECOND)
        level = Level.TOWN if is_for_town or trial.village_id is None else Level.VILLAGE
        try:
            return investigators.body(level, trial.village_id or 0, policies.on(clock.today()).bodies)
        except PolicyMissing:
            return None

    without = "由镇里设定的核实人直接答复"
    one_by_one = "每件都要写明处理结果和调查结果"

    def check_word(self, item: Item, verdict: str, reason: str) -> None:
        """Nothing passes the investigators without what they found; who agrees with it later need not write it again.

        Raises:
            FindingMissing
        """
        if not reason.strip() and not services.is_found(item, upheld=verdict == WordKind.APPROVE):
            text = "还没有写明调查结果：请打开这件异议，写明处理结果和调查结果，再提交意见。"
            raise FindingMissing(text, field="reason")

    def on_approved(self, item: Item, by: Actor) -> None:
        services.decided(item, upheld=True)

    def on_rejected(self, item: Item, by: Actor) -> None:
        services.decided(item, upheld=False)

    def on_withdrawn(self, item: Item, by: Actor) -> None:
        services.ended(item)

    def bars(self, item: Item, users: set[int]) -> set[int]:
        """Those whom it concerns, as for every investigator; the village's people when it is for the town alone."""
        posting = inquiries.disputed_by_opinion(item.subject_id)
        concerned = {user for _, user in investigators.barred([item.subject_id], users, posting)}
        objection = _objection(item)
        return concerned | (users - investigators.office() if objection.is_for_town else set())

    def goes_past(self, item: Item, users: set[int]) -> set[int]:
        """Those with a say in the village, when it went directly to the town; the office is not of them."""
        objection = _objection(item)
        if not objection.is_direct:
            return set()
        village = objection.village_id
        return {user for user, place in registry.posts(users) if place == village} - investigators.office()

    def may_decide(self, item: Item, users: set[int], *, in_town: bool) -> set[int]:
        """The body that the town's policy names for the level; the office where it leaves nobody."""
        return users & _body(_objection(item), in_town=in_town)

    def deciders_cn(self, item: Item) -> str:
        return "异议只由镇里设定的核实人调查，村里的步骤请选核实人，镇里的步骤请选镇级办公室的人"

    def would_bar(self, facts: Mapping[str, Any], users: set[int]) -> set[int]:
        is_for_town = facts.get("is_direct") is True or facts.get("stage") == SECOND
        return users - investigators.office() if is_for_town else set()

    is_guarded = True

    def may_read(self, item: Item, user_id: int) -> bool:
        return bool(inquiries.seated([item.pk], user_id))

    def title(self, item: Item) -> str:
        return _objection(item).number

    def address(self, item: Item) -> str:
        objection = _objection(item)
        area = "office" if objection.level == Level.TOWN else "village"
        return reverse(f"reporting:{area}-objection", args=[objection.pk])

    def concerns(self, definition: Definition) -> Iterable[Concern]:
        steps = list(definition.all_steps())
        yield from (found for step in steps for found in (*_silence(step), *_signers(step)))
        if not any(_is_town(step) for step in steps):
            text = "直接向镇里提出的和请镇里复核的异议，村里的人一律回避"
            yield Concern(
                "town_alone", steps[0].key, text, "请让镇里的人至少办一步，或写明没有人时转镇级办公室。", "wait"
            )


class NoticeKind(registry.SubjectKind):
    """公示: a quarter's frozen draft; approving it hangs it."""

    kind = drafting.KIND
    name = "公示"
    facts = {"kind": "text", "lines": "number", "village": "text"}
    values = {"kind": ("village_quarter", "town_quarter")}
    persons = {"maker": PersonField("送审人", "starter")}

    def people(self, item: Item, field: str) -> set[int]:
        return _draft(item).account()

    without = "到日子自动张贴"

    def on_approved(self, item: Item, by: Actor) -> None:
        drafts.approved(item, by)

    def on_rejected(self, item: Item, by: Actor) -> None:
        drafts.refused(item, flows.last_reason(item), by)

    def on_withdrawn(self, item: Item, by: Actor) -> None:
        drafts.withdrawn(item, flows.last_word(item, WordKind.WITHDRAW, WordKind.TERMINATE), by)

    def may_withdraw(self, item: Item, by: Actor) -> bool:
        """Whoever may send it."""
        return may_publish(by, item.village_id)

    def title(self, item: Item) -> str:
        return str(_draft(item))

    def address(self, item: Item) -> str:
        return reverse(f"reporting:{'village' if item.village_id else 'office'}-draft", args=[item.subject_id])


def register() -> None:
    registry.register(ObjectionKind())
    registry.register(NoticeKind())


def may_publish(by: Actor, village_id: int | None) -> bool:
    user = User.objects.filter(pk=by.id, is_active=True).first() if by.realm == current_schema() else None
    if user is None:
        return False
    grants = grants_of(user)
    return (
        grants.allows(May.PUBLISH, village=village_id) if village_id else grants.scope(May.PUBLISH, "village") is None
    )


def _draft(item: Item) -> NoticeDraft:
    return NoticeDraft.objects.get(pk=item.subject_id)


def _silence(step: Step) -> Iterable[Concern]:
    then = SILENCE.get(step.limit.then) if step.limit else None
    if then:
        text = f"“{step.name}”超时{then}不算答复，没有人表态的异议会转给镇里设定的核实人"
        yield Concern("silence_answers_nothing", step.key, text, "请改为超时提醒或上报。", "wait")


def _signers(step: Step) -> Iterable[Concern]:
    if not _is_town(step):
        text = f"在审核表上签过字的人都不能核实，“{step.name}”可能没有人办"
        yield Concern("signers_stand_back", step.key, text, "请写明没有人时转镇级办公室。", "wait")


def _is_town(step: Step) -> bool:
    return step.empty == "office" or any(one.role in investigators.OFFICE or one.named() for one in step.who)


def _body(objection: Objection, *, in_town: bool) -> set[int]:
    level = Level.TOWN if in_town or objection.is_for_town else Level.VILLAGE
    found = investigators.body(level, objection.village_id, policies.on(objection.raised_on).bodies)
    away = {user for _, user in investigators.barred([objection.pk], found)}
    return found if found - away else investigators.office()


def _objection(item: Item) -> Objection:
    return Objection.objects.get(pk=item.subject_id)

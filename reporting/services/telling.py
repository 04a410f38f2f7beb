"""Who is told of an objection: those who look into it, and the household that asked. No message names an objector."""

from collections.abc import Iterable

from django.urls import reverse

from jifen.inbox import services as inbox
from jifen.kernel import clock
from jifen.kernel.tenancy import current_schema
from jifen.web.wording import date_cn
from reporting.models import Level, NoticeDraft, Objection
from reporting.selectors import investigators
from tenants.community import selectors as community
from tenants.community.models import Role

KIND, NOTICE = "objection", "notice"


def asked(objection: Objection) -> None:
    """It is in the hands of these now."""
    people = investigators.of(objection)
    office = investigators.body(Level.TOWN, objection.village_id, ())
    body = f"{objection.number}，请在{date_cn(objection.answer_by)}前核实答复。"
    for area, users in (("village", people - office), ("office", people & office)):
        address = reverse(f"reporting:{area}-objection", args=[objection.pk])
        _tell(objection, objection.level, users, "有一条异议等您核实", body, address)


def escalated(objection: Objection) -> None:
    """The village did not answer in time: the town does, and the household knows."""
    inbox.settle(topic=_topic(objection))
    body = f"最迟{date_cn(objection.answer_by)}答复。"
    _tell(objection, "escalated", _household(objection), f"{objection.number} 转由镇里核实", body, _own(objection))


def answered(objection: Objection) -> None:
    """Who was to look into it need not any more."""
    inbox.settle(topic=_topic(objection))
    title = f"{objection.number} 有答复了：{objection.get_state_display()}"
    _tell(
        objection, "answered", _household(objection), title, "点开看核实的结果，不服的话下一步去哪里。", _own(objection)
    )


def to_mend(draft: NoticeDraft) -> None:
    """A refused notice comes back to whoever sent it and to those who keep the village's points."""
    stewards = community.roles_on(clock.today()).filter(role=Role.STEWARD, village=draft.village)
    users = set(stewards.values_list("user", flat=True)) if draft.village_id else investigators.office()
    if draft.actor_realm == current_schema():
        users.add(draft.actor_id)
    area = "village" if draft.village_id else "office"
    address = reverse(f"reporting:{area}-draft", args=[draft.pk])
    body = f"要改：{draft.remark}"[:200]
    inbox.tell(
        users=users,
        kind=NOTICE,
        title=f"{draft.title}要修改",
        body=body,
        address=address,
        key=f"notice/draft/{draft.pk}",
    )


def _topic(objection: Objection) -> str:
    return f"objection/{objection.pk}"


def _own(objection: Objection) -> str:
    return reverse("reporting:objection", args=[objection.pk])


def _household(objection: Objection) -> set[int]:
    rows = community.members_on(objection.household, clock.today()).exclude(resident__user=None)
    return set(rows.values_list("resident__user__pk", flat=True))


def _tell(objection: Objection, turn: str, users: Iterable[int], title: str, body: str, address: str) -> None:
    key = f"objection/{objection.pk}/{turn}"
    inbox.tell(users=users, kind=KIND, title=title, body=body, address=address, key=key, topic=_topic(objection))

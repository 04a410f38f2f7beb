"""What people are told of items, in their own messages; a digest counts them.

New work is told in one message a day for each kind of subject, which comes back unread with what arrives after it was
read: nobody gets a message for each of a hundred deeds.
"""

from collections.abc import Collection, Iterable
from datetime import date

from jifen.accounts import selectors as accounts
from jifen.accounts.models import SiteRole
from jifen.approvals import registry
from jifen.approvals.models import Assignment, Item, ItemState, Stage, StageState, Verdict, Word
from jifen.approvals.selectors.items import MINE, last_reason
from jifen.inbox import services as inbox
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.tenancy import current_schema
from jifen.web.wording import date_cn

WORK, NEWS = "approval_work", "approval_news"
PAGE = "/work/"


def new_work(item: Item, users: Iterable[int]) -> None:
    """Not of what somebody handed on by name: that is told by itself. One message a day names them all."""
    kind = registry.subject(item.subject_kind)
    key = f"approval.work.{item.subject_kind}.{clock.today()}"
    topic = f"approval.work.{item.subject_kind}"
    _tell(users, WORK, f"您有新的待办：{kind.name}", kind.title(item), PAGE, key, topic, gathers=True)


def given(item: Item, user: int, stage: Stage) -> None:
    """Work that somebody handed her by name."""
    _about(item, [user], WORK, "转到您这里办理", stage.name, f"approval.given.{stage.pk}")


def pressed(item: Item) -> None:
    key = f"approval.remind.{item.pk}.{item.reminders}"
    _about(
        item, at_work(item), WORK, "催办", f"第{item.reminders}次催办，请尽快办理。", key, f"approval.late.{item.pk}"
    )


def overdue(item: Item, stage: Stage) -> None:
    key = f"approval.overdue.{stage.pk}.{stage.overdue}"
    body = f"“{stage.name}”第{stage.overdue}次超时。"
    _about(item, at_work(item), WORK, "已超过办理期限", body, key, f"approval.late.{item.pk}")


def brought_in(item: Item, users: Iterable[int], stage: Stage) -> None:
    """Those above, who may decide now too."""
    body = f"“{stage.name}”超过了办理期限，您也可以办理。"
    _about(item, users, WORK, "超过期限，请您办理", body, f"approval.escalated.{stage.pk}.{stage.overdue}")


def put_back(item: Item, user: int, stage: Stage) -> None:
    """Who had claimed it."""
    body = f"“{stage.name}”超过了办理期限，您的认领已放回，上级也可以办理。您仍然可以办。"
    _about(item, [user], WORK, "认领已放回", body, f"approval.put_back.{stage.pk}.{stage.overdue}")


def relieved(item: Item, users: Iterable[int], stage: Stage) -> None:
    """Those for whom somebody above decides."""
    body = f"“{stage.name}”超过了办理期限，改由上级办理，您不用再办。"
    _about(item, users, NEWS, "超过期限，已转上级办理", body, f"approval.relieved.{stage.pk}.{stage.overdue}")


def nobody_there(item: Item, stage: Stage) -> None:
    """The office has to find somebody."""
    office = accounts.holders(SiteRole.TOWN_ADMIN).values_list("pk", flat=True)
    body = f"“{stage.name}”没有能办理的人，请指定办理人、调整职务或终止。"
    _about(item, office, WORK, "没有办理人", body, f"approval.blocked.{stage.pk}")


def asked(item: Item, word: Word) -> None:
    _about(item, [word.to_id or 0], WORK, "有人向您询问", word.text, f"approval.word.{word.pk}")


def answered(item: Item, word: Word) -> None:
    _about(item, [word.to_id or 0], NEWS, "您的询问有了答复", word.text, f"approval.word.{word.pk}")


def copied(item: Item, users: Iterable[int]) -> None:
    _about(item, users, NEWS, "抄送给您", "", f"approval.copy.{item.pk}")


def entered(item: Item, word: Word, signed_on: date) -> None:
    """Whoever signed on paper learns who has entered it, unless she did it herself."""
    if word.actor_id != word.speaker_id:
        verdict = Verdict(word.kind).label
        body = f"您{date_cn(signed_on)}签的“{verdict}”，由{word.actor_name}录入。没有签过的，请马上告诉镇级办公室。"
        _about(item, [word.speaker_id], NEWS, "录入了您在纸上签的意见", body, f"approval.paper.{word.pk}")


def result(item: Item, by: Actor) -> None:
    """The starter learns how it ended or that it is hers again, unless she did it herself."""
    if item.starter_realm == current_schema() and not item.is_started_by(by):
        state = ItemState(item.state).label
        count = item.stages.count()
        reason = "" if item.state == ItemState.APPROVED else last_reason(item)
        _about(item, [item.starter_id], NEWS, state, reason, f"approval.result.{item.pk}.{item.state}.{count}")


def over(item: Item, users: Collection[int]) -> None:
    """What sent people to it is past; so is the news of work for those of ``users`` for whom nothing else waits."""
    inbox.settle_at(address=f"{PAGE}{item.pk}/")
    rows = Assignment.objects.filter(user__in=users, state__in=MINE, stage__state=StageState.ACTIVE)
    busy = rows.filter(stage__item__subject_kind=item.subject_kind).values_list("user_id", flat=True)
    inbox.settle(topic=f"approval.work.{item.subject_kind}", users=set(users) - set(busy))


def at_work(item: Item) -> list[int]:
    """Whose turn it is."""
    rows = Assignment.objects.filter(stage__item=item, stage__state=StageState.ACTIVE, state__in=MINE)
    return list(rows.values_list("user_id", flat=True))


def _about(item: Item, users: Iterable[int], kind: str, what: str, body: str, key: str, topic: str = "") -> None:
    if not (people := set(users)):
        return
    title = registry.subject(item.subject_kind).title(item)
    _tell(people, kind, f"{what}：{title}", body, f"{PAGE}{item.pk}/", key, topic)


def _tell(
    users: Iterable[int],
    kind: str,
    title: str,
    body: str,
    address: str,
    key: str,
    topic: str = "",
    *,
    gathers: bool = False,
) -> None:
    people = set(users)
    if people:
        told = {"kind": kind, "title": title, "body": body, "address": address, "key": key, "topic": topic}
        inbox.tell(users=people, gathers=gathers, **told)

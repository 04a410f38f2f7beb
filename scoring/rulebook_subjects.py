"""A rulebook that was handed in, before those who decide on it.

A village's is filed or consented to, as the town chose. Where it is filed, what the representatives resolved is
approved at once, and the flow only receives and publishes it.
"""

from collections.abc import Mapping

from django.urls import reverse

from jifen.approvals import registry, selectors
from jifen.approvals.definition import Definition, parse
from jifen.approvals.models import Item
from jifen.approvals.persons import PersonField
from jifen.kernel.actors import Actor
from jifen.kernel.tenancy import current_schema
from scoring.models import RulebookVersion, VersionState
from scoring.services import versions

OFFICE = {"name": "镇级办公室", "who": {"role": "town_officer"}, "empty": "office"}
ADMIN = {"name": "镇管理员审定", "who": {"role": "town_admin"}, "empty": "office"}


FILED = "村里已经表决通过，镇里只收存；发现问题的，请通知村里修订"


class _Kind(registry.SubjectKind):
    persons = {"sender": PersonField("提交人", "starter"), "writers": PersonField("草案的执笔人", "none")}

    def people(self, item: Item, field: str) -> set[int]:
        """Whoever handed it in; whoever wrote its draft."""
        if field == "sender":
            return {item.starter_id} if item.starter_realm == current_schema() else set()
        draft = _version(item).draft
        return draft.account() if draft else set()

    def on_approved(self, item: Item, by: Actor) -> None:
        version = _version(item)
        if version.state == VersionState.SUBMITTED:
            versions.approve(version=version, by=by)

    def on_rejected(self, item: Item, by: Actor) -> None:
        versions.refuse(version=_version(item), reason=selectors.last_reason(item), by=by)

    def on_withdrawn(self, item: Item, by: Actor) -> None:
        version = _version(item)
        if version.state == VersionState.SUBMITTED:
            versions.refuse(version=version, reason=selectors.last_reason(item) or "已撤回", by=by)

    def forbids(self, item: Item) -> Mapping[str, str]:
        """What the village's meeting resolved where the town files it: it is approved already."""
        return {} if _version(item).state == VersionState.SUBMITTED else {"reject": FILED, "return": FILED}

    def title(self, item: Item) -> str:
        version = _version(item)
        return f"《{version.rulebook.title}》第{version.number}版"


class VillageRulebookKind(_Kind):
    """``consent``: ``filing`` or ``consent``; ``resolved``: the meeting's votes and minutes are written down."""

    kind = versions.VILLAGE_KIND
    name = "村积分细则"
    facts = {"consent": "text", "resolved": "yes_no", "charter": "yes_no", "changed": "number", "added": "number"}

    def standard(self) -> Definition:
        return parse([OFFICE])

    def address(self, item: Item) -> str:
        return reverse("scoring:rulebook_version", args=[item.subject_id])


class TownRulebookKind(_Kind):
    """The town's own: its group or administrator decides."""

    kind = versions.TOWN_KIND
    name = "镇积分细则"

    def standard(self) -> Definition:
        return parse([ADMIN])

    def address(self, item: Item) -> str:
        return reverse("scoring:rulebook_version", args=[item.subject_id])


def register() -> None:
    registry.register(VillageRulebookKind())
    registry.register(TownRulebookKind())


def _version(item: Item) -> RulebookVersion:
    return RulebookVersion.objects.select_related("rulebook__village", "draft").get(pk=item.subject_id)

"""Where the newcomer's steward sits houses are walked and activities have a list; elsewhere a table is read in."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from jifen.kernel import clock
from jifen.kernel.actors import Actor
from scoring.models import Rule
from scoring.selectors import spec_of
from scoring.selectors.rounds import is_credited_at_once, is_walkable, only_gives
from scoring.services import activities, batches, inspections
from scoring.services.inspections import Mark
from tenants.community.models import Household, Role, Village, VillageRole

SHOWN = "steward"
Rows = Sequence[tuple[Household, Any, Rule, dict[str, Any]]]


def hand_in(*, village: Village, kind: str, title: str, happened_on: date, place: str, rows: Rows, by: Actor) -> None:
    """The month's round or activity of ``rows``, which are all of one rule."""
    rule = rows[0][2]
    frame: dict[str, Any] = {"village": village, "title": title, "place": place, "happened_on": happened_on, "by": by}
    if not _is_shown(village) or not _fits(kind, rule):
        batches.record_batch(kind=kind, rows=list(rows), **frame)
    elif kind == "inspection":
        _walk(rule, rows, frame)
    else:
        _list(rule, rows, frame)


def _is_shown(village: Village) -> bool:
    return VillageRole.objects.filter(village=village, role=Role.STEWARD, user__username=SHOWN).exists()


def _fits(kind: str, rule: Rule) -> bool:
    spec = spec_of(rule)
    if kind == "inspection":
        return is_walkable(spec) and rule.subject == "household"
    return is_credited_at_once(spec) and only_gives(spec)


def _walk(rule: Rule, rows: Rows, frame: dict[str, Any]) -> None:
    held = inspections.open_inspection(rules=[rule.pk], **frame)
    at = clock.now()
    marks = [Mark(home.pk, rule.pk, at, tier=str(facts.get("tier", ""))) for home, _, _, facts in rows]
    if wrong := inspections.mark(inspection=held, marks=marks, by=frame["by"]):
        raise RuntimeError(f"{frame['title']}：{wrong}")
    inspections.submit(inspection=held, by=frame["by"])


def _list(rule: Rule, rows: Rows, frame: dict[str, Any]) -> None:
    facts = {name: value for name, value in rows[0][3].items() if name != "inputs"}
    held = activities.open_activity(rule=rule, facts=facts, **frame)
    present = [home.head_id for home, _, _, _ in rows if home.head_id]
    activities.sign_by_hand(activity=held, residents=present, by=frame["by"])
    activities.submit(activity=held, by=frame["by"])

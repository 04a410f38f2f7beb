"""Rules made their own: in spring the first village of each town adapts the town's, in summer one town revises its own.

A draft is checked, tried on the months gone by, resolved by the representatives (the village's) and decided in the
town's flow; villages with an overlay confirm what the town's new version leaves of it.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from jifen.accounts.models import User
from jifen.approvals import selectors as approvals
from jifen.approvals import services as words
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.local.demo import who
from jifen.local.demo.deeds import photo_of
from jifen.local.demo.plan import ADAPTS, REVISES, YEAR, TownPlan
from jifen.local.demo.waiting import until
from scoring.models import Adaptation, Draft, DraftState, RulebookVersion
from scoring.rules.spec import RuleSpec
from scoring.selectors import adaptations as adapted
from scoring.selectors import drafts as seen
from scoring.services import adaptations, draft_checks, drafts, resolutions, versions
from scoring.whatif import runs
from tenants.community.models import Village

OWN: dict[str, Any] = {
    "code": "own-harvest",
    "sign": "positive",
    "matter": "邻里互助",
    "title": "抢收互助",
    "text": "农忙时节帮邻居抢收抢晒，经受助户确认。",
    "amount": {"kind": "fixed", "points": "2"},
    "source": {"section": "村民代表会议增加"},
    "declarers": ["self", "neighbour", "group_leader", "steward"],
    "figures": "example",
}
"""What the villages add: an item that no seed has."""
SIGNED = "镇班子会集体研究，只作倡导，不与任何待遇挂钩。"
VOTES = {"members": 30, "present": 27, "votes_for": 24, "votes_against": 2, "votes_abstained": 1}


def adapt(village: Village) -> RulebookVersion:
    """The village gives one of the town's items a point more and adds one; from the first of next month."""
    steward = who.steward(village)
    draft = drafts.open_draft(village=village, by=steward)
    town = seen.whole(draft)
    item = _plain(town.rules)
    told = {"amount": _raised(item)}
    drafts.add_item(draft=draft, code=item.code, body={"kind": "amend", "code": item.code, "values": told}, by=steward)
    own = OWN | {"category": item.category}
    drafts.add_item(draft=draft, body={"kind": "add", "rule": own}, by=steward)
    draft = _check(draft, steward)
    draft_checks.waive_trial(
        draft=draft, revision=draft.revision, reason="只改一条、增一条，代表会议逐条议过", by=steward
    )
    _resolve(draft, village, steward)
    return _hand_in(draft, resolution="", by=steward)


def revise(plan: TownPlan) -> RulebookVersion:
    """The town switches on what it signs for and raises one price; first it sees what that would have meant."""
    admin = Actor.of(User.objects.get(username="admin"))
    draft = drafts.open_draft(village=None, by=admin)
    rules = seen.whole(draft).rules
    for rule in rules:
        if not rule.active:
            row = draft.items.get(code=rule.code)
            drafts.switch_item(draft=draft, code=rule.code, revision=row.revision, on=True, by=admin)
    item = _plain(rules)
    row = draft.items.get(code=item.code)
    body = {**row.body, "amount": _raised(item)}
    drafts.save_item(draft=draft, code=item.code, revision=row.revision, body=body, by=admin)
    _settle_prices(draft, admin)
    draft = _check(draft, admin)
    runs.start_for_draft(draft=draft, since=date(YEAR, 1, 1), by=admin)
    until(lambda: Draft.objects.get(pk=draft.pk).state == DraftState.TRIED, "试算")
    draft.refresh_from_db()
    version = _hand_in(draft, resolution=f"{plan.name}政发〔{YEAR}〕26号", by=admin)
    for adaptation in Adaptation.objects.filter(state="pending").select_related("rulebook__village"):
        if village := adaptation.rulebook.village:
            adaptations.confirm(adaptation=adaptation, choices=_own(adaptation), by=who.steward(village))
    return version


def _settle_prices(draft: Draft, by: Actor) -> None:
    """Of two items for one deed the one that says less is switched off; a signature would leave the deed two prices."""
    rules = {rule.code: rule for rule in seen.whole(draft).rules}
    found = draft_checks.found_now(draft).values()
    for codes in [one.codes for one in found if one.kind == "two_prices"]:
        least = min((rules[code] for code in codes), key=lambda rule: (len(rule.conditions), len(rule.text)))
        row = draft.items.get(code=least.code)
        drafts.switch_item(draft=draft, code=least.code, revision=row.revision, on=False, by=by)


def revise_rules(plan: TownPlan, month: date) -> None:
    """What the month brings to the town's rulebooks, if anything."""
    if month == ADAPTS:
        adapt(Village.objects.order_by("code")[0])
    if (plan.host, month) == REVISES:
        revise(plan)


def _plain(rules: Iterable[RuleSpec]) -> RuleSpec:
    """The first item with one price."""
    return next(rule for rule in rules if rule.sign == "positive" and rule.active and rule.amount.kind == "fixed")


def _raised(rule: RuleSpec) -> dict[str, Any]:
    amount = rule.amount.model_dump(mode="json")
    return {**amount, "points": str(Decimal(amount["points"]) + 1)}


def _check(draft: Draft, by: Actor) -> Draft:
    """Looked through; what asks for a signature is signed."""
    draft = draft_checks.check(draft=draft, by=by)
    for finding in seen.open_findings(draft):
        draft_checks.sign_off(draft=draft, finding=finding.pk, reason=SIGNED, by=by)
    draft.refresh_from_db()
    return draft


def _resolve(draft: Draft, village: Village, by: Actor) -> None:
    resolutions.resolve(
        draft=draft,
        revision=draft.revision,
        meeting="representatives",
        held_on=clock.today(),
        place=f"{village.name}村委会会议室",
        text="同意本村积分细则的修订。",
        minutes=photo_of(f"{village.code}-minutes", by),
        by=by,
        **VOTES,
    )


def _hand_in(draft: Draft, *, resolution: str, by: Actor) -> RulebookVersion:
    """Dated the first of next month, and decided by whom the town's flow asks."""
    draft.refresh_from_db()
    day = clock.next_month(clock.today())
    version = versions.submit(draft=draft, effective_from=day, resolution=resolution, by=by)
    kind = versions.VILLAGE_KIND if seen.is_village(draft) else versions.TOWN_KIND
    item = approvals.open_item(kind, version.pk)
    while item is not None and item.finished_at is None:
        item = words.decide(item=item, verdict="approve", by=who.asked(item))
    version.refresh_from_db()
    return version


def _own(adaptation: Adaptation) -> dict[str, str]:
    """Where both changed the same, the village's word stays, if it may."""
    return {one.code: "own" if "own" in one.choices else "town" for one in adapted.view(adaptation).open}

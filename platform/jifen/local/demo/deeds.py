"""A month's deeds: rounds and activities recorded in one act, single deeds with photos, villagers' own declarations."""

import hashlib
import random
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import requests
from django.db import transaction

from jifen.accounts.models import User
from jifen.files import services as files
from jifen.files.models import File
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.errors import InvalidInput
from jifen.local.demo import exceptional, groups, rounds, tellers, verifying, who
from jifen.local.demo.photos import photo
from jifen.local.demo.plan import YEAR, TownPlan
from jifen.local.demo.tellers import Teller
from scoring import selectors as scoring
from scoring.models import Declaration, Rule, Rulebook
from scoring.services import declarations
from tenants.community import selectors as community
from tenants.community.models import Household, HouseholdMember, Resident, Village

PLACES = ("村口", "自家院落", "文化广场", "河道边", "村委会", "党群服务中心", "邻居家", "公路两侧", "祠堂", "果园")
EACH_MONTH = {"chuansha": 26, "shuren": 25, "qingxi": 25}
WITH_PHOTO = 0.82
NEIGHBOURS = 2
USUAL, TIMES = 2, 2
"""Points of what the newcomer's household does each month, and how often: a good one. Once more after the year, whose
points are gone, so that it has some to exchange when the newcomer comes."""
HARVESTS = (4, 6, 9)
"""Months in which the newcomer's household does what its village's own item is about."""
SHARE = {"chuansha": 0.36, "shuren": 0.31, "qingxi": 0.8}
"""Of a village's households that come to the month's round or activity, on average."""
INSPECTIONS, INSPECTED = (1, 7), ("ws-01",)
PLANTINGS, PLANTED = (3, 11), ("st-01",)
WORKED = ("zy-01", "gg-02")
"""Where a title needs 60 points: houses are looked at, trees are planted, else people work for the village."""
MUCH = 6
TRIES = 8


def record(plan: TownPlan, month: date) -> None:
    """All villages of the town; the clock stands on the 28th."""
    source = random.Random(f"{plan.host}-{month}")
    villages = list(Village.objects.order_by("code"))
    rules = _by_village(villages, month)
    for village in villages:
        _round(plan, village, rules[village.pk], month, source)
    for _ in range(EACH_MONTH[plan.host]):
        village = source.choice(villages)
        _single(village, rules[village.pk], month, source)
    _of_the_resident(rules, month, source)
    if groups.staffed(plan):
        _signed(villages[month.month % len(villages)], rules, month, source)
    if month in exceptional.MOVE_IN:
        exceptional.move_in(plan, villages[-1])
    if (plan.host, month) == verifying.AWAY:
        _told_while_away(villages[0], rules[villages[0].pk], month, source)
    if (plan.host, month) == verifying.CHANGE:
        _told(villages[0], rules[villages[0].pk], month, source)
        _signed(villages[0], rules, month, source, verifying.MUCH)
        verifying.change_flow()
    verifying.verify(villages)


def _told_while_away(village: Village, rules: list[Rule], month: date, source: random.Random) -> None:
    verifying.go_away(village)
    _told(village, rules, month, source)
    verifying.talk_over(village)


def _told(village: Village, rules: list[Rule], month: date, source: random.Random) -> None:
    """Deeds that villagers tell of, wherever the rule lets them; the last of the steward's own household."""
    for _ in range(verifying.TALKED_OVER):
        _single(village, rules, month, source, share=1.0)
    _single(village, rules, month, source, home=who.steward_home(village), share=1.0)


def _signed(village: Village, rules: dict[int, list[Rule]], month: date, source: random.Random, least: int = 0) -> None:
    """One that the leader of the group has to sign."""
    found = groups.signed(village, rules[village.pk], source, least)
    if found is not None:
        household, rule, teller = found
        picture = [photo_of(f"{household.number}-{month}-signed-{least}", teller.by)]
        _tell(household, rule, picture, month, teller, source)


def _by_village(villages: list[Village], month: date) -> dict[int, list[Rule]]:
    """The town's rules, and those of the villages with a rulebook of their own. Only what the whole month counts."""
    own = {book.village_id for book in Rulebook.objects.exclude(village=None)}
    common = _counting(next(village for village in villages if village.pk not in own), month)
    return {village.pk: _counting(village, month) if village.pk in own else common for village in villages}


def _counting(village: Village, month: date) -> list[Rule]:
    return [rule for rule in scoring.rules_in_force(village, month) if scoring.spec_of(rule).counts_on(month)]


def _round(plan: TownPlan, village: Village, rules: list[Rule], month: date, source: random.Random) -> None:
    """The month's round over the households (seed 000: hygiene), or an activity that many attended."""
    joined = list(Household.objects.filter(applications__state="joined", village=village).order_by("number"))
    inspects = plan.inspects and month.month in INSPECTIONS
    rule = source.choice(_of_the_round(plan, rules, month.month))
    attending = [household for household in joined if source.random() < SHARE[plan.host] * _zeal(household)] or joined[
        :1
    ]
    own = rule.subject == "resident"
    rounds.hand_in(
        village=village,
        kind="inspection" if inspects else "activity",
        title="家庭卫生入户检查" if inspects else f"{month.month}月{rule.title}"[:80],
        happened_on=month.replace(day=source.randint(5, 27)),
        rows=[(home, home.head if own else None, rule, _facts(rule, source, most=MUCH)) for home in attending],
        place=f"{village.name}各组" if inspects else source.choice(PLACES),
        by=who.steward(village),
    )  # fmt: skip


def _of_the_round(plan: TownPlan, rules: list[Rule], month: int) -> list[Rule]:
    """What the month's round is about, by the rules' codes in the town that looks at houses."""
    simple = [rule for rule in rules if rule.sign == "positive" and _is_simple(rule) and rule.subject != "group"]
    if not plan.inspects:
        return simple
    wanted = INSPECTED if month in INSPECTIONS else PLANTED if month in PLANTINGS else WORKED
    return [rule for rule in rules if rule.code in wanted] or simple


def _zeal(household: Household) -> float:
    """Some households come nearly always, some seldom; the same all year, one on average."""
    return random.Random(f"zeal-{household.number}").triangular(0.55, 1.25, 1.15)


def _is_simple(rule: Rule) -> bool:
    spec = rule.spec
    return spec["amount"]["kind"] in ("fixed", "per_month") and not spec["inputs"] and spec["evidence"] != "required"


def _of_the_resident(rules: dict[int, list[Rule]], month: date, source: random.Random) -> None:
    """The newcomer's own household has good deeds in every month, and its neighbours have; each with a photo."""
    home = community.household_of_user(User.objects.get(username="resident"))
    if home is None:
        return
    known = rules[home.village_id]
    usual = [rule for rule in known if _is_usual(rule)]
    for _ in range(TIMES if month.year == YEAR else TIMES + 1):
        _single(home.village, usual, month, source, home=home)
    if own := _harvested(known, month):
        _single(home.village, own, month, random.Random(f"own-{month}"), home=home)
    for neighbour in source.sample([one for one in who.joined(home.village_id) if one.pk != home.pk], k=NEIGHBOURS):
        _single(home.village, known, month, source, home=neighbour)


def _harvested(known: list[Rule], month: date) -> list[Rule]:
    """The village's own items, in the months of its harvests."""
    return [rule for rule in known if rule.code.startswith("own-")] if month.month in HARVESTS else []


def _is_usual(rule: Rule) -> bool:
    """A good deed of a few points, such as a household does month by month."""
    return rule.sign == "positive" and Decimal(str(rule.spec["amount"].get("points") or 0)) == USUAL


def _single(
    village: Village,
    rules: list[Rule],
    month: date,
    source: random.Random,
    *,
    home: Household | None = None,
    share: float = tellers.SHARE,
) -> None:
    """One deed, told by the steward or a villager; what the rule refuses is told again otherwise."""
    by = who.steward(village)
    household = home or source.choice(who.joined(village.pk))
    negative = home is None and source.random() < 0.14
    chosen = [rule for rule in rules if (rule.sign == "negative") == negative and rule.subject != "group"] or rules
    taken = negative or home is not None or source.random() < WITH_PHOTO
    picture = [photo_of(f"{household.number}-{month}-{source.random()}", by)] if taken else []
    for _ in range(TRIES):
        rule = source.choice([rule for rule in chosen if picture or rule.spec["evidence"] != "required"])
        try:
            with transaction.atomic():
                _tell(household, rule, picture, month, tellers.draw(household, rule, share, source), source)
        except InvalidInput:
            continue
        return


def _tell(
    household: Household, rule: Rule, evidence: list[File], month: date, teller: Teller, source: random.Random
) -> Declaration:
    return declarations.record(
        household=household,
        resident=_member(household, source) if rule.subject == "resident" else None,
        rule=rule,
        happened_on=month + timedelta(days=source.randint(0, 26)),
        happened_time=_time_of_day(source),
        place=source.choice(PLACES),
        reason=rule.title,
        channel=teller.channel,
        declared_by=teller.declared_by,
        declarer=teller.declarer,
        facts=_facts(rule, source),
        evidence=evidence,
        by=teller.by,
    )


def _time_of_day(source: random.Random) -> time | None:
    """Not everybody remembers."""
    return time(source.randint(7, 18), source.choice((0, 15, 30, 45))) if source.random() < 0.7 else None


def _member(household: Household, source: random.Random) -> Resident:
    members = HouseholdMember.objects.filter(household=household).select_related("resident").order_by("pk")
    return source.choice([row.resident for row in members])


def _facts(rule: Rule, source: random.Random, most: int = 4) -> dict[str, Any]:
    """``most``: of what is counted, as far as the rule lets it; never less than half of it where much is done."""
    amount: dict[str, Any] = rule.spec["amount"]
    facts: dict[str, Any] = {}
    if amount["kind"] == "tiers":
        tier = source.choice(amount["tiers"])
        facts["tier"] = tier["code"]
        if tier.get("most"):
            facts["points"] = tier["least"]
    if amount["kind"] == "per_unit":
        facts["quantity"] = str(
            min(source.randint(1 if most <= 4 else most // 2, most), int(float(amount.get("most") or 4)))
        )
    if amount["kind"] == "range":
        facts["points"] = amount["least"]
    facts["inputs"] = {item["name"]: _input(item, source) for item in rule.spec["inputs"]}
    return facts


def _input(item: dict[str, Any], source: random.Random) -> Any:
    if item["kind"] in ("number", "count", "money"):
        low = int(float(item.get("least") or 1))
        high = int(float(item.get("most") or low + 11))
        return str(source.randint(low, max(low, min(high, low + 11))))
    values: dict[str, Any] = {"date": str(clock.today()), "yes_no": True, "choice": (item.get("choices") or [""])[0]}
    return values.get(item["kind"], "已核实")


def photo_of(seed: str, by: Actor) -> File:
    """Drawn, sent straight to the store by presigned PUT, checked on arrival."""
    body = photo(seed)
    upload = files.expect(
        kind="evidence",
        name="现场照片.jpg",
        content_type="image/jpeg",
        size=len(body),
        sha256=hashlib.sha256(body).hexdigest(),
        by=by,
    )
    requests.put(upload.url, data=body, headers=upload.headers, timeout=30).raise_for_status()
    return files.arrive(file=upload.file, by=by)

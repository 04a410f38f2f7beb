"""What scoring puts through approval flows."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal

from django.urls import reverse

from jifen.approvals import registry, selectors, wording
from jifen.approvals.definition import Definition, parse
from jifen.approvals.errors import StepsWrong
from jifen.approvals.models import Flow, Item
from jifen.approvals.persons import PersonField
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.web.wording import date_cn, period_cn
from scoring import policies, rulebook_subjects
from scoring.models import Declaration, Declarer, Filing
from scoring.selectors import sitting, verifying
from scoring.selectors.people import sharing
from scoring.services import declarations, filings, given, reviews, sheet_moves
from tenants.community import selectors as community

STEWARD = {"name": "积分管理员核实", "who": {"role": "steward"}}
COMMITTEE = {
    "name": "审核委员会",
    "who": {"role": "committee"},
    "how": "quorum",
    "quorum": {"percent": 50, "more": True},
}


OFFICE = {"name": "镇级办公室", "who": {"role": "town_officer"}}


class DeclarationKind(registry.SubjectKind):
    """What a villager declares, before it comes to the month's sheet."""

    kind = verifying.SUBJECT_KIND
    name = "积分申报"
    facts = {
        "points": "number", "declared_by": "text", "is_negative": "yes_no", "category": "text",
        "has_evidence": "yes_no", "discretionary": "yes_no",
    }  # fmt: skip
    values = {"declared_by": tuple(Declarer.values)}
    persons = {
        "recorder": PersonField("登记人", "starter"),
        "declarer": PersonField("申报人", "none"),
        "person": PersonField("当事人", "person", stands_back=True),
        "head": PersonField("当事户的户主", "head", stands_back=True),
    }

    def known_values(self) -> Mapping[str, Sequence[str]]:
        found = verifying.categories()
        return {**self.values, "category": found} if found else self.values

    def people(self, item: Item, field: str) -> set[int]:
        """Whoever told of another's deduction is named to nobody (the retaliation guard)."""
        row = _declaration(item)
        if field == "head":
            return community.head_account(row.household)
        if field == "person":
            return community.resident_account(row.resident)
        if row.is_accusation:
            return set()
        return row.account() if field == "recorder" else community.resident_account(row.declarer)

    def standard(self) -> Definition:
        return parse([STEWARD])

    def on_approved(self, item: Item, by: Actor) -> None:
        declarations.on_verified(item, by)

    def on_rejected(self, item: Item, by: Actor) -> None:
        declarations.on_refused(item, by)

    def on_withdrawn(self, item: Item, by: Actor) -> None:
        declarations.on_withdrawn(item, by)

    def bars(self, item: Item, users: set[int]) -> set[int]:
        """I11: the people of the households that get or bear a part of it, and their declared relatives."""
        declaration = _declaration(item)
        homes = [declaration.household, *sharing(declaration)]
        return {one for home in homes for one in community.barred_users(home, declaration.happened_on, users)}

    def is_of_post(self, item: Item) -> bool:
        """Not what she told of her own household or a neighbour's, as any villager may."""
        declarer = _declaration(item).declarer
        return declarer is None or declarer.user_id != item.starter_id

    def change_address(self, item: Item) -> str:
        address = "scoring:amend" if self.is_of_post(item) else "scoring:own_amend"
        return reverse(address, args=[item.subject_id])

    def points_range(self, item: Item) -> tuple[Decimal, Decimal] | None:
        return given.span(_declaration(item))

    def takes_points(self, item: Item, points: Decimal) -> bool:
        return given.fits(_declaration(item), points)

    def conceals(self, item: Item) -> str:
        """Who told of another household's deduction."""
        return declarations.CONCEALED if _declaration(item).is_accusation else ""

    def title(self, item: Item) -> str:
        """Whose deed it is, first."""
        row = _declaration(item)
        home = row.household
        who = f"{home.head.name if home.head else home.number}户"
        if row.resident and row.resident != home.head:
            who += row.resident.name
        return f"{who}：{row.rule.title}（{date_cn(row.happened_on)}）"

    def address(self, item: Item) -> str:
        return reverse("scoring:declaration", args=[item.subject_id])

    def own_address(self, item: Item) -> str:
        """A villager reads what is told of her own household."""
        row = _declaration(item)
        own = row.declarer is not None and community.member_household(row.declarer, clock.today()) == row.household
        return reverse("scoring:own_declaration", args=[item.subject_id]) if own else ""


class ReviewKind(registry.SubjectKind):
    """A month's sheet is decided at one sitting, signed and closed in ``reviews``.

    Its flow says who sits, whose seat is required, how many must sign, who gets a copy and when the time is over.
    """

    kind = reviews.SUBJECT_KIND
    name = "月审核"
    in_place_of_delegation = "不能到会的，请在审核会的页面登记替补"

    def standard(self) -> Definition:
        return parse([COMMITTEE])

    def refuse(self, definition: Definition) -> None:
        reason = sitting.unfit(definition)
        if reason:
            raise StepsWrong(reason=reason)

    def under_way(self) -> Iterable[registry.UnderWay]:
        """The sheets that are not decided, oldest month first."""
        return [sheet_moves.under_way(row) for row in sheet_moves.still_open()]

    def preview_shifts(self, flow: Flow) -> Sequence[registry.Shift]:
        return sheet_moves.preview(flow)

    def shift(self, flow: Flow, by: Actor, only: Collection[int] | None = None) -> Sequence[registry.Shift]:
        return sheet_moves.move(flow=flow, only=only, by=by)


SIGNED = "审核表由委员会签字审定，报送人一个人不能撤回；要改的，请镇里退回"
FILED = "备案只收存，不改变村里的决定；发现错误的，请通知村里更正"
UNMANNED = "备案只收存，月份还要有人收；没有人办理的，请跳到别的步骤，或者给这一步加人"


class FilingKind(registry.SubjectKind):
    """A decided month at the town; towns that have chosen no flow for it answer with one word in ``filings``.

    A month that is refused, sent back or ended goes back to the village, which decides, signs and sends it anew. One
    that is filed goes nowhere but to the town's shelf.
    """

    kind = filings.SUBJECT_KIND
    name = "月度备案和审定"
    sent_home = "村里（整张表退回，重新审定、签字、上报）"
    facts = {"kind": "text", "deeds": "number"}
    values = {"kind": ("filing", "confirmation")}
    persons = {"sender": PersonField("报送人", "starter"), "signers": PersonField("审核表的签字人", "none")}

    def people(self, item: Item, field: str) -> set[int]:
        row = _filing(item)
        return row.account() if field == "sender" else set(row.review.seats.values_list("role__user_id", flat=True))

    def standard(self) -> Definition:
        return parse([OFFICE])

    def on_approved(self, item: Item, by: Actor) -> None:
        filings.conclude(filing=_filing(item), accept=True, note="", by=by)

    def on_rejected(self, item: Item, by: Actor) -> None:
        filings.conclude(filing=_filing(item), accept=False, note=selectors.last_reason(item), by=by)

    def on_withdrawn(self, item: Item, by: Actor) -> None:
        """An administrator ended it."""
        self.on_rejected(item, by)

    def forbids(self, item: Item) -> Mapping[str, str]:
        if item.facts.get("kind") != "filing":
            return {"withdraw": SIGNED}
        return {"reject": FILED, "return": FILED, "withdraw": FILED, "terminate": UNMANNED}

    def refuse(self, definition: Definition) -> None:
        """A town that files sends no month back, neither by a time limit."""
        if policies.on(clock.today()).review.after != "filing":
            return
        for step in definition.all_steps():
            if step.limit and step.limit.then in ("refuse", "return"):
                act = wording.LIMIT[step.limit.then]
                reason = f"“{step.name}”：本镇采用备案，只收存不退回，不能“{act}”，请改为超时提醒或超时上报"
                raise StepsWrong(reason=reason)

    def title(self, item: Item) -> str:
        review = _filing(item).review
        return f"{review.village.name}{period_cn(review.month)}审核表"

    def address(self, item: Item) -> str:
        return reverse("scoring:filing", args=[item.subject_id])


def register() -> None:
    registry.register(DeclarationKind())
    registry.register(ReviewKind())
    registry.register(FilingKind())
    rulebook_subjects.register()


def _filing(item: Item) -> Filing:
    return Filing.objects.select_related("review__village").get(pk=item.subject_id)


def _declaration(item: Item) -> Declaration:
    rows = Declaration.objects.select_related("household__head", "rule", "resident", "declarer")
    return rows.get(pk=item.subject_id)

"""What one deed is worth after what was posted before: shut out altogether, or changed by its rule's own look back."""

from decimal import Decimal
from typing import NamedTuple

from scoring.rules import periods
from scoring.rules.base import LARGEST_POINTS, settled
from scoring.rules.candidates import Candidate
from scoring.rules.engine import SAME, prepare
from scoring.rules.looking import Look
from scoring.rules.spec import Settings
from scoring.rules.steps import Step, about

ZERO = Decimal("0.00")


def shut_by_rule(item: Candidate, look: Look) -> Step | None:
    rule = item.rule
    if look.warned is not None and rule.after_warning:
        had = look.warned.of(item)
        if had < rule.after_warning.times:
            other = rule.after_warning.rule
            return ("unwarned", f"规则{other.upper()}") if other else ("warned", int(had) + 1)
    if look.cooling is not None and rule.cooldown:
        near = look.cooling.near(item)
        if near is not None:
            return ("cooling", near.isoformat(), rule.cooldown.days)
    for first in (look.shut_out, *look.rivals, look.first):
        other_rule = first.of(item) if first is not None else None
        if other_rule is not None and other_rule.code != rule.code:
            return ("shut_out", other_rule.cited)
    return None


class Worth(NamedTuple):
    """The worth of one deed after what was posted before; ``told`` collects why."""

    item: Candidate
    look: Look
    settings: Settings
    told: list[Step]

    def found(self, worth: Decimal) -> Decimal:
        for change in (self._ladder, self._repeat, self._group, self._repair, self._streak):
            worth = change(worth)
        return min(worth, LARGEST_POINTS)

    def _ladder(self, worth: Decimal) -> Decimal:
        prepared, probe, number = prepare(self.item.rule, self.settings), self.look.ladder, self.item.award.number
        if probe is None or prepared.ladder is None or number is None or self.item.points is not None:
            return worth
        before = probe.of(self.item)
        had, all_in = prepared.ladder.worth(before), prepared.ladder.worth(before + number)
        exact = self.item.award.scale.of(all_in - had)
        worth = prepared.rounded(min(exact, LARGEST_POINTS))
        scaled = about(settled(exact)) if self.item.award.scale != SAME or worth != exact else None
        word = periods.NAMES[prepared.ladder.period]
        mark = prepared.mark if self.item.rule.sign == "negative" else ""
        self.told.append(("rung", word, before + number, prepared.ladder.unit, all_in, had, worth, mark, scaled))
        return worth

    def _repeat(self, worth: Decimal) -> Decimal:
        asked, probe = self.item.rule.repeat, self.look.repeat
        if asked is None or probe is None or not worth:
            return worth
        time = int(probe.of(self.item)) + 1
        if time < asked.nth:
            return worth
        if asked.amounts:
            return self._stated(worth, time)
        factor = asked.factor ** min(time - asked.nth + 1 if asked.grows else 1, 20)
        factor = min(factor, asked.most) if asked.most else factor
        exact, sign = min(worth * factor, LARGEST_POINTS), self.item.rule.factor
        worth = prepare(self.item.rule, self.settings).rounded(exact)
        step: Step = ("repeat", time, factor, about(sign * exact))
        self.told.append(step if worth == exact else (*step, sign * worth))
        return worth

    def _stated(self, worth: Decimal, time: int) -> Decimal:
        """What the rule states for this time; what a person decided stays."""
        points = self.item.rule.repeat.amount(time) if self.item.rule.repeat else None
        if points is None or self.item.points is not None:
            return worth
        exact, sign = settled(min(self.item.award.scale.of(points), LARGEST_POINTS)), self.item.rule.factor
        found = prepare(self.item.rule, self.settings).rounded(exact)
        step: Step = ("stated", time, points, about(sign * exact))
        self.told.append(step if found == exact else (*step, sign * found))
        return found

    def _group(self, worth: Decimal) -> Decimal:
        had = self.look.group.of(self.item) if self.look.group is not None else ZERO
        if not had:
            return worth
        left = max(worth - had, ZERO)
        self.told.append(("group", had, left))
        return left

    def _repair(self, worth: Decimal) -> Decimal:
        asked, taken, given = self.item.rule.repair, self.look.taken, self.look.given
        if asked is None or taken is None or given is None:
            return worth
        lost, back = taken.of(self.item), given.of(self.item)
        part = settled(lost * asked.share)
        most = prepare(self.item.rule, self.settings).rounded(part)
        kept = None if most == part else most
        most = min(most, asked.ceiling) if asked.ceiling is not None else most
        left = min(worth, max(most - back, ZERO))
        if left != worth:
            self.told.append(("repaired", lost, back, left, asked.share, asked.ceiling, kept))
        return left

    def _streak(self, worth: Decimal) -> Decimal:
        asked, probe = self.item.rule.streak, self.look.streak
        times = probe.fresh(self.item) if probe is not None and worth else 0
        if asked is None or not times:
            return worth
        bonus = asked.bonus * times
        self.told.append(("streak", asked.length, bonus, self.item.rule.factor * (worth + bonus)))
        return worth + bonus

"""How the town lets its villages adopt rules, and when ends are announced: chosen by its administrator, dated."""

from typing import Any

from django.db import transaction
from pydantic import ValidationError

from jifen.audit import services as audit
from jifen.kernel import clock, locking
from jifen.kernel.actors import Actor
from scoring import policies
from scoring import rulebook_errors as errors
from scoring.rules.adoption import RulesPolicy
from scoring.services import rulebook_yearly


@transaction.atomic
def choose(*, rules: dict[str, Any], by: Actor) -> RulesPolicy:
    """The town's choice from today on; what is not said stays. What was resolved before keeps the shares of its day.

    ``rules``: fields of ``RulesPolicy`` as JSON writes them, for example ``{"majority": {"numerator": 2, "denominator":
    3}, "consent": "consent"}``.

    Raises:
        PolicyWrong: names the field; nothing is written.
    """
    locking.advisory("scoring.policy")
    today = clock.today()
    before = policies.on(today)
    try:
        chosen = RulesPolicy.model_validate({**before.rules.model_dump(mode="json"), **rules})
    except ValidationError as wrong:
        raise errors.PolicyWrong(what=_named(wrong)) from wrong
    kept = before.model_dump(mode="json") | {"rules": chosen.model_dump(mode="json")}
    policies.install(section=kept, effective_from=today, by=by)
    if chosen.revise_month != before.rules.revise_month:
        rulebook_yearly.plan()
    audit.record(by=by, action="rulebook.policy", chosen=sorted(rules))
    return chosen


_NAMES = {
    "quorum": "代表会议到会比例", "majority": "代表会议通过比例", "assembly_quorum": "村民会议到会比例",
    "assembly_majority": "村民会议通过比例", "consent": "备案或同意", "deliberations": "四议两公开",
    "warn_days": "到期前几天提醒", "repeat_days": "到期后每隔几天提醒", "confirm_days": "未确认每隔几天提醒",
    "revise_month": "每年几月提醒修订",
}  # fmt: skip


def _named(wrong: ValidationError) -> str:
    fields = dict.fromkeys(str(one["loc"][0]) if one["loc"] else "" for one in wrong.errors())
    return "、".join(_NAMES.get(name, name) for name in fields)

"""What a town hears when the clock stood ahead and was set back: what was done meanwhile, and that it stays."""

from collections import Counter
from datetime import datetime

from django.urls import reverse

from jifen.accounts import selectors as accounts
from jifen.accounts.models import SiteRole
from jifen.approvals import services as approvals
from jifen.clocks import backwards
from jifen.clocks.models import SetBack
from jifen.clocks.naming import name_of
from jifen.inbox import kinds
from jifen.inbox import services as inbox
from jifen.kernel import clock
from jifen.kernel.tenancy import require_town
from jifen.web.wording import date_cn

KIND = "clock"
kinds.register(KIND, "系统时间")
STAYS = "已经办的不会自动撤回，请核对，不对的照常更正；没到日子的提醒和期限已按现在的时间重新安排。"


def tell(pk: int) -> None:
    """Limits of flows that were reckoned from the false time are put right; where something was done meanwhile, the
    town's office and administrators hear of the set-back with this id.

    What they and others were told while the clock stood ahead may be told once more on its true day.
    """
    made = SetBack.objects.get(pk=pk)
    approvals.bring_back(after=made.back + backwards.SLACK)
    inbox.free_keys(after=made.back + backwards.SLACK)
    if require_town() not in made.done:
        return
    office = accounts.holders(SiteRole.TOWN_OFFICER) | accounts.holders(SiteRole.TOWN_ADMIN)
    inbox.tell(
        users=office.values_list("pk", flat=True),
        kind=KIND,
        title=f"系统时间曾走快到{_moment(made.ahead)}，现已调回{_moment(made.back)}",
        body=f"走快期间办了：{done_cn(made)}。{STAYS}",
        address=reverse("calendar:year"),
        key=f"clock.back.{pk}",
    )


def done_cn(made: SetBack) -> str:
    """What was done for the town being served while the clock stood ahead, in words: “记账2件、异议答复到期1件”."""
    counted: Counter[str] = Counter()
    for kind, count in made.done[require_town()].items():
        counted[name_of(kind)] += count
    return "、".join(f"{name}{count}件" for name, count in counted.most_common())


def _moment(when: datetime) -> str:
    local = when.astimezone(clock.TIME_ZONE)
    return f"{date_cn(local.date())}{local:%H:%M}"

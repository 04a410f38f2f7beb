"""年度修订: once a year those who write rulebooks are reminded to look at theirs anew."""

from datetime import date

from django.urls import reverse

from jifen.accounts import selectors as accounts
from jifen.accounts.models import SiteRole
from jifen.clocks import jobs
from jifen.clocks.jobs import Next
from jifen.inbox import services as inbox
from jifen.kernel import clock
from jifen.kernel.tenancy import require_town
from scoring import policies
from scoring.models import UNDER_WAY, Draft, VersionState
from scoring.selectors import rulebooks as books
from tenants.community import selectors as community
from tenants.community.models import Role, Village

YEARLY = "rulebook.yearly"
MESSAGE = "rulebook"
DAY, HOUR = 15, 7


def first_jobs(year: int) -> list[Next]:
    """The reminder of the year; none where the town wants none."""
    month = policies.on(clock.today()).rules.revise_month
    return [Next(YEARLY, f"{year}-{month:02d}", clock.at(date(year, month, DAY), HOUR))] if month else []


def plan() -> None:
    """After another month was chosen: the reminder that is still to come this year."""
    today = clock.today()
    jobs.plan(require_town(), [one for one in first_jobs(today.year) if one.due_at > clock.now()])


def remind(period: str) -> int:
    """``2026-11``: whoever writes the town's rulebook, and the villages with one of their own; how many were told.

    Nothing where another month was chosen meanwhile.
    """
    year, _, month = period.partition("-")
    if policies.on(clock.today()).rules.revise_month != int(month):
        return 0
    town = books.current(None, clock.today())
    told = _tell_office(year) if town is not None else 0
    own = Village.objects.filter(
        rulebook__versions__state=VersionState.IN_FORCE, rulebook__versions__overlay__isnull=False
    )
    return told + sum(_tell_village(village, year) for village in own.distinct().order_by("pk"))


def _tell_office(year: str) -> int:
    people = accounts.holders(SiteRole.TOWN_ADMIN).values_list("pk", flat=True)
    return _tell(set(people), None, year, f"{year}年度修订：请看看本镇积分细则要不要改", "scoring:office_rulebooks")


def _tell_village(village: Village, year: str) -> int:
    rows = community.roles_on(clock.today()).filter(village=village, role=Role.STEWARD)
    title = f"{year}年度修订：请看看{village.name}的积分细则要不要改"
    return _tell(set(rows.values_list("user_id", flat=True)), village, year, title, "scoring:village_rulebooks")


def _tell(users: set[int], village: Village | None, year: str, title: str, page: str) -> int:
    under_way = Draft.objects.filter(rulebook__village=village, state__in=UNDER_WAY).exists()
    body = "已有一份修订稿在办，请接着办完。" if under_way else "不改也可以；要改的，开一份修订稿，先试算再报批。"
    where = village.pk if village else "town"
    inbox.tell(
        users=users, kind=MESSAGE, title=title, body=body, address=reverse(page), key=f"rulebook:yearly:{year}:{where}"
    )
    return len(users)

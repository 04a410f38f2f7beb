"""清零提醒: some days before a village's last exchange of the year, its households with points left are warned.

The clock looks on the first of each month and on the days on which a village is due; a plan that moves is followed.
"""

from datetime import date, timedelta

from jifen.clocks.jobs import Next
from jifen.inbox import kinds
from jifen.inbox import services as inbox
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from jifen.web.wording import date_cn
from redemption import selectors as redemption
from scoring import policies
from scoring import selectors as scoring
from scoring.selectors import expiry
from scoring.services import warnings
from tenants.community.models import Village

WARN = "year.warn"
MESSAGE = "expiry"
kinds.register(MESSAGE, "清零提醒")
HOUR = 8


def last_day(village: Village, year: int) -> date:
    """The last day on which the village's households can exchange points of ``year``."""
    end = date(year, 12, 31)
    return min(redemption.last_window_day(year, village) or end, end)


def first_look(year: int, since: date | None = None) -> Next:
    """The year's first look; the others follow from it."""
    return _look(year, max(date(year, 1, 1), since or date(year, 1, 1)))


def look(number: int) -> list[Next]:
    """Warn the villages that are due today; the next look, as long as the year lasts."""
    today = clock.today()
    if today.year != number:
        return []
    coming = _coming(number)
    year = scoring.year(number)
    due = [(village, days, last) for village, days, last in coming if last - timedelta(days=days) <= today <= last]
    for made in warnings.warn(year=year, wanted=due, by=SYSTEM):
        inbox.tell(
            users=expiry.accounts_to_tell(year, made.village_id),
            kind=MESSAGE,
            title="可兑换积分快到期了",
            body=f"您家还有可兑换积分，{date_cn(made.last_day)}前不兑换，年终清零；评比积分不变。",
            address="/passbook/",
            key=f"expiry/{number}/{made.village_id}/{made.days}",
        )
    later = [last - timedelta(days=days) for _, days, last in coming if last - timedelta(days=days) > today]
    following = min([clock.next_month(today), *later])
    return [_look(number, following)] if following.year == number else []


def _coming(number: int) -> list[warnings.Wanted]:
    """What has not been warned yet: of each village the nearest number of days that is due, and those to come."""
    days = sorted(policies.on(clock.today()).year.warn_days)
    done = expiry.warned(number)
    found: list[warnings.Wanted] = []
    for village in Village.objects.order_by("code"):
        last = last_day(village, number)
        passed = [day for day in days if last - timedelta(days=day) <= clock.today()]
        wanted = [*passed[:1], *(day for day in days if day not in passed)]
        found += [(village.pk, day, last) for day in wanted if (village.pk, day) not in done]
    return found


def _look(year: int, day: date) -> Next:
    return Next(WARN, f"{year}@{day}", clock.at(day, HOUR))

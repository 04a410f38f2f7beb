"""Whom the calendar tells: the village's people on the days it names, the town's office when a village is long late.

Beside the steward and the committee that is whoever the flow in force asks for the step. Who is asked for every village
is told once, of how many.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from django.urls import reverse

from jifen.accounts import selectors as accounts
from jifen.accounts.models import SiteRole
from jifen.clocks.dates.policy import Clock
from jifen.flows import seated
from jifen.flows.behind import Behind
from jifen.inbox import kinds
from jifen.inbox import services as inbox
from jifen.kernel import clock
from jifen.web.wording import date_cn
from tenants.community import selectors as community
from tenants.community.models import Role

KIND = "calendar"
DOERS = (Role.STEWARD, Role.COMMITTEE)
ALONE = ("record", "redemption")
"""The steps that the steward does alone."""
kinds.register(KIND, "到期提醒")


def settle(step: str, period: str, behind: Sequence[Behind]) -> None:
    """Who is not behind any more need not read that she was."""
    topic = f"calendar/{step}/{period}"
    still = [_topic(one) for one in behind]
    inbox.settle(topic=topic, keep=[*still, f"{topic}/office", f"{topic}/all"] if behind else still)


def correct(step: str, period: str, late: Sequence[Behind], rules: Clock) -> None:
    """The days have changed: only who is late by the new ones need still read it."""
    topic = f"calendar/{step}/{period}"
    is_long = any(one.days > rules.office for one in late)
    inbox.settle(topic=topic, keep=[*map(_topic, late), *([f"{topic}/office"] if is_long else [])])


def send(behind: Sequence[Behind], rules: Clock, since: date) -> bool:
    """Remind those whose day has come since ``since``, the first day not looked at yet; whether anybody was told.

    Days missed while nothing ran are made good by one reminder.
    """
    due = [one for one in behind if _has_struck(one, rules, since)]
    long = [one for one in behind if one.village and one.days > rules.office]
    inbox.tell_each(_notes(due, behind, told=_office() if long else ()))
    if long:
        _tell_office(long)
    return bool(due or long)


def _has_struck(one: Behind, rules: Clock, since: date) -> bool:
    missed = max(0, (clock.today() - since).days)
    left = (one.due - clock.today()).days
    return any(_is_day(left + ago, one.days - ago, rules) for ago in range(missed + 1))


def _is_day(left: int, days: int, rules: Clock) -> bool:
    return left in rules.before if left >= 0 else days in rules.after


def _notes(due: Sequence[Behind], behind: Sequence[Behind], told: Iterable[int]) -> list[inbox.Note]:
    """One for each village or the town itself, and one of all villages for those who are asked for every one.

    ``told``: who hears of the villages that are long late anyhow.
    """
    ours = [one.village.pk for one in due if one.village]
    asked = seated.lines(due[0].step) if due else []
    everywhere = seated.in_town(asked)
    own = {*_office(), *everywhere} if len(ours) < len(due) else set()
    doers, chairs = _doers(due), seated.in_villages(asked, ours)
    notes = [
        _note(one, (doers[one.village.pk] | chairs[one.village.pk]) - everywhere if one.village else own) for one in due
    ]
    late = [one for one in behind if one.village]
    return [*notes, _note_of_all(late, everywhere.difference(told))] if ours and everywhere else notes


def _note_of_all(behind: Sequence[Behind], users: Iterable[int]) -> inbox.Note:
    """It takes the place of an earlier one: their number has changed."""
    first, days = behind[0], max(one.days for one in behind)
    when = f"最长的已超过期限{days}天" if days > 0 else f"{date_cn(min(one.due for one in behind))}截止"
    title = f"{first.name}有{len(behind)}个村还没有办完，{when}"
    key = f"calendar:{first.step}:{first.period}:all:{clock.today().isoformat()}"
    topic = f"calendar/{first.step}/{first.period}/all"
    return inbox.Note(users, KIND, title, key, address=reverse("calendar:year"), topic=topic)


def _note(one: Behind, users: Iterable[int]) -> inbox.Note:
    return inbox.Note(users, KIND, _title(one), _key(one), address=_address(one), topic=_topic(one))


def _doers(due: Sequence[Behind]) -> Mapping[int, set[int]]:
    """By village: its steward, and its committee where it has a part in the step."""
    asked = {one.village.pk: DOERS[:1] if one.step in ALONE else DOERS for one in due if one.village}
    roles = community.roles_on(clock.today()).filter(village__in=asked, role__in=DOERS) if asked else ()
    found: defaultdict[int, set[int]] = defaultdict(set)
    for role in roles:
        if role.role in asked[role.village_id]:
            found[role.village_id].add(role.user_id)
    return found


def _office() -> list[int]:
    office = accounts.holders(SiteRole.TOWN_OFFICER) | accounts.holders(SiteRole.TOWN_ADMIN)
    return list(office.values_list("pk", flat=True))


def _address(one: Behind) -> str:
    return reverse("flows:village") if one.village else reverse("calendar:year")


def _title(one: Behind) -> str:
    when = f"已超过期限{one.days}天" if one.is_late else f"{date_cn(one.due)}截止"
    return f"{one.place}{one.name}还没有办完，{when}"


def _topic(one: Behind) -> str:
    return f"calendar/{one.step}/{one.period}/{one.village.pk if one.village else 'town'}"


def _key(one: Behind) -> str:
    place = one.village.pk if one.village else "town"
    return f"calendar:{one.step}:{one.period}:{place}:{one.days}"


def _tell_office(long: Sequence[Behind]) -> None:
    """Once for a step and period, naming how many villages."""
    first = long[0]
    title = f"{first.name}有{len(long)}个村超过期限{max(one.days for one in long)}天"
    inbox.tell(
        users=_office(),
        kind=KIND,
        title=title,
        address=reverse("calendar:year"),
        key=f"calendar:{first.step}:{first.period}:office",
        topic=f"calendar/{first.step}/{first.period}/office",
    )

"""Who is told what of a rulebook, and when the calendar looks at it again.

A village with an overlay gets a decision to make of each new version of its town (``Adaptation``); its own version goes
on until it has made it. A village without one follows the town, and is told from when.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse

from jifen.accounts import selectors as accounts
from jifen.accounts.models import SiteRole
from jifen.clocks import jobs
from jifen.clocks.jobs import Next
from jifen.inbox import services as inbox
from jifen.kernel import clock
from jifen.kernel.tenancy import require_town
from jifen.web.wording import sentence
from scoring import locks, policies
from scoring.models import JUDGING, Adaptation, AdaptationState, RulebookVersion, VersionState
from scoring.rules.adoption import RulesPolicy
from scoring.selectors import endings
from scoring.selectors import rulebooks as books
from tenants.community import selectors as community
from tenants.community.models import Role, Village

MESSAGE = "rulebook"
TURN = "rulebook.turn"
ENDS = "rulebook.ends"
ADAPT = "rulebook.adapt"
HOUR = 7


def plan(version: RulebookVersion) -> None:
    """When it takes over, and when its end is to be announced."""
    rows = [Next(TURN, f"{version.pk}/{version.effective_from}", clock.at(version.effective_from, 0, 5))]
    if version.effective_from <= clock.today():
        supersede(version)
        rows = []
    jobs.plan(require_town(), rows)
    plan_end(version)


def plan_end(version: RulebookVersion) -> None:
    """When its end, if it has one, is first announced."""
    jobs.plan(require_town(), next_look(version, clock.today() - timedelta(days=1)))


def supersede(version: RulebookVersion) -> int:
    """On its day: the versions that ended for it are superseded; how many."""
    over = version.rulebook.versions.filter(state=VersionState.IN_FORCE, effective_to__lte=version.effective_from)
    return over.exclude(pk=version.pk).update(state=VersionState.SUPERSEDED)


@transaction.atomic
def announce(version: RulebookVersion) -> None:
    """A version is dated: those who live by it know, and villages with an overlay have a decision to make."""
    village = version.rulebook.village
    if village is not None:
        _settled(version)
        _tell(
            _people([village]),
            f"{village.name}的新积分细则{_day(version.effective_from)}起执行",
            _basis(version),
            version,
        )
        _ask(village, books.newest(None, clock.today()))
        return
    today = clock.today()
    following = list(books.followers(max(today, version.effective_from)))
    title = f"镇里的新积分细则{_day(version.effective_from)}起执行"
    _tell(_people(following), title, f"本村没有自己的细则，届时随镇里执行。{_basis(version)}", version)
    changed = Village.objects.filter(rulebook__versions__overlay__isnull=False).distinct().order_by("pk")
    for one in changed:
        _ask(one, version)
    apart = Village.objects.exclude(pk__in=[one.pk for one in (*following, *changed)])
    _tell(_people(apart), title, "本村执行自己的细则，不随镇里改动。", version)


def tell_day_wanted(version: RulebookVersion) -> None:
    """Approved, but the day that was asked for is not possible any more."""
    body = f"原定{_day(version.effective_from)}起执行的日期已不能用，请另定生效日期。"
    _tell(_keepers(version), f"《{version.rulebook.title}》第{version.number}版已批准，请定生效日期", body, version)


def tell_refused(version: RulebookVersion, reason: str) -> None:
    _tell(_keepers(version), f"《{version.rulebook.title}》的修订没有通过", reason, version)


def tell_withdrawn(version: RulebookVersion) -> None:
    """Everybody whom it concerned; what villages were to make of it is off."""
    Adaptation.objects.filter(town_version=version, state=AdaptationState.PENDING).update(
        state=AdaptationState.REPLACED
    )
    village = version.rulebook.village
    concerned = [village] if village else list(Village.objects.all())
    title = f"《{version.rulebook.title}》第{version.number}版已撤销"
    _tell({*_people(concerned), *_office()}, title, version.note, version)


def tell_extended(version: RulebookVersion, since: date) -> None:
    """Rules that had ended hold again, without a gap or from ``since`` on: all whom their end concerned know."""
    village = version.rulebook.village
    people = {*_office(), *_people([village] if village else endings.resting(since))}
    title = f"《{version.rulebook.title}》已延期至{_day(version.last_day)}"
    _tell(people, title, f"{_day(since)}起接着执行。{sentence(version.note)}", version, turn=f"extended:{since}")


def watch(version: RulebookVersion) -> list[Next]:
    """Announce the end of a version that nobody follows up, before and after it; when to look again.

    A town's is announced until there are rules again, to villages with an overlay too: theirs ends with it. A village's
    lets the village follow the town from its end on: it is told so once.
    """
    end, today = version.effective_to, clock.today()
    if end is None or version.state not in JUDGING or endings.is_followed_up(version) or _is_taken_over(version, today):
        return []
    days, village = (end - today).days, version.rulebook.village
    if days > max(_policy().warn_days, default=0):
        return next_look(version, today)
    office, title = _office(), _ending(version, days)
    people = _people([village] if village else endings.resting(min(today, end - timedelta(days=1))))
    here = reverse("scoring:rulebook_version", args=[version.pk])
    told = _village_body(version, days)
    _tell(people - office, title, told, version, turn=str(today), address=here if village else "")
    _tell(office, title, _office_body(version, days), version, turn=str(today), address=here)
    return [] if village and days <= 0 else next_look(version, today)


def remind(adaptation: Adaptation) -> list[Next]:
    """The village has not said what it makes of the town's version; when to look again."""
    if adaptation.state != AdaptationState.PENDING:
        return []
    village = adaptation.rulebook.village
    title = "镇里的细则有修订，本村还没有确认"
    body = "确认以前继续执行本村现在的细则；请在“积分细则”里逐条对照后确认。"
    _tell(_people([village] if village else []), title, body, adaptation.town_version, turn=str(clock.today()))
    return [_reminder(adaptation)]


def next_look(version: RulebookVersion, after: date) -> list[Next]:
    """The first day after ``after`` on which the end of the version is announced; none without an end."""
    end = version.effective_to
    if end is None or end <= version.effective_from:
        return []
    chosen = _policy()
    before = [end - timedelta(days=days) for days in chosen.warn_days]
    ahead = [day for day in (*before, end) if day > after]
    day = min(ahead) if ahead else after + timedelta(days=chosen.repeat_days)
    return [Next(ENDS, f"{version.pk}/{day}", clock.at(day, HOUR))]


def _ask(village: Village, town: RulebookVersion | None) -> None:
    """What becomes of the village's overlay on the town's newest version is the village's to say.

    Asked anew, from its newest version, when the village has revised its own on an older version of the town meanwhile.
    """
    book = books.book_for(village)
    if book is None or town is None:
        return
    locks.book(book.pk)
    own = books.newest(village, clock.today())
    if own is None or own.town_version is None or own.town_version_id == town.pk:
        return
    Adaptation.objects.filter(rulebook=own.rulebook, state=AdaptationState.PENDING).update(
        state=AdaptationState.REPLACED
    )
    asked = {"from_version": own, "state": AdaptationState.PENDING, "choices": {}, "made_at": clock.now()}
    made, _ = Adaptation.objects.update_or_create(rulebook=own.rulebook, town_version=town, defaults=asked)
    body = f"新版{_day(town.effective_from)}起执行。本村确认以前继续执行现在的细则，什么都不会自动改。"
    _tell(_people([village]), "镇里的积分细则有修订，请对照后确认", body, town, turn=f"asked:{own.pk}")
    jobs.plan(require_town(), [_reminder(made)])


def _settled(version: RulebookVersion) -> None:
    """A village's version on the town's newest one answers what was asked of it."""
    waiting = Adaptation.objects.filter(
        rulebook=version.rulebook, town_version=version.town_version, state=AdaptationState.PENDING
    )
    waiting.update(
        state=AdaptationState.CONFIRMED, result=version, decided_at=clock.now(), decided_by_name=version.actor_name
    )


def _reminder(adaptation: Adaptation) -> Next:
    day = clock.today() + timedelta(days=_policy().confirm_days)
    return Next(ADAPT, f"{adaptation.pk}/{day}", clock.at(day, HOUR))


def _is_taken_over(version: RulebookVersion, today: date) -> bool:
    """Whether another version of the same book is in force since its end."""
    return books.judging(today).filter(rulebook=version.rulebook).exclude(pk=version.pk).exists()


def _ending(version: RulebookVersion, days: int) -> str:
    name, last = f"《{version.rulebook.title}》", _day(version.last_day)
    if days > 0:
        return f"{name}{last}到期，还有{days}天"
    return f"{name}已于{last}到期{'' if version.rulebook.village_id else '，现在没有生效的细则'}"


def _office_body(version: RulebookVersion, days: int) -> str:
    """What the office, which can mend it, is to do."""
    if version.rulebook.village_id:
        return _village_body(version, days)
    again = "" if version.state == VersionState.WITHDRAWN else "打开这一版“延长有效期”，或者"
    if days > 0:
        return f"还没有接续的细则：{again}在“修订细则”里从现行的细则改起。到期后没有细则，不能登记新的行为。"
    return f"{_since(days)}的行为都登记不了：请尽快{again}在“修订细则”里从刚到期的细则改起，条目的编号都不变。"


def _since(days: int) -> str:
    return f"到期已{-days}天，之后" if days < 0 else "从今天起"


def _village_body(version: RulebookVersion, days: int) -> str:
    """What its end means in a village."""
    if version.rulebook.village_id is None:
        asked = "请联系镇里尽快延期或修订。"
        if days > 0:
            return f"镇里还没有接续的细则；本村在镇里细则上改的也随它到期，到期后不能登记新的行为。{asked}"
        return f"本村在镇里细则上改的也随它停止，{_since(days)}的行为都登记不了：{asked}"
    if days > 0:
        return "还没有接续的细则：打开这一版“延长有效期”，或者尽快修订。到期后本村执行镇里的细则。"
    if books.current(None, clock.today()) is None:
        return "镇里现在也没有生效的细则，之后的行为都登记不了：请联系镇里尽快延期或修订。"
    return "从今天起本村执行镇里的细则；要继续执行自己的，打开这一版“延长有效期”，或者修订后办理。"


def _tell(
    users: Iterable[int], title: str, body: str, version: RulebookVersion, turn: str = "", address: str = ""
) -> None:
    """Each at ``address``; without one at her own page: the office at the town's rules, others at their village's."""
    key = f"rulebook:{version.pk}:{turn or version.state}:{title}"[:120]
    wanted, office = set(users), _office()
    for people, page in ((wanted & office, "scoring:rules"), (wanted - office, "scoring:village_rules")):
        inbox.tell(users=people, kind=MESSAGE, title=title, body=body, address=address or reverse(page), key=key)


def _people(villages: Iterable[Village]) -> set[int]:
    """The stewards and committees of the villages."""
    held = community.roles_on(clock.today()).filter(
        village__in=[one.pk for one in villages], role__in=(Role.STEWARD, Role.COMMITTEE)
    )
    return set(held.values_list("user_id", flat=True))


def _office() -> set[int]:
    people = accounts.holders(SiteRole.TOWN_ADMIN) | accounts.holders(SiteRole.TOWN_OFFICER)
    return set(people.values_list("pk", flat=True))


def _keepers(version: RulebookVersion) -> set[int]:
    """Who writes this rulebook: the town's office, or the village's steward."""
    village = version.rulebook.village
    return _people([village]) if village else _office()


def _policy() -> RulesPolicy:
    return policies.on(clock.today()).rules


def _basis(version: RulebookVersion) -> str:
    return f"依据：{sentence(version.resolution)}"


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""

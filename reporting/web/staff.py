"""Notices, objections and honours for those who work in a village or the town office (``area``)."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from jifen.files import selectors as files
from jifen.kernel import clock, reading
from jifen.kernel.actors import Actor
from jifen.kernel.errors import Forbidden, JifenError, NotFound
from jifen.kernel.permissions import grants_of, page, require
from jifen.web.forms import Form
from jifen.web.wording import date_cn, percent, points_text
from reporting import policies
from reporting.models import Notice, Objection, ObjectionState
from reporting.periods import Quarter
from reporting.permissions import ReportingPermission as May
from reporting.selectors import honours as honour_selectors
from reporting.selectors import notices as notice_selectors
from reporting.selectors import objections as objection_selectors
from reporting.selectors import postings
from reporting.services import notices as notice_services
from reporting.services import objections as objection_services
from reporting.web import show
from reporting.web.forms import TOWN, AnswerForm, PublishForm
from scoring import selectors as scoring
from tenants.community import selectors as community
from tenants.community.models import Household, TownProfile, Village

PER_PAGE = 30
QUARTERS_OFFERED = 4
UNPROCESSABLE = 422


@page(permission=May.READ)
def notices(request: HttpRequest, area: str) -> HttpResponse:
    rows = notice_selectors.published(_villages(request)).prefetch_related("posters")
    form = _publish_form(request) if grants_of(request.user).allows(May.PUBLISH) else None
    content = {"page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")), "form": form}
    return _shown(request, area, "notices", content)


@require_POST
@page(permission=May.PUBLISH)
def publish(request: HttpRequest, area: str) -> HttpResponse:
    """Hang the quarter's notice now; what hangs already is shown."""
    form = _publish_form(request)
    if form.is_valid():
        try:
            found = _published(request, form.cleaned_data["place"], Quarter.parse(form.cleaned_data["period"]))
        except JifenError as error:
            form.add_error(None, error.message)
        else:
            messages.success(request, f"{found.title}已经公示,海报正在印制。")
            return redirect(f"reporting:{area}-notice", found.pk)
    rows = notice_selectors.published(_villages(request)).prefetch_related("posters")
    content = {"page": Paginator(rows, PER_PAGE).get_page(1), "form": form}
    return _shown(request, area, "notices", content, form)


@page(permission=May.READ)
def notice(request: HttpRequest, area: str, pk: int) -> HttpResponse:
    found = notice_selectors.by_id(pk, _villages(request))
    content = show.content(found)
    content |= {"internal": show.internal_rows(found), "posters": found.posters.order_by("form")}
    content |= {"objections": objection_selectors.all_of(_villages(request)).filter(notice=found)}
    return _shown(request, area, "notice", content)


@page(permission=May.READ)
def poster(request: HttpRequest, area: str, pk: int, form: str) -> HttpResponse:
    """To the printed form in the store."""
    found = notice_selectors.by_id(pk, _villages(request)).posters.filter(form=form).first()
    if found is None:
        raise NotFound("海报还在印制,请稍后刷新。")
    return redirect(files.link(found.file))


@page(permission=May.READ)
def objections(request: HttpRequest, area: str) -> HttpResponse:
    """Those that wait, the most urgent first; then those answered."""
    answered = request.GET.get("state") == "answered"
    select = objection_selectors.answered if answered else objection_selectors.open_ones
    villages = _villages(request)
    here = reverse(f"reporting:{area}-objections")
    waiting = objection_selectors.open_ones(villages).count()
    content = {
        "answered": answered,
        "tab_items": [("待答复", here, not answered, waiting), ("已答复", f"{here}?state=answered", answered)],
        "page": Paginator(select(villages), PER_PAGE).get_page(request.GET.get("page")),
    }
    return _shown(request, area, "objections", content)


@page(permission=May.READ)
def objection(request: HttpRequest, area: str, pk: int) -> HttpResponse:
    """One objection with everything behind it; the answer form for those who may answer."""
    found = objection_selectors.by_id(pk, _villages(request))
    may_answer = found.state == ObjectionState.RAISED and grants_of(request.user).allows(
        May.ANSWER, village=found.village_id
    )
    form = AnswerForm(request.POST or None, entries=_entries(found)) if may_answer else None
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            _answer(request, found, form.cleaned_data)
        except JifenError as error:
            form.add_error_from(error)
        else:
            messages.success(request, "答复已经送达住户。")
            return redirect(f"reporting:{area}-objections")
    content: dict[str, Any] = {"objection": found, "form": form, "facts": _facts(found)}
    content |= {"why": scoring.why_posted(found.posting) if found.posting else None}
    return _shown(request, area, "objection", content, form)


@page(permission=May.READ)
def honours(request: HttpRequest, area: str) -> HttpResponse:
    """Who would be proposed, and who is barred, as the year stands."""
    villages = list(community.villages_for(request.user, May.READ).order_by("code"))
    village = _chosen(request, villages, area)
    found = honour_selectors.of(_year(request), village.pk if village else None)
    shown = Paginator(found.candidates, PER_PAGE).get_page(request.GET.get("page"))
    households = Household.objects.filter(pk__in=[one.household_id for one in shown])
    heads = dict(households.values_list("pk", "head__name"))
    content = {
        "honours": found,
        "rows": [(one, heads.get(one.household_id) or "") for one in shown],
        "page": shown,
        "villages": villages,
        "village": village,
        "benefits": policies.on(clock.today()).benefits,
        **_honour_words(found, village),
    }
    return _shown(request, area, "honours", content)


def _honour_words(found: honour_selectors.Honours, village: Village | None) -> dict[str, Any]:
    limit = points_text(found.barred_below)
    return {
        "subtitle": f"{village.name if village else '全镇'} · {found.year}年度",
        "share_text": f"前{percent(found.share)}",
        "barred": sum(one.barred for one in found.candidates),
        "barred_text": f"年度积分低于 {limit} 分的取消当年评优资格",
        "barred_badge": f"未满 {limit} 分",
    }


def _shown(
    request: HttpRequest, area: str, name: str, content: dict[str, Any], form: Form | None = None
) -> HttpResponse:
    """The page ``name`` with the addresses of its area; 422 when ``form`` has errors."""
    routes = ("notices", "publish", "notice", "poster", "objections", "objection")
    urls = {f"{route}_url": f"reporting:{area}-{route}" for route in routes}
    urls |= {"posting_url": f"scoring:{area}_posting", "passbook_url": f"scoring:{area}_passbook"}
    status = UNPROCESSABLE if form is not None and form.errors else 200
    context = {**urls, "area": area, "today": clock.today(), **content}
    return render(request, f"reporting/staff/{name}.html", context, status=status)


def _facts(objection: Objection) -> list[tuple[str, Any]]:
    return [
        ("户号", objection.household.number),
        ("提出日期", date_cn(objection.raised_on)),
        ("答复期限", date_cn(objection.answer_by)),
        ("所涉公示", objection.notice.title if objection.notice else "—"),
        ("登记人", objection.actor_name),
    ]


def _answer(request: HttpRequest, objection: Objection, data: dict[str, Any]) -> None:
    require(request.user, May.ANSWER, village=objection.village_id)
    objection_services.answer(
        objection=objection,
        upheld=data["verdict"] == "upheld",
        finding=data["finding"],
        posting=postings.by_id(int(data.get("entry") or 0)),
        by=Actor.of(request.user),
    )


def _entries(objection: Objection) -> list[tuple[str, str]]:
    """What could be corrected when a whole notice was questioned: the lines of the objector's household first."""
    if objection.posting_id or objection.notice is None:
        return []
    rows = [row for row in objection.notice.snapshot.get("changes", []) if not row["title"].startswith("更正")]
    rows.sort(key=lambda row: row["household"] != objection.household_id)
    return [(str(row["posting"]), f"{row['number']} {row['date']} {row['title']} {row['points']}分") for row in rows]


def _published(request: HttpRequest, place: str, quarter: Quarter) -> Notice:
    actor = Actor.of(request.user)
    village = None
    if place == TOWN:
        if grants_of(request.user).scope(May.PUBLISH, "village") is not None:
            raise Forbidden
    else:
        village = community.village_for(request.user, May.PUBLISH, int(place))
    return notice_services.publish_quarter(village=village, year=quarter.year, quarter=quarter.number, by=actor)


def _publish_form(request: HttpRequest) -> PublishForm:
    over_all = grants_of(request.user).scope(May.PUBLISH, "village") is None
    profile = TownProfile.objects.first() if over_all else None
    quarter, quarters = Quarter.before(clock.today()), []
    for _ in range(QUARTERS_OFFERED):
        quarters.append(quarter)
        quarter = Quarter.before(quarter.first_day)
    villages = list(community.villages_for(request.user, May.PUBLISH).order_by("code"))
    data = request.POST if request.method == "POST" else None
    return PublishForm(data, villages=villages, town=profile.name if profile else "", quarters=quarters)


def _chosen(request: HttpRequest, villages: list[Village], area: str) -> Village | None:
    """The village asked for; the whole town in the office, the only village of a steward."""
    asked = request.GET.get("village", "")
    found = next((village for village in villages if str(village.pk) == asked), None)
    return found or (villages[0] if area == "village" and villages else None)


def _villages(request: HttpRequest) -> set[int] | None:
    return grants_of(request.user).scope(May.READ, "village")


def _year(request: HttpRequest) -> int:
    return reading.year(request.GET.get("year", "")) or Quarter.before(clock.today()).year

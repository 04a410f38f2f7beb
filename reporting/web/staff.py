"""Notices and honours for those who work in a village or the town office (``area``)."""

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
from jifen.kernel.permissions import grants_of, page
from jifen.web.forms import Form
from jifen.web.wording import percent, points_text
from reporting import policies
from reporting.models import Notice
from reporting.periods import Quarter
from reporting.permissions import ReportingPermission as May
from reporting.selectors import drafts
from reporting.selectors import honours as honour_selectors
from reporting.selectors import notices as notice_selectors
from reporting.selectors import objections as objection_selectors
from reporting.services import drafts as draft_services
from reporting.services import notices as notice_services
from reporting.web import show
from reporting.web.forms import TOWN, PublishForm
from scoring.permissions import ScoringPermission as Ledger
from scoring.selectors import current_year, years
from tenants.community import selectors as community
from tenants.community import stars
from tenants.community.models import Household, TownProfile, Village
from tenants.community.permissions import CommunityPermission

PER_PAGE = 30
QUARTERS_OFFERED = 4
UNPROCESSABLE = 422


@page(permission=May.READ)
def notices(request: HttpRequest, area: str) -> HttpResponse:
    rows = notice_selectors.published(_villages(request)).prefetch_related("posters")
    form = _publish_form(request) if grants_of(request.user).allows(May.PUBLISH) else None
    content: dict[str, Any] = {"page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")), "form": form}
    content |= {"in_flow": drafts.is_needed(), "drafts": drafts.current(_villages(request))}
    content |= {"silent": community.without_phone(community.villages_for(request.user, May.READ))}
    return shown(request, area, "notices", content)


@require_POST
@page(permission=May.PUBLISH)
def publish(request: HttpRequest, area: str) -> HttpResponse:
    """Hang the quarter's notice now, or send its draft to those who approve it; what hangs already is shown."""
    form = _publish_form(request)
    if form.is_valid():
        try:
            return _done(request, area, form.cleaned_data["place"], Quarter.parse(form.cleaned_data["period"]))
        except JifenError as error:
            form.add_error(None, error.message)
    rows = notice_selectors.published(_villages(request)).prefetch_related("posters")
    content = {"page": Paginator(rows, PER_PAGE).get_page(1), "form": form, "in_flow": drafts.is_needed()}
    return shown(request, area, "notices", content, form)


@page(permission=May.READ)
def notice(request: HttpRequest, area: str, pk: int) -> HttpResponse:
    found = notice_selectors.by_id(pk, _villages(request))
    content = show.content(found)
    content |= {"linked": _is_linked(request, area, found.village_id)}
    if content["linked"]:
        content |= {"entries_url": "#changes"} if found.village_id else _town_links(found, content["villages"])
    content |= {"internal": show.internal_rows(found), "posters": found.posters.order_by("form")}
    about = objection_selectors.for_staff(request.user).filter(notice=found)
    content |= {"objections": objection_selectors.as_seen(about, request.user)}
    return shown(request, area, "notice", content)


@page(permission=May.READ)
def poster(request: HttpRequest, area: str, pk: int, form: str) -> HttpResponse:
    """To the printed form in the store."""
    found = notice_selectors.by_id(pk, _villages(request)).posters.filter(form=form).first()
    if found is None:
        raise NotFound("海报还在印制，请稍后刷新。")
    return redirect(files.link(found.file))


@page(permission=May.READ)
def honours(request: HttpRequest, area: str) -> HttpResponse:
    """Who would be proposed, and who is barred, as the year stands."""
    villages = list(community.villages_for(request.user, May.READ).order_by("code"))
    village = _chosen(request, villages, area)
    found = honour_selectors.of(_year(request), village.pk if village else None)
    listed = Paginator(found.candidates, PER_PAGE).get_page(request.GET.get("page"))
    found_homes = Household.objects.select_related("head").filter(pk__in=[one.household_id for one in listed])
    homes, rated = {home.pk: home for home in found_homes}, stars.of(found_homes, clock.today())
    content = {
        "honours": found,
        "rows": [(one, homes[one.household_id].head, rated[one.household_id]) for one in listed],
        "page": listed,
        "villages": villages,
        "village": village,
        "benefits": policies.on(clock.today()).benefits,
        **_honour_words(found, village),
    }
    return shown(request, area, "honours", content)


def _honour_words(found: honour_selectors.Honours, village: Village | None) -> dict[str, Any]:
    limit = points_text(found.barred_below) if found.barred_below is not None else None
    below = f"年度积分低于 {limit} 分的，和" if limit else ""
    return {
        "subtitle": f"{village.name if village else '全镇'} · {found.year}年度",
        "share_text": f"前{percent(found.share)}",
        "barred": sum(one.barred for one in found.candidates),
        "barred_text": f"{below}按细则取消评优资格的",
    }


def shown(
    request: HttpRequest, area: str, name: str, content: dict[str, Any], form: Form | None = None
) -> HttpResponse:
    """The page ``name`` with the addresses of its area; 422 when ``form`` has errors."""
    routes = ("notices", "publish", "notice", "draft", "send_again", "poster", "objections", "objection", "enter")
    urls = {f"{route}_url": f"reporting:{area}-{route.replace('_', '-')}" for route in routes}
    urls |= {"participation_url": f"community:{area}_participation"}
    urls |= {"posting_url": f"scoring:{area}_posting", "passbook_url": f"scoring:{area}_passbook"}
    may_mend = grants_of(request.user).allows(CommunityPermission.MANAGE_ROSTER)
    urls |= {"contacts_url": f"community:{area}_contacts" if may_mend else ""}
    status = UNPROCESSABLE if form is not None and form.errors else 200
    context = {**urls, "area": area, "today": clock.today(), **content}
    return render(request, f"reporting/staff/{name}.html", context, status=status)


def _town_links(found: Notice, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The town's figures and each village's lead to the quarter's entries."""
    quarter = Quarter(found.year, found.quarter)
    months = f"year={quarter.year}&from={quarter.first_month}&to={quarter.last_month}"
    address, joined = f"{reverse('scoring:entries')}?{months}", reverse("community:office_households")
    known = dict(Village.objects.values_list("name", "pk"))
    places = [(row, f"village={known[row['village']]}" if row["village"] in known else "") for row in rows]
    linked = [
        row | {"entries_url": f"{address}&{at}", "joined_url": f"{joined}?{at}&state=in"} if at else row
        for row, at in places
    ]
    return {"villages": linked, "entries_url": address}


def _is_linked(request: HttpRequest, area: str, village_id: int | None) -> bool:
    """Whether every figure may lead to its entries: of the own village, or of the whole town in its office."""
    return grants_of(request.user).allows(Ledger.READ_LEDGER) and (village_id is not None or area == "office")


def _done(request: HttpRequest, area: str, place: str, quarter: Quarter) -> HttpResponse:
    village = village_to_publish(request, None if place == TOWN else int(place))
    told: dict[str, Any] = {
        "village": village,
        "year": quarter.year,
        "quarter": quarter.number,
        "by": Actor.of(request.user),
    }
    if drafts.is_needed() and notice_services.hanging(village, quarter) is None:
        made = draft_services.send(**told)
        messages.success(request, f"{made.title}已送审，同意后自动张贴。")
        return redirect(f"reporting:{area}-draft", made.pk)
    found = notice_services.publish_quarter(**told)
    messages.success(request, f"{found.title}已经公示，海报正在印制。")
    return redirect(f"reporting:{area}-notice", found.pk)


def village_to_publish(request: HttpRequest, pk: int | None) -> Village | None:
    """The village, over which she may publish; ``None`` for the town's own notice, which is its office's.

    Raises:
        Forbidden, VillageUnknown.
    """
    if pk is not None:
        return community.village_for(request.user, May.PUBLISH, pk)
    if grants_of(request.user).scope(May.PUBLISH, "village") is not None:
        raise Forbidden
    return None


def _publish_form(request: HttpRequest) -> PublishForm:
    over_all = grants_of(request.user).scope(May.PUBLISH, "village") is None
    profile = TownProfile.objects.first() if over_all else None
    villages = list(community.villages_for(request.user, May.PUBLISH).order_by("code"))
    data = request.POST if request.method == "POST" else None
    return PublishForm(data, villages=villages, town=profile.name if profile else "", quarters=_quarters())


def _quarters() -> list[Quarter]:
    """The last ones that are over, newest first, as far as they belong to the town's own years."""
    quarter, found, kept = Quarter.before(clock.today()), [], {year.number for year in years()}
    for _ in range(QUARTERS_OFFERED):
        found += [quarter] if quarter.year in kept else []
        quarter = Quarter.before(quarter.first_day)
    return found


def _chosen(request: HttpRequest, villages: list[Village], area: str) -> Village | None:
    """The village asked for; the whole town in the office, the only village of a steward."""
    asked = request.GET.get("village", "")
    found = next((village for village in villages if str(village.pk) == asked), None)
    return found or (villages[0] if area == "village" and villages else None)


def _villages(request: HttpRequest) -> set[int] | None:
    return grants_of(request.user).scope(May.READ, "village")


def _year(request: HttpRequest) -> int:
    return reading.year(request.GET.get("year", "")) or current_year(Quarter.before(clock.today()).year).number

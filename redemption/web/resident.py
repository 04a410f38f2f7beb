"""A resident's pages: her household's code, what can be had where, what was exchanged."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from jifen.files import selectors as files
from jifen.kernel import clock, reading
from jifen.kernel.errors import NotFound
from jifen.kernel.permissions import page
from redemption import selectors
from redemption.permissions import RedemptionPermission
from redemption.services import papers
from redemption.web.papers import pdf_answer
from scoring.selectors import ledger
from tenants.community import selectors as community
from tenants.community.models import Household

OWN = RedemptionPermission.READ_OWN


@page(permission=OWN)
def code(request: HttpRequest) -> HttpResponse:
    """The QR and the number, as big as the screen allows."""
    household = _household(request)
    content = {
        "household": household,
        "code": selectors.card_code(household),
        "available": ledger.available(household),
        "obstacle": selectors.obstacle(household),
    }
    return render(request, "redemption/resident_code.html", content)


@page(permission=OWN)
def shops(request: HttpRequest) -> HttpResponse:
    """Where one can exchange what, for how many points, and when."""
    household = _household(request)
    today = clock.today()
    content = {
        "available": ledger.available(household),
        "obstacle": selectors.obstacle(household),
        "offerings": list(selectors.offerings_for(household.village)),
        "window": selectors.window_on(household.village, today),
        "next_text": selectors.next_window_text(household.village, today),
    }
    return render(request, "redemption/resident_shops.html", content)


@page(permission=OWN)
def redemptions(request: HttpRequest) -> HttpResponse:
    rows = list(selectors.redemptions_of(_household(request))[:200])
    return render(request, "redemption/resident_redemptions.html", {"rows": rows})


@page(permission=OWN)
def voucher(request: HttpRequest, pk: int) -> HttpResponse:
    row = selectors.redemption_of_household(_household(request), pk)
    if not hasattr(row, "voucher"):
        raise NotFound("凭证还在生成，请过一会儿再点。")
    return HttpResponseRedirect(files.link(row.voucher.file, download=True))


@page(permission=OWN)
def passbook(request: HttpRequest) -> HttpResponse:
    """The household's own passbook on paper, of ``?year=`` or this year."""
    household = _household(request)
    year = reading.year(request.GET.get("year", "")) or clock.today().year
    return pdf_answer(papers.passbook(household, year), f"{year}年积分存折{household.number}.pdf")


def _household(request: HttpRequest) -> Household:
    """Raises:
    NotFound: the account belongs to no household.
    """
    found = community.household_of_user(request.user)
    if found is None:
        raise NotFound("您的账号没有对应的家庭户，请联系村里的积分管理员。")
    return found

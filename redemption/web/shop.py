"""Pages of a partner shop, on the public site. Each enters a town only through the shop's active membership there."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from jifen.files import selectors as files
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError, NotFound
from jifen.kernel.permissions import Access, page
from redemption import selectors
from redemption.errors import NotInNetwork
from redemption.models import Membership, MembershipState, Redemption
from redemption.network import selectors as network
from redemption.permissions import RedemptionPermission
from redemption.services import customers, grants, memberships, papers, redemptions, settlements, shops, signatures
from redemption.web.forms import ApplyForm, CodeForm, HoldForm, SignUpForm
from redemption.web.papers import pdf_answer
from tenants.models import Town, TownState

REDEEM = RedemptionPermission.REDEEM
BACKEND = "django.contrib.auth.backends.ModelBackend"


@page(permission=REDEEM)
def home(request: HttpRequest) -> HttpResponse:
    """Straight to the counter when the shop deals with one town."""
    listings = network.listings_of(request.user)
    active = [row for row in listings if row.state == MembershipState.ACTIVE]
    if len(active) == 1:
        return redirect("redemption:shop_counter", active[0].town.code)
    return render(request, "redemption/shop_home.html", {"active": active, "listings": listings})


@page(permission=Access.ANYONE)
def join(request: HttpRequest) -> HttpResponse:
    """A shop that is new here: account, shop and application in one go."""
    form = SignUpForm(request.POST or None, towns=_towns())
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        town = Town.objects.get(code=data.pop("town"))
        try:
            user, _ = shops.sign_up(town=town, **data)
        except JifenError as error:
            form.add_error_from(error)
        else:
            login(request, user, backend=BACKEND)
            messages.success(request, f"申请已提交，请等待{town.name}审核。")
            return redirect("redemption:shop_towns")
    return _form_page(request, "redemption/shop_join.html", {"form": form}, form)


@page(permission=REDEEM)
def towns(request: HttpRequest) -> HttpResponse:
    """Where the shop stands with each town, and applying to another."""
    form = ApplyForm(request.POST or None, towns=_towns())
    if request.method == "POST" and form.is_valid():
        try:
            _apply(request, form.cleaned_data["town"])
        except JifenError as error:
            form.add_error_from(error)
        else:
            messages.success(request, "申请已提交，请等待镇里审核。")
            return redirect("redemption:shop_towns")
    content = {"form": form, "listings": network.listings_of(request.user)}
    return _form_page(request, "redemption/shop_towns.html", content, form)


@page(permission=REDEEM)
def counter(request: HttpRequest, town_code: str) -> HttpResponse:
    """Type or scan a code."""
    with grants.acting(request.user, town_code) as shop:
        rows = list(selectors.of_shop_today(shop))
        content = {"held": [row for row in rows if row.state == "held"], "totals": selectors.totals_of(rows)}
    return render(request, "redemption/shop_counter.html", {**place(town_code, shop), **content, "form": CodeForm()})


@page(permission=REDEEM)
@require_POST
def customer(request: HttpRequest, town_code: str) -> HttpResponse:
    """Who it is and what she can get; the code is posted, so that it stands in no address."""
    form = CodeForm(request.POST)
    with grants.acting(request.user, town_code) as shop:
        content = place(town_code, shop)
        try:
            found = customers.show(membership=shop, code=form.cleaned_data["code"]) if form.is_valid() else None
        except JifenError as error:
            form.add_error("code", error.message)
            found = None
        if found is None:
            return render(request, "redemption/shop_counter.html", {**content, "form": form}, status=422)
        offerings = list(selectors.offerings_of(shop))
        content["excused"] = selectors.usable_exceptions(shop, clock.today(), selectors.household_by_code(found.code))
    hold_form = HoldForm(offerings=offerings, initial={"code": found.code, "quantity": 1})
    content |= {"customer": found, "offerings": offerings, "form": hold_form, "code": found.code}
    return render(request, "redemption/shop_customer.html", content)


@page(permission=REDEEM)
@require_POST
def hold(request: HttpRequest, town_code: str) -> HttpResponse:
    """Reserve, then show what is to be confirmed."""
    by = Actor.of(request.user)
    with grants.acting(request.user, town_code) as shop:
        offerings = list(selectors.offerings_of(shop))
        form = HoldForm(request.POST, request.FILES, offerings=offerings)
        row = _held(form, shop, by) if form.is_valid() else None
        if row is None:
            content = {
                **place(town_code, shop),
                "form": form,
                "offerings": offerings,
                "customer": _customer(form, shop),
            }
            return render(request, "redemption/shop_customer.html", content, status=422)
    return redirect("redemption:shop_redemption", town_code, row.pk)


@page(permission=REDEEM)
def redemption(request: HttpRequest, town_code: str, pk: int) -> HttpResponse:
    """A held one to confirm, a captured one as receipt."""
    with grants.acting(request.user, town_code) as shop:
        row = selectors.redemption_of(shop, pk)
        content = {**place(town_code, shop), "row": row, "has_voucher": hasattr(row, "voucher")}
        content["customer"] = selectors.customer_of(row.household)
    return render(request, "redemption/shop_redemption.html", content)


@page(permission=REDEEM)
@require_POST
def finish(request: HttpRequest, town_code: str, pk: int) -> HttpResponse:
    """``deed``: capture or release."""
    by = Actor.of(request.user)
    with grants.acting(request.user, town_code) as shop:
        row = selectors.redemption_of(shop, pk)
        if request.POST.get("deed") == "capture":
            redemptions.capture(redemption=row, by=by)
        else:
            redemptions.release(redemption=row, by=by, reason="店里取消")
    return redirect("redemption:shop_redemption", town_code, pk)


@page(permission=REDEEM)
def voucher(request: HttpRequest, town_code: str, pk: int) -> HttpResponse:
    """The voucher itself, from the object store."""
    with grants.acting(request.user, town_code) as shop:
        row = selectors.redemption_of(shop, pk)
        if not hasattr(row, "voucher"):
            raise NotFound("凭证还在生成，请过一会儿再点。")
        return HttpResponseRedirect(files.link(row.voucher.file, download=True))


@page(permission=REDEEM)
def today(request: HttpRequest, town_code: str) -> HttpResponse:
    with grants.acting(request.user, town_code) as shop:
        rows = list(selectors.of_shop_today(shop))
    content = {**place(town_code, shop), "rows": rows, "totals": selectors.totals_of(rows)}
    return render(request, "redemption/shop_today.html", content)


@page(permission=REDEEM)
def bills(request: HttpRequest, town_code: str) -> HttpResponse:
    """Statements; a draft can be agreed."""
    by = Actor.of(request.user)
    with grants.acting(request.user, town_code) as shop:
        if request.method == "POST":
            settlements.agree(settlement=selectors.settlement_of(shop, request.POST.get("settlement")), by=by)
            return redirect("redemption:shop_bills", town_code)
        rows = list(selectors.settlements().filter(membership=shop))
    return render(request, "redemption/shop_bills.html", {**place(town_code, shop), "rows": rows})


@page(permission=REDEEM)
def bill(request: HttpRequest, town_code: str, pk: int) -> HttpResponse:
    """One statement on paper, with every line."""
    with grants.acting(request.user, town_code) as shop:
        row = selectors.settlement_of(shop, pk)
        return pdf_answer(papers.statement(row), f"结算单{row.pk}.pdf")


def _held(form: HoldForm, shop: Membership, by: Actor) -> Redemption | None:
    data = form.cleaned_data
    try:
        return redemptions.hold(
            household_code=data["code"],
            offering=selectors.offering_of(shop, data["offering"]),
            quantity=data["quantity"],
            collected_by=data["collected_by"],
            is_proxy=data["is_proxy"],
            signature=signatures.keep(data["signature"], by=by),
            signed_on_paper=data["signed_on_paper"],
            idempotency_key=data["key"],
            by=by,
        )
    except JifenError as error:
        form.add_error_from(error)
        return None


def _customer(form: HoldForm, shop: Membership) -> selectors.Customer | None:
    try:
        return customers.show(membership=shop, code=form.data.get("code", ""))
    except JifenError:
        return None


def _apply(request: HttpRequest, town_code: str) -> None:
    mine = network.shops_of(request.user)
    if not mine:
        raise NotInNetwork
    memberships.apply(shop=mine[0], town=Town.objects.get(code=town_code), by=Actor.of(request.user))


def _towns() -> list[tuple[str, str]]:
    return list(Town.objects.filter(state=TownState.READY).values_list("code", "name"))


def place(town_code: str, shop: Membership) -> dict[str, Any]:
    """What every page of a shop in a town shows."""
    return {"town": Town.objects.get(code=town_code), "shop": shop}


def _form_page(request: HttpRequest, template: str, content: dict[str, Any], form: Any) -> HttpResponse:
    return render(request, template, content, status=422 if form.errors else 200)

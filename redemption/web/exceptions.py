"""Exceptions for the town office, a village and a shop: asking, answering, using. ``area``: office or village."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from jifen.approvals import selectors as flows
from jifen.approvals.web.embedded import way_of
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError, NotFound
from jifen.kernel.permissions import page, require
from redemption import errors, selectors
from redemption.models import ExceptionKind, ExceptionState, Membership, Redemption, RedemptionException
from redemption.permissions import RedemptionPermission
from redemption.services import customers, exceptions, grants, redemptions, signatures
from redemption.web.forms import (
    AnswerForm,
    ExceptionAmendForm,
    ExceptionForm,
    ExcusedForm,
    ShopExceptionForm,
    VillageExceptionForm,
    offering_label,
)
from redemption.web.shop import REDEEM, place
from redemption.web.staff import PER_PAGE, P, done, frame, scope
from tenants.community.models import Household

BY_SHOPS = (ExceptionKind.WINDOW, ExceptionKind.THRESHOLD, ExceptionKind.VILLAGE)
SOON = timedelta(days=7)


# For the office and a village


@page(permission=P.READ)
def exception_list(request: HttpRequest, area: str) -> HttpResponse:
    rows = selectors.with_use(selectors.exceptions(scope(request)))
    state = request.GET.get("state", "")
    if state in ExceptionState.values:
        rows = rows.filter(state=state)
    content = {
        **frame(request, area, "exceptions"),
        "rows": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "states": ExceptionState.choices,
        "state": state,
        "today": clock.today(),
    }
    return render(request, "redemption/staff_exceptions.html", content)


@page(permission=P.MANAGE_PLAN)
def exception_new(request: HttpRequest, area: str) -> HttpResponse:
    offered = [(row.pk, f"{row.membership.shop_name}：{offering_label(row)}") for row in _offered()]
    terms: dict[str, Any] = {"offerings": offered, "kinds": ExceptionKind, "initial": _initial()}
    form = VillageExceptionForm(request.POST or None, **terms)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        try:
            data["household"] = _household(request, data["household"])
            row = _asked(form, data, Actor.of(request.user))
        except JifenError as error:
            form.add_error_from(error)
        else:
            messages.success(request, "已提交申请。")
            return redirect(f"redemption:{area}_exception", row.pk)
    content = {**frame(request, area, "exceptions"), "form": form}
    return render(request, "redemption/staff_exception_new.html", content, status=422 if form.errors else 200)


@page(permission=P.READ)
def exception(request: HttpRequest, area: str, pk: int) -> HttpResponse:
    """One request with what became of it; the office's answer. ``deed``: approve, refuse, withdraw."""
    row = selectors.exceptions(scope(request)).filter(pk=pk).first()
    if row is None:
        raise NotFound
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _answered(request, row, form.cleaned_data["note"])
        return redirect(f"redemption:{area}_exception", pk)
    by = Actor.of(request.user)
    content = {
        **frame(request, area, "exceptions"),
        "row": row,
        "form": form,
        "way": way_of(exceptions.SUBJECT_KIND, row.pk, area=area, user=request.user),
        "has_flow": flows.has_flow(exceptions.SUBJECT_KIND),
        "use": selectors.use_of(row),
        "is_hers": (row.actor_realm, row.actor_id) == (by.realm, by.id),
        "today": clock.today(),
    }
    return render(request, "redemption/staff_exception.html", content)


@page(permission=P.MANAGE_PLAN)
def exception_amend(request: HttpRequest, area: str, pk: int) -> HttpResponse:
    """What was sent back to her, to be mended and handed in again."""
    row, by = selectors.exceptions(scope(request, P.MANAGE_PLAN)).filter(pk=pk).first(), Actor.of(request.user)
    item = exceptions.returned_to(row, by) if row is not None else None
    if row is None or item is None:
        raise NotFound
    told = {"quantity": row.quantity, "reason": row.reason, "use_by": row.use_by}
    form = ExceptionAmendForm(request.POST or None, initial=told)
    if request.method == "POST" and form.is_valid():
        try:
            exceptions.amend(exception=row, by=by, **form.cleaned_data)
        except JifenError as error:
            form.add_error_from(error)
        else:
            messages.success(request, "已修改并重新提交。")
            return redirect(f"redemption:{area}_exception", pk)
    content = {**frame(request, area, "exceptions"), "row": row, "form": form, "why": flows.last_reason(item)}
    return render(request, "redemption/staff_exception_amend.html", content, status=422 if form.errors else 200)


def _answered(request: HttpRequest, row: RedemptionException, note: str) -> None:
    deed, by = request.POST.get("deed"), Actor.of(request.user)
    if deed == "withdraw":
        require(request.user, P.MANAGE_PLAN, village=row.household.village_id)
        done(request, lambda: exceptions.withdraw(exception=row, by=by), "已撤回。")
        return
    require(request.user, P.MANAGE_NETWORK)
    approve = deed == "approve"
    done(request, lambda: exceptions.decide(exception=row, approve=approve, note=note, by=by), "已办理。")


def _offered() -> Any:
    return selectors.shelf().filter(is_active=True).order_by("membership__shop_name", "price")


def _asked(form: ExceptionForm, data: dict[str, Any], by: Actor) -> RedemptionException:
    offering = _offered().filter(pk=data.pop("offering")).first()
    if offering is None:
        raise errors.OfferingGone
    return exceptions.ask(offering=offering, by=by, **data)


def _household(request: HttpRequest, number: str) -> Household:
    """Raises:
    HouseholdUnknown: none of the villages that the person looks after has it.
    """
    rows = Household.objects.select_related("village", "group").filter(number=number.strip())
    held = scope(request, RedemptionPermission.MANAGE_PLAN)
    found = (rows if held is None else rows.filter(village_id__in=held)).first()
    if found is None:
        raise errors.HouseholdUnknown("没有找到这一户，请核对户号。", field="household")
    return found


def _initial() -> dict[str, Any]:
    return {"quantity": 1, "use_by": clock.today() + SOON}


# For a shop


def ask_form(shop: Membership, code: str, data: Any = None) -> ShopExceptionForm:
    """What a shop asks for the household of ``code``."""
    offered = [(row.pk, offering_label(row)) for row in selectors.offerings_of(shop)]
    return ShopExceptionForm(data, offerings=offered, kinds=BY_SHOPS, initial={**_initial(), "code": code})


@page(permission=REDEEM)
def shop_list(request: HttpRequest, town_code: str) -> HttpResponse:
    """What the shop may use, and what it asked for."""
    with grants.acting(request.user, town_code) as shop:
        usable = selectors.usable_exceptions(shop, clock.today())
        mine = list(selectors.with_use(selectors.exceptions().filter(membership=shop))[:PER_PAGE])
    rows = [row for row in mine if row not in usable]
    content = {**place(town_code, shop), "usable": usable, "rows": rows, "today": clock.today()}
    return render(request, "redemption/shop_exceptions.html", content)


@page(permission=REDEEM)
@require_POST
def shop_ask(request: HttpRequest, town_code: str) -> HttpResponse:
    """``code`` alone comes from the counter and gets the form; the filled form asks."""
    by = Actor.of(request.user)
    with grants.acting(request.user, town_code) as shop:
        filled = request.POST if "reason" in request.POST else None
        form = ask_form(shop, request.POST.get("code", ""), filled)
        if filled and _shop_asked(form, shop, by):
            messages.success(request, "申请已提交，批准以后在这里办理兑换。")
            return redirect("redemption:shop_exceptions", town_code)
        content = {**place(town_code, shop), "form": form}
    return render(request, "redemption/shop_exception_ask.html", content, status=422 if form.errors else 200)


@page(permission=REDEEM)
@require_POST
def shop_show(request: HttpRequest, town_code: str, pk: int) -> HttpResponse:
    """An approved one, to be redeemed; the code comes along from the counter, so that it stands in no address."""
    with grants.acting(request.user, town_code) as shop:
        row = selectors.exception_of(shop, pk)
        content = {**place(town_code, shop), "row": row}
    form = ExcusedForm(needs_code=_needs_code(row), initial={"code": request.POST.get("code", "")})
    return render(request, "redemption/shop_exception.html", {**content, "form": form})


@page(permission=REDEEM)
@require_POST
def shop_use(request: HttpRequest, town_code: str, pk: int) -> HttpResponse:
    """Reserve by the exception, then show what is to be confirmed."""
    by = Actor.of(request.user)
    with grants.acting(request.user, town_code) as shop:
        row = selectors.exception_of(shop, pk)
        form = ExcusedForm(request.POST, request.FILES, needs_code=_needs_code(row))
        held = _held(form, row, by) if form.is_valid() else None
        content = {**place(town_code, shop), "row": row, "form": form}
        if held is None:
            return render(request, "redemption/shop_exception.html", content, status=422)
    return redirect("redemption:shop_redemption", town_code, held.pk)


def _needs_code(row: RedemptionException) -> bool:
    return row.kind != ExceptionKind.CARD


def _shop_asked(form: ShopExceptionForm, shop: Membership, by: Actor) -> bool:
    if not form.is_valid():
        return False
    data = dict(form.cleaned_data)
    try:
        data["household"] = customers.find(membership=shop, code=data.pop("code"))
        data["offering"] = selectors.offering_of(shop, data["offering"])
        exceptions.ask(by=by, **data)
    except JifenError as error:
        form.add_error_from(error)
        return False
    return True


def _held(form: ExcusedForm, row: RedemptionException, by: Actor) -> Redemption | None:
    data = form.cleaned_data
    try:
        return redemptions.hold(
            household_code=data.get("code", ""),
            offering=row.offering,
            quantity=row.quantity,
            exception=row,
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

"""My messages; the office's channels and what went out through them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from jifen.inbox import audience, selectors, sending, services
from jifen.inbox.permissions import InboxPermission as May
from jifen.inbox.web.forms import ChangeForm, ChannelForm
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError
from jifen.kernel.permissions import Access, page

PER_PAGE = 30
CHANGED = ("name", "audience", "every_minutes", "quiet_from", "quiet_to")
LAYOUTS = {"": "web/simple.html"}


@page(permission=Access.SIGNED_IN)
def messages_page(request: HttpRequest, area: str) -> HttpResponse:
    """The newest first; ``area`` only chooses the frame."""
    rows = Paginator(selectors.messages_of(request.user), PER_PAGE).get_page(request.GET.get("page"))
    content = {"rows": rows, "layout": LAYOUTS.get(area, "web/staff.html"), "unread": selectors.unread(request.user)}
    return render(request, "inbox/messages.html", content)


@page(permission=Access.SIGNED_IN)
def open_message(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark it read and go where it leads."""
    message = selectors.message_of(request.user, pk)
    services.read(messages=[message.pk], by=request.user)
    inside = url_has_allowed_host_and_scheme(message.address, allowed_hosts=None)
    return redirect(message.address if message.address and inside else "inbox:own_messages")


@page(permission=Access.SIGNED_IN)
def read_all(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        services.read_all(by=request.user)
    back = request.POST.get("back", "")
    return redirect(back if url_has_allowed_host_and_scheme(back, allowed_hosts=None) else "inbox:own_messages")


@page(permission=May.MANAGE_CHANNELS)
def channels(request: HttpRequest) -> HttpResponse:
    """All channels, and one more."""
    form = ChannelForm(request.POST or None)
    if form.is_valid():
        try:
            made = services.open_channel(**form.cleaned_data, by=Actor.of(request.user))
        except JifenError as error:
            form.add_error_from(error)
        else:
            messages.success(request, "已建好。请点“发一条试试”，看对方能不能收到。")
            return redirect("inbox:office_channel", made.pk)
    labels = dict(audience.choices())
    rows = [(row, labels.get(row.audience, "")) for row in selectors.channels()]
    content = {"rows": rows, "form": form}
    return render(request, "inbox/channels.html", content, status=422 if form.errors else 200)


@page(permission=May.MANAGE_CHANNELS)
def channel(request: HttpRequest, pk: int) -> HttpResponse:
    """One channel with its terms and its log."""
    found = selectors.channel(pk)
    kept = {field: getattr(found, field) for field in CHANGED}
    form = ChangeForm(request.POST or None, initial=kept)
    if form.is_valid():
        try:
            services.change_channel(channel=found, **form.cleaned_data, by=Actor.of(request.user))
        except JifenError as error:
            form.add_error_from(error)
        else:
            messages.success(request, "设置已保存，从下一次汇总起执行。")
            return redirect("inbox:office_channel", pk)
    rows = Paginator(selectors.deliveries(found), PER_PAGE).get_page(request.GET.get("page"))
    stuck = set(selectors.stuck().filter(channel=found).values_list("pk", flat=True))
    content = {"channel": found, "rows": rows, "stuck": stuck, "group": audience.label(found.audience)}
    content["form"] = form
    return render(request, "inbox/channel.html", content, status=422 if form.errors else 200)


@require_POST
@page(permission=May.MANAGE_CHANNELS)
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Send once more what was given up."""
    delivery = selectors.delivery(pk)
    try:
        sending.try_again(delivery=delivery, by=Actor.of(request.user))
        messages.success(request, "已重新排队发送，结果看下面的发送记录。")
    except JifenError as error:
        messages.error(request, error.message)
    return redirect("inbox:office_channel", delivery.channel_id)


@page(permission=May.MANAGE_CHANNELS)
def try_out(request: HttpRequest, pk: int) -> HttpResponse:
    if request.method == "POST":
        services.try_out(channel=selectors.channel(pk), by=Actor.of(request.user))
        messages.success(request, "已交给系统发送，结果看下面的发送记录。")
    return redirect("inbox:office_channel", pk)


@page(permission=May.MANAGE_CHANNELS)
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    if request.method == "POST":
        found = selectors.channel(pk)
        services.switch(channel=found, on=not found.is_active, by=Actor.of(request.user))
        messages.success(request, "已停用。" if found.is_active else "已启用。")
    return redirect("inbox:office_channel", pk)

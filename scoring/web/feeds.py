"""The town office: keys by which devices and departments send deeds. A key is shown once."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError
from jifen.kernel.permissions import page
from jifen.web.forms import Form
from scoring.permissions import ScoringPermission as May
from scoring.selectors import feeds as selectors
from scoring.services import feeds


class KeyForm(Form):
    feed = forms.ChoiceField(label="送什么来", help_text="细则里写了“系统送来”的来源")
    name = forms.CharField(label="给哪个系统用", max_length=60, help_text="例如：智能水表平台")


@page(permission=May.MANAGE_RULES)
def keys(request: HttpRequest) -> HttpResponse:
    """All keys; POST opens one."""
    sources = selectors.sources()
    form = KeyForm(request.POST or None)
    field: forms.ChoiceField = form.fields["feed"]  # type: ignore[assignment]
    field.choices = [(one.code, f"{one.name}（{'、'.join(one.rules[:3])}）") for one in sources]
    if form.is_valid():
        try:
            key, text = feeds.open_key(**form.cleaned_data, by=Actor.of(request.user))
        except JifenError as error:
            form.add_error_from(error)
        else:
            answer = render(request, "scoring/feed_key.html", {"key": key, "text": text, "host": request.get_host()})
            answer["Cache-Control"] = "no-store"
            return answer
    named = {one.code: one for one in sources}
    rows = [(key, named.get(key.feed)) for key in selectors.all_keys()]
    content = {"form": form, "sources": sources, "rows": rows}
    return render(request, "scoring/feed_keys.html", content, status=422 if form.errors else 200)


@page(permission=May.MANAGE_RULES)
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    key = get_object_or_404(selectors.all_keys(), pk=pk)
    try:
        feeds.revoke_key(key=key, by=Actor.of(request.user))
    except JifenError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"已停用“{key.name}”的密钥，从现在起不能再送来；已经送来的不变。")
    return redirect("scoring:feed_keys")

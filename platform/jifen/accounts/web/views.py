"""Login, logout and one's own password, the same on the public site and in every town."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jifen.accounts import services
from jifen.accounts.web.forms import LoginForm, PasswordForm
from jifen.accounts.web.home import home_of
from jifen.kernel.errors import JifenError
from jifen.kernel.permissions import Access, page


class Login(LoginView):
    """Then goes where the person wanted to, else to her own first page."""

    permission = Access.ANYONE
    template_name = "web/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def get_default_redirect_url(self) -> str:
        return home_of(self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        content = super().get_context_data(**kwargs)
        del content["site_name"]  # Django puts the host name here; ours is the town's name
        return content


class Logout(LogoutView):
    permission = Access.ANYONE
    next_page = "/login/"


@page(permission=Access.SIGNED_IN)
def password(request: HttpRequest) -> HttpResponse:
    form = PasswordForm(request.POST or None)
    if form.is_valid() and _changed(request, form):
        messages.success(request, "密码已修改，下次请用新密码登录。")
        return redirect(home_of(request.user))
    content = {"form": form, "home": home_of(request.user)}
    return render(request, "accounts/password.html", content, status=422 if form.errors else 200)


def _changed(request: Any, form: PasswordForm) -> bool:
    old, new = form.cleaned_data["old_password"], form.cleaned_data["password"]
    try:
        services.change_password(user=request.user, old_password=old, password=new)
    except JifenError as error:
        form.add_error_from(error)
        return False
    update_session_auth_hash(request, request.user)
    return True

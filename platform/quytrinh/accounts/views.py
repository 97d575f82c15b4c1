"""Greeting, login, logout and the choice of the agency at work."""

from __future__ import annotations

from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from quytrinh.accounts.demo import demo_agencies, demo_user
from quytrinh.tenancy.logins import TooManyFailures, user_of_password
from quytrinh.tenancy.middleware import SESSION_KEY

HOME = "inbox:list"


@require_safe
def greeting(request: HttpRequest) -> HttpResponse:
    """Show a stranger what this is, and in a demo whom to enter as; others go to their work."""
    if request.person:
        return redirect(HOME)
    context = {"agencies_of_demo": demo_agencies(request.get_host())}
    return render(request, "accounts/greeting.html", context)


@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """Log in by name and password."""
    target = request.POST.get("next", request.GET.get("next", ""))
    if request.method != "POST":
        return render(request, "accounts/login.html", {"next": target})
    username = request.POST.get("username", "").strip()
    try:
        user = user_of_password(
            request, username=username, password=request.POST.get("password", "")
        )
    except TooManyFailures:
        problem = _("Đăng nhập sai quá nhiều lần. Hãy thử lại sau 15 phút.")
        return _login_refused(request, target, username, problem, status=429)
    if user is None:
        # One answer for an unknown name and for a wrong password: neither is confirmed.
        problem = _("Tên đăng nhập hoặc mật khẩu không đúng.")
        return _login_refused(request, target, username, problem, status=422)
    login(request, user)
    return HttpResponseRedirect(_safe(request, target))


def _login_refused(
    request: HttpRequest, target: str, username: str, problem: str, *, status: int
) -> HttpResponse:
    context = {"next": target, "username": username, "problem": problem}
    return render(request, "accounts/login.html", context, status=status)


@require_POST
def enter_demo(request: HttpRequest) -> HttpResponse:
    """Work as a person of a demo agency."""
    found = demo_user(
        host=request.get_host(),
        slug=request.POST.get("agency", ""),
        username=request.POST.get("username", ""),
    )
    if found is None:
        raise Http404
    user, tenant = found
    login(request, user)
    request.session[SESSION_KEY] = tenant.pk
    return redirect(HOME)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    logout(request)
    return redirect("accounts:greeting")


@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Work for another of one's agencies."""
    wanted = request.POST.get("agency")
    for tenant in request.tenants:
        if tenant.slug == wanted:
            request.session[SESSION_KEY] = tenant.pk
            return redirect(HOME)
    raise Http404


def _safe(request: HttpRequest, target: str) -> str:
    """Return where to go after login: a path of this site, whatever was asked for."""
    if target.startswith("/") and url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        return target
    return reverse(HOME)

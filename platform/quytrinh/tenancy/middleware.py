"""The agency of a request: host, then membership, then the one chosen in the session."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers

from quytrinh.tenancy.context import reading, tenant_context
from quytrinh.tenancy.models import Tenant
from quytrinh.tenancy.selectors import tenants_of_user

SESSION_KEY = "tenant_id"
FORM_FIELD = "_agency"
AGENCY_HEADER = "X-Agency"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

GetResponse = Callable[[HttpRequest], HttpResponse]


class TenantMiddleware:
    """Sets request.tenant and request.tenants, and works in that agency's context.

    GET and HEAD run in one transaction; every write is an action that opens its own.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.tenants = _tenants(request)
        request.tenant = _chosen(request)
        with tenant_context(request.tenant.pk if request.tenant else None):
            response = self._answer(request)
        if request.tenant and not response.has_header("Cache-Control"):
            add_never_cache_headers(response)  # no browser shows it after the logout
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        if request.method not in SAFE_METHODS:
            return self._write(request)
        with reading(), transaction.atomic():
            return self.get_response(request)

    def _write(self, request: HttpRequest) -> HttpResponse:
        if _drawn_for_another_agency(request):
            return render(request, "409_agency.html", status=409)
        return self.get_response(request)


def _tenants(request: HttpRequest) -> list[Tenant]:
    if not request.user.is_authenticated:
        return []
    return tenants_of_user(request.user, request.get_host())


def _chosen(request: HttpRequest) -> Tenant | None:
    """Return the agency named by the API's header, else by the session, else the first."""
    named = request.headers.get(AGENCY_HEADER)
    if named:
        return next((tenant for tenant in request.tenants if tenant.slug == named), None)
    chosen = request.session.get(SESSION_KEY)
    for tenant in request.tenants:
        if tenant.pk == chosen:
            return tenant
    return request.tenants[0] if request.tenants else None


def _drawn_for_another_agency(request: HttpRequest) -> bool:
    """Tell whether a form was drawn while another agency was at work (another tab switched)."""
    drawn_for = request.POST.get(FORM_FIELD)
    if drawn_for is None or not request.user.is_authenticated:
        return False  # whoever was logged out meanwhile is sent to the login by the view
    return request.tenant is None or drawn_for != request.tenant.slug

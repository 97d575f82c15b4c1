"""All addresses. Pages are Vietnamese words without diacritics; the API is under /api/."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("", include("quytrinh.accounts.urls")),
    path("", include("quytrinh.inbox.urls")),
    path("tai-lieu/", include("quytrinh.documents.urls")),
    path("quy-trinh/", include("quytrinh.studio.urls")),
    path("quan-tri/", include("quytrinh.administration.urls")),
    path("api/v1/", include("quytrinh.api.urls")),
]

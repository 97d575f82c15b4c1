"""Addresses of the studio."""

from __future__ import annotations

from django.urls import path

from quytrinh.studio import views

app_name = "studio"
urlpatterns = [
    path("", views.flows, name="list"),
    path("ban-nhap/", views.new_draft, name="new-draft"),
    path("ban-nhap/<uuid:version_id>/", views.draft, name="draft"),
    path("ban-nhap/<uuid:version_id>/ban-hanh/", views.promulgate, name="promulgate"),
    path("<slug:key>/", views.flow, name="flow"),
    path("<slug:key>/<int:number>/", views.flow, name="version"),
]

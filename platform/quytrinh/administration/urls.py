"""Addresses of the administration."""

from __future__ import annotations

from django.urls import path

from quytrinh.administration import views

app_name = "administration"
urlpatterns = [
    path("", views.units, name="units"),
    path("chuc-vu/", views.positions, name="positions"),
    path("chuyen-ho-so/", views.migrations, name="migrations"),
    path("lich/", views.calendar, name="calendar"),
    path("viec-cua-may/", views.machine, name="machine"),
    path("viec-cua-may/<uuid:work_id>/", views.retry, name="retry"),
    path("nguoi/", views.people, name="people"),
]

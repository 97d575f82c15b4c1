"""Addresses of the accounts room."""

from __future__ import annotations

from django.urls import path
from django.views.i18n import set_language

from quytrinh.accounts import views

app_name = "accounts"
urlpatterns = [
    path("", views.greeting, name="greeting"),
    path("dang-nhap/", views.sign_in, name="login"),
    path("dang-nhap/trinh-dien/", views.enter_demo, name="demo"),
    path("dang-xuat/", views.sign_out, name="logout"),
    path("doi-co-quan/", views.switch, name="switch"),
    path("ngon-ngu/", set_language, name="language"),
]

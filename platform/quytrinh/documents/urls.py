"""Addresses of files."""

from __future__ import annotations

from django.urls import path

from quytrinh.documents import views

app_name = "documents"
urlpatterns = [
    path("<uuid:file_id>/trang/<int:number>.webp", views.page_image, name="page"),
    path("<uuid:file_id>/trang/<int:number>.txt", views.page_text, name="text"),
    path("<uuid:file_id>/tai-ve/", views.download, name="download"),
]

"""Addresses of the studio."""

from __future__ import annotations

from django.urls import path

from quytrinh.studio import drafts, editor, library, migrations_page, views

app_name = "studio"
urlpatterns = [
    path("", views.flows, name="list"),
    path("ban-nhap/", drafts.new_draft, name="new-draft"),
    path("ban-nhap/moi/", editor.begin, name="begin"),
    path("ban-nhap/<uuid:version_id>/", drafts.draft, name="draft"),
    path("ban-nhap/<uuid:version_id>/soan/", editor.editor, name="editor"),
    path("ban-nhap/<uuid:version_id>/trinh/", drafts.submit, name="submit"),
    path("ban-nhap/<uuid:version_id>/tra-lai/", drafts.return_draft, name="return"),
    path("ban-nhap/<uuid:version_id>/xoa/", drafts.delete, name="delete"),
    path("ban-nhap/<uuid:version_id>/ban-hanh/", drafts.promulgate, name="promulgate"),
    path("can-cu/", views.law, name="law"),
    path("chuyen-ho-so/<uuid:migration_id>/", migrations_page.migration, name="migration"),
    path("chuyen-ho-so/<uuid:migration_id>/hoan-tac/", migrations_page.undo, name="undo"),
    path("thu-vien/", library.library, name="library"),
    path("thu-vien/<slug:library_key>/", library.entry, name="library-flow"),
    path("<slug:key>/", views.flow, name="flow"),
    path("<slug:key>/<int:number>/", views.flow, name="version"),
    path(
        "<slug:key>/<int:number>/chuyen-ho-so/", migrations_page.prepare, name="prepare-migration"
    ),
]

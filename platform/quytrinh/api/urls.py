"""Addresses of the API, version 1."""

from __future__ import annotations

from django.urls import path
from drf_spectacular.views import SpectacularAPIView
from knox.auth import TokenAuthentication
from knox.views import LogoutView

from quytrinh.api import edits, migrations, organization_views, procedures, verbs, views

app_name = "api"
urlpatterns = [
    path("schema", SpectacularAPIView.as_view(), name="schema"),
    path("login", views.LoginView.as_view(), name="login"),
    # It deletes the token it was asked with, so a session is not enough.
    path(
        "logout",
        LogoutView.as_view(authentication_classes=(TokenAuthentication,)),
        name="logout",
    ),
    path("inbox", views.InboxView.as_view(), name="inbox"),
    path("flows", views.FlowsView.as_view(), name="flows"),
    path("procedures", procedures.ProceduresView.as_view(), name="procedures"),
    path("procedures/check", procedures.CheckView.as_view(), name="check"),
    path("procedures/<slug:key>", procedures.ProcedureView.as_view(), name="procedure"),
    path(
        "procedures/<slug:key>/<int:number>/dry-run",
        migrations.DryRunView.as_view(),
        name="dry-run",
    ),
    path(
        "procedures/<slug:key>/<int:number>/migrations",
        migrations.MigrationsView.as_view(),
        name="migrations",
    ),
    path("migrations/<uuid:migration_id>", migrations.MigrationView.as_view(), name="migration"),
    path("migrations/<uuid:migration_id>/undo", migrations.UndoView.as_view(), name="undo"),
    path(
        "procedures/<slug:key>/<int:number>/<slug:shape>",
        procedures.VersionView.as_view(),
        name="version",
    ),
    path("drafts", procedures.DraftsView.as_view(), name="drafts"),
    path("drafts/<uuid:version_id>", procedures.DraftView.as_view(), name="draft"),
    path("drafts/<uuid:version_id>/changes", procedures.ChangesView.as_view(), name="changes"),
    path("drafts/<uuid:version_id>/edits", edits.EditsView.as_view(), name="edits"),
    path("drafts/<uuid:version_id>/undo", edits.UndoView.as_view(), name="undo"),
    path("drafts/<uuid:version_id>/redo", edits.RedoView.as_view(), name="redo"),
    path("drafts/<uuid:version_id>/submit", procedures.SubmitView.as_view(), name="submit"),
    path("drafts/<uuid:version_id>/return", procedures.ReturnView.as_view(), name="return"),
    path(
        "drafts/<uuid:version_id>/promulgate",
        procedures.PromulgateView.as_view(),
        name="promulgate",
    ),
    path("cases", views.CasesView.as_view(), name="cases"),
    path("cases/<uuid:case_id>", views.CaseView.as_view(), name="case"),
    path("absences", organization_views.AbsencesView.as_view(), name="absences"),
    path("absences/<uuid:absence_id>", organization_views.AbsenceView.as_view(), name="absence"),
    path("delegations", organization_views.DelegationsView.as_view(), name="delegations"),
    path(
        "delegations/<uuid:delegation_id>",
        organization_views.DelegationView.as_view(),
        name="delegation",
    ),
    path("calendars/<int:year>", organization_views.CalendarView.as_view(), name="calendar"),
    path("cases/<uuid:case_id>/recall", views.RecallView.as_view(), name="recall"),
    path(
        "cases/<uuid:case_id>/shipments/<uuid:message_id>/ask-back",
        views.AskBackView.as_view(),
        name="ask-back",
    ),
    path("files/<uuid:file_id>", views.FileView.as_view(), name="file"),
    path("tasks/<uuid:task_id>/verbs/<slug:verb>", verbs.TaskVerbView.as_view(), name="task-verb"),
    path(
        "cases/<uuid:case_id>/verbs/<slug:case_verb>",
        verbs.CaseVerbView.as_view(),
        name="case-verb",
    ),
    path("tasks/<uuid:task_id>", views.TaskView.as_view(), name="task"),
    path("tasks/<uuid:task_id>/<slug:action>", views.PerformView.as_view(), name="perform"),
]

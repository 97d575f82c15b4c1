"""Addresses of work: the inbox, a task, a case, the start of a case."""

from __future__ import annotations

from django.urls import path

from quytrinh.inbox import absence_views, verb_views, views

app_name = "inbox"
urlpatterns = [
    path("viec/", views.inbox, name="list"),
    path("viec/<uuid:task_id>/", views.task, name="task"),
    path("viec/<uuid:task_id>/<slug:action>/", views.perform, name="perform"),
    path("viec/<uuid:task_id>/thao-tac/<slug:verb>/", verb_views.use_on_task, name="verb"),
    path(
        "ho-so/<uuid:case_id>/thao-tac/<slug:case_verb>/", verb_views.use_on_case, name="case-verb"
    ),
    path("ho-so/", views.cases, name="cases"),
    path("ho-so/moi/", views.start_list, name="start-list"),
    path("ho-so/moi/<slug:flow_key>/", views.start, name="start"),
    path("ho-so/<uuid:case_id>/", views.case, name="case"),
    path("ho-so/<uuid:case_id>/thu-hoi/", views.recall, name="recall"),
    path("ho-so/<uuid:case_id>/lay-lai/<uuid:message_id>/", views.ask_back, name="ask-back"),
    path("lien-thong/", views.exchange, name="exchange"),
    path("lien-thong/canh-bao/<uuid:alarm_id>/", views.see_alarm, name="see-alarm"),
    path("vang-mat/", absence_views.overview, name="absences"),
    path("vang-mat/moi/", absence_views.record_absence, name="record-absence"),
    path("vang-mat/<uuid:absence_id>/xong/", absence_views.end_absence, name="end-absence"),
    path("uy-quyen/moi/", absence_views.delegate, name="delegate"),
    path(
        "uy-quyen/<uuid:delegation_id>/xong/",
        absence_views.end_delegation,
        name="end-delegation",
    ),
    path("so-van-ban/den/", views.register_in, name="register-in"),
    path("so-van-ban/di/", views.register_out, name="register-out"),
]

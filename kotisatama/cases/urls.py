"""Addresses of cases, under /desk/cases/."""

from django.urls import path

from kotisatama.cases import assign_views, transfer_views, views, worklist_views

app_name = "cases"
urlpatterns = [
    path("open/<uuid:person_pk>/", views.open_case, name="open"),
    path("<uuid:pk>/close/", views.close_case, name="close"),
    path("", worklist_views.worklist, name="list"),
    path("export/", worklist_views.export, name="export"),
    path("assign/", assign_views.assign, name="assign"),
    path("assigned/<uuid:batch>/", assign_views.assigned, name="assigned"),
    path("assigned/<uuid:batch>/undo/", assign_views.assign_back, name="assign_back"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/change/", views.change, name="change"),
    path("<uuid:pk>/reopen/", views.reopen, name="reopen"),
    path("<uuid:pk>/transfer/", transfer_views.propose, name="transfer"),
    path("transfers/<uuid:pk>/accept/", transfer_views.accept, name="accept"),
    path("transfers/<uuid:pk>/reject/", transfer_views.reject, name="reject"),
    path("transfers/<uuid:pk>/withdraw/", transfer_views.withdraw, name="withdraw"),
]

"""Addresses of cases, under /desk/cases/."""

from django.urls import path

from kotisatama.cases import views

app_name = "cases"
urlpatterns = [
    path("open/<uuid:person_pk>/", views.open_case, name="open"),
    path("<uuid:pk>/close/", views.close_case, name="close"),
]

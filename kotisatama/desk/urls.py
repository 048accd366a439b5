"""Addresses of the workers' combined screens."""

from django.urls import include, path

from kotisatama.desk import views

urlpatterns = [
    path("", include(([path("", views.today, name="today")], "desk"))),
    path("cases/", include("kotisatama.cases.urls")),
]

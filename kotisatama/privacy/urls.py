"""Addresses of the data protection officer's pages, under /desk/privacy/."""

from django.urls import path

from kotisatama.privacy import views

app_name = "privacy"
urlpatterns = [
    path("", views.retention, name="retention"),
    path("periods/", views.change_period, name="change_period"),
    path("holds/<uuid:pk>/release/", views.release, name="release"),
]

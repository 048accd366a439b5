"""Addresses of the newcomer's screens, each under a language."""

from django.urls import path

from kotisatama.portal import views

app_name = "portal"
urlpatterns = [path("", views.start, name="start")]

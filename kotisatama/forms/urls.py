"""Addresses under /desk/forms/."""

from django.urls import include, path

urlpatterns = [
    path("", include("kotisatama.forms.building_urls")),
]

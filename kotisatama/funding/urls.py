"""Addresses under /desk/funding/."""

from django.urls import path

from kotisatama.funding import views

app_name = "funding"
urlpatterns = [
    path("", views.start, name="start"),
]

"""Addresses under /desk/forms/devices/."""

from django.urls import path

from kotisatama.api import device_views

app_name = "devices"
urlpatterns = [
    path("", device_views.every, name="list"),
    path("new/", device_views.new, name="new"),
    path("<int:pk>/end/", device_views.end, name="end"),
]

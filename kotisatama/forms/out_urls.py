"""Addresses under /desk/forms/ for what leaves the service, and what ends."""

from django.urls import path

from kotisatama.forms import out_views

urlpatterns = [
    path("<slug:code>/export/", out_views.export, name="export"),
    path("<slug:code>/clocks/", out_views.clocks, name="clocks"),
]

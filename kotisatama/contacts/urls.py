"""Addresses of the app."""

from django.urls import URLPattern

app_name = "contacts"
urlpatterns: list[URLPattern] = []

"""Addresses of persons, under /desk/people/."""

from django.urls import path

from kotisatama.people import protection_views, views

app_name = "people"
urlpatterns = [
    path("", views.search, name="search"),
    path("new/", views.new, name="new"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/edit/", views.edit, name="edit"),
    path("<uuid:pk>/identity-code/", views.identity_code, name="identity_code"),
    path("non-disclosure/", protection_views.ending, name="protections"),
    path("<uuid:pk>/non-disclosure/new/", protection_views.protect, name="protect"),
    path("<uuid:pk>/non-disclosure/renew/", protection_views.renew, name="renew_protection"),
    path("<uuid:pk>/non-disclosure/end/", protection_views.end, name="end_protection"),
    path("<uuid:pk>/non-disclosure/details/", protection_views.protected, name="protected"),
    path("<uuid:pk>/non-disclosure/details/change/", protection_views.change, name="change_protected"),
]

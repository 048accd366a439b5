"""Addresses of contacts, under /desk/contacts/."""

from django.urls import path

from kotisatama.contacts import views

app_name = "contacts"
urlpatterns = [
    path("", views.contacts, name="list"),
    path("new/", views.new, name="new"),
    path("new/people/", views.found, name="found"),
    path("new/home/", views.home, name="home"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/edit/", views.edit, name="edit"),
    path("<uuid:pk>/tie/", views.tie, name="tie"),
    path("<uuid:pk>/undo/", views.undo, name="undo"),
    path("<uuid:pk>/untie/", views.untie, name="untie"),
]

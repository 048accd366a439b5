"""Addresses of translators, under /desk/forms/; `translations/` stands before the form of that name."""

from django.urls import path

from kotisatama.forms import translating_views as views

_version = "<slug:code>/versions/<str:number>/texts/"

urlpatterns = [
    path("translations/", views.forms, name="translations"),
    path(_version, views.languages, name="languages"),
    path(f"{_version}begin/", views.begin, name="begin_texts"),
    path(f"{_version}<str:language>/", views.texts, name="texts"),
    path(f"{_version}<str:language>/import/", views.import_texts, name="import_texts"),
    path(f"{_version}<str:language>/accept/", views.accept_texts, name="accept_texts"),
    path(f"{_version}<str:language>/file.<str:kind>", views.export_texts, name="export_texts"),
]

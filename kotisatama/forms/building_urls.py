"""Addresses of the builder, under the version that it changes."""

from django.urls import path

from kotisatama.forms import building_views as views

app_name = "building"
HERE = "<slug:code>/versions/<str:number>/build/"
urlpatterns = [
    path(HERE, views.form, name="form"),
    path(f"{HERE}question/", views.question, name="question"),
    path(f"{HERE}step/", views.step, name="step"),
    path(f"{HERE}settings/", views.settings, name="settings"),
    path(f"{HERE}lists/", views.choice_list, name="new-list"),
    path(f"{HERE}lists/<path:name>/", views.choice_list, name="list"),
]

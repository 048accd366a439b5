"""Addresses of persons, under /desk/people/."""

from django.urls import path

from kotisatama.people import merging_views, views

app_name = "people"
urlpatterns = [
    path("", views.search, name="search"),
    path("new/", views.new, name="new"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/edit/", views.edit, name="edit"),
    path("<uuid:pk>/identity-code/", views.identity_code, name="identity_code"),
    path("duplicates/", merging_views.pairs, name="duplicates"),
    path("duplicates/<uuid:pk>/apart/", merging_views.apart, name="tell_apart"),
    path("<uuid:pk>/same-as/", merging_views.choose, name="choose_other"),
    path("<uuid:pk>/same-as/<uuid:other>/", merging_views.merge, name="merge"),
    path("merges/<uuid:pk>/undo/", merging_views.undo, name="undo_merge"),
]

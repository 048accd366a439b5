"""Addresses of persons, under /desk/people/."""

from django.urls import path

from kotisatama.people import import_views, views

app_name = "people"
urlpatterns = [
    path("", views.search, name="search"),
    path("new/", views.new, name="new"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/edit/", views.edit, name="edit"),
    path("<uuid:pk>/identity-code/", views.identity_code, name="identity_code"),
    path("import/", import_views.imports, name="imports"),
    path("import/<uuid:pk>/", import_views.detail, name="import"),
    path("import/<uuid:pk>/columns/", import_views.columns, name="import_columns"),
    path("import/<uuid:pk>/progress/", import_views.progress, name="import_progress"),
    path("import/<uuid:pk>/start/", import_views.start, name="import_start"),
    path("import/<uuid:pk>/drop/", import_views.drop, name="import_drop"),
    path("import/<uuid:pk>/mapping.yaml", import_views.mapping_file, name="import_mapping"),
    path("import/<uuid:pk>/left-out.csv", import_views.refused, name="import_refused"),
    path("import/<uuid:pk>/rows/<int:number>/", import_views.decide, name="import_row"),
    path("import/<uuid:pk>/rows/<int:number>/compare/", import_views.compare, name="import_compare"),
]

"""Addresses of the figures."""

from django.urls import path

from kotisatama.reports import form_views, views

app_name = "reports"
urlpatterns = [
    path("", views.yearly, name="yearly"),
    path("rows/", views.rows, name="rows"),
    path("<int:year>/export.<str:form>", views.export, name="export"),
    path("forms/", form_views.listed, name="forms"),
    path("forms/<slug:code>/", form_views.figures, name="form"),
    path("forms/<slug:code>/<int:year>.csv", form_views.export, name="form_export"),
]

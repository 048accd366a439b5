"""Addresses of the figures."""

from django.urls import path

from kotisatama.reports import views

app_name = "reports"
urlpatterns = [
    path("", views.yearly, name="yearly"),
    path("rows/", views.rows, name="rows"),
    path("<int:year>/export.<str:form>", views.export, name="export"),
]

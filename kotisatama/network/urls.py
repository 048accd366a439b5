"""Addresses under /desk/region/."""

from django.urls import path

from kotisatama.network import views

app_name = "network"
urlpatterns = [
    path("", views.region, name="region"),
    path("points/<int:pk>/", views.service_point, name="service-point"),
    path("points/<int:pk>/hours/", views.new_hours, name="new-hours"),
    path("hours/<int:pk>/end/", views.end_hours, name="end-hours"),
    path("mandates/new/", views.new_mandate, name="new-mandate"),
    path("mandates/<int:pk>/end/", views.end_mandate, name="end-mandate"),
]

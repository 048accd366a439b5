"""Addresses under /desk/staff/."""

from django.urls import path

from kotisatama.staff import views

app_name = "staff"
urlpatterns = [
    path("", views.workers, name="workers"),
    path("new/", views.new_worker, name="new-worker"),
    path("<int:pk>/", views.worker, name="worker"),
    path("<int:pk>/send-link/", views.send_link, name="send-link"),
    path("<int:pk>/remove-second-factor/", views.remove_second_factors, name="remove-second-factors"),
    path("profile/", views.profile, name="profile"),
]

"""Addresses of the app."""

from django.urls import path

from kotisatama.messages import views

app_name = "messages"
urlpatterns = [
    path("", views.outbox, name="outbox"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/again/", views.try_again, name="try_again"),
]

"""Addresses of the app."""

from django.urls import path

from kotisatama.documents import views

app_name = "documents"
urlpatterns = [path("<uuid:pk>/", views.content, name="content")]

"""Addresses of the workers' combined screens."""

from django.urls import path

from kotisatama.desk import views

app_name = "desk"
urlpatterns = [path("", views.today, name="today")]

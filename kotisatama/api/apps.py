"""App configuration."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "kotisatama.api"
    label = "api"

"""App configuration."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "kotisatama.web"
    label = "web"

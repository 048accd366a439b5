"""App configuration."""

from django.apps import AppConfig


class FormsConfig(AppConfig):
    name = "kotisatama.forms"
    label = "forms"

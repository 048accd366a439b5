"""App configuration."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "kotisatama.cases"
    label = "cases"

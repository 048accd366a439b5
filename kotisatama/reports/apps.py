"""App configuration."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "kotisatama.reports"
    label = "reports"

"""App configuration."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    name = "kotisatama.staff"
    label = "staff"

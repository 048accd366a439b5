"""App configuration."""

from django.apps import AppConfig


class FormsConfig(AppConfig):
    name = "kotisatama.forms"
    label = "forms"

    def ready(self) -> None:
        """Declare the personal data of this app."""
        from kotisatama.forms import personal_data

        personal_data.declare()

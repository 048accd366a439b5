"""App configuration."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "kotisatama.intake"
    label = "intake"

    def ready(self) -> None:
        """Declare the personal data of this app."""
        from kotisatama.intake import personal_data

        personal_data.declare()

"""App configuration."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "kotisatama.people"
    label = "people"

    def ready(self) -> None:
        """Declare the personal data of this app."""
        from kotisatama.people import personal_data

        personal_data.declare()

"""App configuration."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "kotisatama.privacy"
    label = "privacy"

    def ready(self) -> None:
        """Declare what this app holds, and on behalf of the apps below it, which cannot know it."""
        from kotisatama.privacy import personal_data

        personal_data.declare()

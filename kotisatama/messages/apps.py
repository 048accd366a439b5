"""App configuration."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "kotisatama.messages"
    label = "kotisatama_messages"  # Django itself has an app with the label "messages"

    def ready(self) -> None:
        """Declare the personal data of this app."""
        from kotisatama.messages import personal_data

        personal_data.declare()

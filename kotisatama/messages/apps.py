"""App configuration."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "kotisatama.messages"
    label = "kotisatama_messages"  # Django itself has an app with the label "messages"

    def ready(self) -> None:
        """Show messages on the person's page, follow merges; declare the personal data of this app."""
        from kotisatama.messages import panels, personal_data
        from kotisatama.messages.models import Message
        from kotisatama.people import registry

        personal_data.declare()
        registry.add_events("messages", panels.events)
        registry.add_mover(registry.mover_of_rows("messages", Message))

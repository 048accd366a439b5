"""App configuration."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "kotisatama.messages"
    label = "kotisatama_messages"  # Django itself has an app with the label "messages"

    def ready(self) -> None:
        """Show messages on the person's page."""
        from kotisatama.messages import panels
        from kotisatama.people import registry

        registry.add_events("messages", panels.events)

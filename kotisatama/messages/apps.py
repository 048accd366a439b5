"""App configuration."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "kotisatama.messages"
    label = "kotisatama_messages"  # Django itself has an app with the label "messages"

    def ready(self) -> None:
        """Let messages follow a person who is merged."""
        from kotisatama.messages.models import Message
        from kotisatama.people import registry

        registry.add_mover(registry.mover_of_rows("messages", Message))

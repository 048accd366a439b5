"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagesConfig(AppConfig):
    name = "kotisatama.messages"
    label = "kotisatama_messages"  # Django itself has an app with the label "messages"

    def ready(self) -> None:
        """Show messages on the person's page, follow merges, hide what must be hidden; the personal data."""
        from kotisatama.messages import concealing, panels, personal_data
        from kotisatama.messages.models import Message
        from kotisatama.people import registry

        personal_data.declare()
        registry.add_events("messages", panels.events)
        registry.add_mover(registry.mover_of_rows("messages", Message))
        registry.add_concealer(concealing.MESSAGES, concealing.conceal, concealing.reveal, title=_("Messages"))

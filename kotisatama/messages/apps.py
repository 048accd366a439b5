"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessagesConfig(AppConfig):
    name = "kotisatama.messages"
    label = "kotisatama_messages"  # Django itself has an app with the label "messages"

    def ready(self) -> None:
        """Hide the messages of a protected person."""
        from kotisatama.messages import concealing
        from kotisatama.people import registry

        registry.add_concealer(concealing.MESSAGES, concealing.conceal, concealing.reveal, title=_("Messages"))

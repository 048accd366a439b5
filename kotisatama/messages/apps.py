"""App configuration."""

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "kotisatama.messages"
    label = "kotisatama_messages"  # Django itself has an app with the label "messages"

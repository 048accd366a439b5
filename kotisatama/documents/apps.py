"""App configuration."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "kotisatama.documents"
    label = "documents"

    def ready(self) -> None:
        """Declare the personal data of this app."""
        from kotisatama.documents import personal_data

        personal_data.declare()

"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    name = "kotisatama.intake"
    label = "intake"

    def ready(self) -> None:
        """Let a submission that was taken open its client, and keep files of clients who do not open."""
        from kotisatama.documents import registry as documents
        from kotisatama.intake import access, relations
        from kotisatama.people import registry

        documents.add_gate("submission", access.require_file)
        registry.add_relation("submission", _("Submission that the worker handles"), relations.taken)

"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    name = "kotisatama.intake"
    label = "intake"

    def ready(self) -> None:
        """Let a submission that was taken open its client, keep the files of others closed; fill the registries."""
        from kotisatama.documents import registry as documents
        from kotisatama.intake import access, panels, personal_data, queries, relations
        from kotisatama.intake.models import Item
        from kotisatama.people import registry

        documents.add_gate("submission", access.require_file)
        registry.add_relation("submission", _("Submission that the worker handles"), relations.taken)
        personal_data.declare()
        registry.add_events("intake", panels.events)
        registry.add_due("intake", panels.due)
        registry.add_reference("submissions", queries.people_by_reference)
        registry.add_mover(registry.mover_of_rows("intake", Item))

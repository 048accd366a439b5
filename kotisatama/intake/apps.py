"""App configuration."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "kotisatama.intake"
    label = "intake"

    def ready(self) -> None:
        """Let the search of clients know the references that people read from their receipts; follow merges."""
        from kotisatama.intake import queries
        from kotisatama.intake.models import Item
        from kotisatama.people import registry

        registry.add_reference("submissions", queries.people_by_reference)
        registry.add_mover(registry.mover_of_rows("intake", Item))

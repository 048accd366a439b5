"""App configuration."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "kotisatama.intake"
    label = "intake"

    def ready(self) -> None:
        """Show submissions on the person's page."""
        from kotisatama.intake import panels
        from kotisatama.people import registry

        registry.add_events("intake", panels.events)
        registry.add_due("intake", panels.due)

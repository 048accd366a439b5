"""App configuration."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "kotisatama.cases"
    label = "cases"

    def ready(self) -> None:
        """Show cases on the person\'s page; declare the personal data of this app."""
        from kotisatama.cases import panels, personal_data
        from kotisatama.people import registry

        registry.add_panel(registry.Panel("cases", "cases/parts/panel.html", panels.panel))
        registry.add_events("cases", panels.events)
        personal_data.declare()

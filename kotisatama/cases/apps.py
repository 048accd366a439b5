"""App configuration."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "kotisatama.cases"
    label = "cases"

    def ready(self) -> None:
        """Show cases on the person's page."""
        from kotisatama.cases import panels, rules
        from kotisatama.cases.models import Case
        from kotisatama.people import registry

        registry.add_panel(registry.Panel("cases", "cases/parts/panel.html", panels.panel))
        registry.add_events("cases", panels.events)
        registry.add_mover(registry.mover_of_rows("cases", Case, objections=rules.objections_to_merging))

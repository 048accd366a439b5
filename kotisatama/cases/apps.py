"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "kotisatama.cases"
    label = "cases"

    def ready(self) -> None:
        """Show cases on the person's page, and let them open it."""
        from kotisatama.cases import panels, relations
        from kotisatama.people import registry

        registry.add_panel(registry.Panel("cases", "cases/parts/panel.html", panels.panel))
        registry.add_events("cases", panels.events)
        registry.add_relation("own_case", _("Own case"), relations.own)
        registry.add_relation("team_case", _("Case of the own team"), relations.of_team)
        registry.add_shared("cases", panels.shared_events, scope="case")

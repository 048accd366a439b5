"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "kotisatama.cases"
    label = "cases"

    def ready(self) -> None:
        """Show cases on the person's page, let them open it, follow merges; declare the personal data."""
        from kotisatama.cases import access, panels, personal_data, relations, rules
        from kotisatama.cases.models import Case
        from kotisatama.people import registry

        registry.add_panel(registry.Panel("cases", "cases/parts/panel.html", panels.panel, position=20))
        registry.add_events("cases", panels.events)
        personal_data.declare()
        registry.add_relation("own_case", _("Own case"), relations.own)
        registry.add_relation("team_case", _("Case of the own team"), relations.of_team)
        registry.add_relation("case_transfer", _("Transfer or last days of a case"), access.related_cases)
        registry.add_supporters("cases", panels.supporters)
        registry.add_mover(registry.mover_of_rows("cases", Case, objections=rules.objections_to_merging))
        registry.add_shared("cases", panels.shared_events, scope="case")

"""App configuration."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "kotisatama.people"
    label = "people"

    def ready(self) -> None:
        """Declare the personal data of this app; show a client's rights on the person's page."""
        from kotisatama.people import panels, personal_data, registry

        personal_data.declare()
        registry.add_panel(registry.Panel("rights", "people/parts/rights_panel.html", panels.rights))

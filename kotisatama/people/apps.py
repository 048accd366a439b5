"""App configuration."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "kotisatama.people"
    label = "people"

    def ready(self) -> None:
        """Show a non-disclosure on the person's page; it covers whoever is reached at the same number or address."""
        from kotisatama.people import protection_panel, registry, sharing

        registry.add_panel(registry.Panel("protection", "people/parts/protection.html", protection_panel.panel))
        registry.add_sharers("people_channel", sharing.by_channel)

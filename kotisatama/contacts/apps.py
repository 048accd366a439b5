"""App configuration."""

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "kotisatama.contacts"
    label = "contacts"

    def ready(self) -> None:
        """Show contacts on the person's page, tell cases when a client was met last, declare the personal data."""
        from kotisatama.cases import registry as cases
        from kotisatama.contacts import panels, personal_data, queries
        from kotisatama.people import registry

        registry.add_panel(registry.Panel("contacts", "contacts/parts/panel.html", panels.panel))
        registry.add_events("contacts", panels.events)
        cases.add_last_contact("contacts", queries.last_day_with)
        personal_data.declare()

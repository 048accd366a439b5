"""App configuration."""

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "kotisatama.contacts"
    label = "contacts"

    def ready(self) -> None:
        """Show contacts on the person\'s page; declare the personal data of this app."""
        from kotisatama.contacts import panels, personal_data
        from kotisatama.people import registry

        registry.add_panel(registry.Panel("contacts", "contacts/parts/panel.html", panels.panel))
        registry.add_events("contacts", panels.events)
        personal_data.declare()

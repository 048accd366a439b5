"""App configuration."""

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "kotisatama.contacts"
    label = "contacts"

    def ready(self) -> None:
        """Show contacts on the person's page."""
        from kotisatama.contacts import panels
        from kotisatama.people import registry

        registry.add_panel(registry.Panel("contacts", "contacts/parts/panel.html", panels.panel))
        registry.add_events("contacts", panels.events)
        registry.add_due("contacts", panels.due)
        registry.add_supporters("contacts", panels.supporters)

"""App configuration."""

from django.apps import AppConfig


class ContactsConfig(AppConfig):
    name = "kotisatama.contacts"
    label = "contacts"

    def ready(self) -> None:
        """Show contacts on the person's page; let them follow a person who is merged."""
        from kotisatama.contacts import panels
        from kotisatama.contacts.models import Contact
        from kotisatama.people import registry

        registry.add_panel(registry.Panel("contacts", "contacts/parts/panel.html", panels.panel))
        registry.add_events("contacts", panels.events)
        registry.add_mover(registry.mover_of_rows("contacts", Contact))

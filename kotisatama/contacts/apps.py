"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactsConfig(AppConfig):
    name = "kotisatama.contacts"
    label = "contacts"

    def ready(self) -> None:
        """Show contacts on the person's page, and hide in them what a non-disclosure hides."""
        from kotisatama.contacts import concealing, panels
        from kotisatama.people import registry

        registry.add_panel(registry.Panel("contacts", "contacts/parts/panel.html", panels.panel))
        registry.add_events("contacts", panels.events)
        registry.add_concealer(concealing.CONTACTS, concealing.conceal, concealing.reveal, title=_("Contacts"))
        registry.add_concealer(
            concealing.CHANGES,
            concealing.conceal_changes,
            concealing.reveal_changes,
            title=_("What contacts said before"),
        )

"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactsConfig(AppConfig):
    name = "kotisatama.contacts"
    label = "contacts"

    def ready(self) -> None:
        """Show contacts on the person's page, and let them open it."""
        from kotisatama.contacts import panels, relations
        from kotisatama.people import registry

        registry.add_panel(registry.Panel("contacts", "contacts/parts/panel.html", panels.panel))
        registry.add_events("contacts", panels.events)
        registry.add_relation("met_today", _("Met on the same day"), relations.met_today)
        registry.add_relation(
            "visit_today", _("Visit at the same service point on that day"), relations.at_our_place_today
        )
        registry.add_shared("contacts", panels.shared_events, scope="contacts")

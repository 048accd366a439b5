"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactsConfig(AppConfig):
    name = "kotisatama.contacts"
    label = "contacts"

    def ready(self) -> None:
        """Show contacts on the person's page, let them open it, follow merges, tell cases; hide what must be hidden."""
        from kotisatama.cases import registry as cases
        from kotisatama.contacts import concealing, panels, personal_data, queries, relations
        from kotisatama.contacts.models import Contact
        from kotisatama.people import registry

        registry.add_panel(registry.Panel("contacts", "contacts/parts/panel.html", panels.panel, position=10))
        registry.add_events("contacts", panels.events)
        cases.add_last_contact("contacts", queries.last_day_with)
        personal_data.declare()
        registry.add_relation("met_today", _("Met on the same day"), relations.met_today)
        registry.add_relation(
            "visit_today", _("Visit at the same service point on that day"), relations.at_our_place_today
        )
        registry.add_due("contacts", panels.due)
        registry.add_supporters("contacts", panels.supporters)
        registry.add_mover(registry.mover_of_rows("contacts", Contact))
        registry.add_shared("contacts", panels.shared_events, scope="contacts")
        registry.add_concealer(concealing.CONTACTS, concealing.conceal, concealing.reveal, title=_("Contacts"))
        registry.add_concealer(
            concealing.CHANGES,
            concealing.conceal_changes,
            concealing.reveal_changes,
            title=_("What contacts said before"),
        )

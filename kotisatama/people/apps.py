"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "kotisatama.people"
    label = "people"

    def ready(self) -> None:
        """A line about a person is its own; what the register adds to the page; personal data; what must be hidden."""
        from kotisatama.audit import registry as audit
        from kotisatama.people import (
            comparing,
            page,
            panels,
            personal_data,
            protection_data,
            protection_panel,
            register_concealing,
            registry,
            sharers,
        )
        from kotisatama.people.importing import relations

        audit.add_person_of("people.person", lambda person: person.pk)
        registry.add_panel(registry.Panel("protection", "people/parts/protection.html", protection_panel.panel))
        registry.add_panel(
            registry.Panel("looks", "people/parts/looks.html", lambda _viewer, person: {"person": person})
        )
        protection_data.declare()
        personal_data.declare()
        registry.add_relation("import", _("Row of an own import that waits for a decision"), relations.undecided)
        registry.add_panel(registry.Panel("rights", "people/parts/rights_panel.html", panels.rights))
        registry.add_due("people", page.due_of_register)
        registry.add_panel(registry.Panel("merging", "people/parts/merging.html", comparing.panel))
        registry.add_sharers("people_channel", sharers.by_channel)
        register_concealing.add()

"""App configuration."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "kotisatama.people"
    label = "people"

    def ready(self) -> None:
        """A line about a person is that person's own."""
        from kotisatama.audit import registry

        registry.add_person_of("people.person", lambda person: person.pk)

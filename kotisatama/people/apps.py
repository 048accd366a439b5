"""App configuration."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "kotisatama.people"
    label = "people"

    def ready(self) -> None:
        """Show on a person's page what the register itself finds due."""
        from kotisatama.people import page, registry

        registry.add_due("people", page.due_of_register)

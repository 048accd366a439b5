"""App configuration."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "kotisatama.people"
    label = "people"

    def ready(self) -> None:
        """Show on a person's page what was merged, and the way to merge."""
        from kotisatama.people import comparing, registry

        registry.add_panel(registry.Panel("merging", "people/parts/merging.html", comparing.panel))

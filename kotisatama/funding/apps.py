"""App configuration."""

from django.apps import AppConfig


class FundingConfig(AppConfig):
    name = "kotisatama.funding"
    label = "funding"

    def ready(self) -> None:
        """Declare what is held of workers."""
        from kotisatama.funding import personal_data

        personal_data.declare()

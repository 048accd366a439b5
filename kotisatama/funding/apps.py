"""App configuration."""

from django.apps import AppConfig


class FundingConfig(AppConfig):
    name = "kotisatama.funding"
    label = "funding"

"""App configuration."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "kotisatama.config"
    label = "config"

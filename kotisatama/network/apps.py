"""App configuration."""

from django.apps import AppConfig


class NetworkConfig(AppConfig):
    name = "kotisatama.network"
    label = "network"

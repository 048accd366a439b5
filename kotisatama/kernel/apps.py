"""App configuration."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "kotisatama.kernel"
    label = "kernel"

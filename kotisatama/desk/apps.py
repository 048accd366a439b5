"""App configuration."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "kotisatama.desk"
    label = "desk"

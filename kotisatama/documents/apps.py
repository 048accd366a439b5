"""App configuration."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "kotisatama.documents"
    label = "documents"

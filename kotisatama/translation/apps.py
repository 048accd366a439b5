"""App configuration."""

from django.apps import AppConfig


class TranslationConfig(AppConfig):
    name = "kotisatama.translation"
    label = "translation"

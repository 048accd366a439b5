"""App configuration."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "kotisatama.audit"
    label = "audit"

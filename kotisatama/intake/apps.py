"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    name = "kotisatama.intake"
    label = "intake"

    def ready(self) -> None:
        """Hide what a protected person sent in."""
        from kotisatama.documents import actions as documents
        from kotisatama.forms import actions as forms
        from kotisatama.intake import concealing
        from kotisatama.people import registry

        add = registry.add_concealer
        add(concealing.ITEMS, concealing.conceal, concealing.reveal, title=_("Inbox"))
        add(documents.CONTENTS, concealing.conceal_contents, documents.reveal_content, is_listed=False)
        add(documents.DOCUMENTS, concealing.conceal_documents, documents.reveal, title=_("Files"))
        add(forms.SUBMISSIONS, concealing.conceal_answers, forms.reveal, title=_("Forms that were sent in"))

"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IntakeConfig(AppConfig):
    name = "kotisatama.intake"
    label = "intake"

    def ready(self) -> None:
        """Let a submission that was taken open its client, keep the files of others closed; fill the registries."""
        from kotisatama.documents import actions as document_actions
        from kotisatama.documents import registry as documents
        from kotisatama.forms import actions as forms
        from kotisatama.intake import (
            access,
            concealing,
            invitation_panel,
            inviting,
            panels,
            personal_data,
            proposal_reading,
            queries,
            relations,
        )
        from kotisatama.intake.models import Decision, Invitation, Item, KeptFile
        from kotisatama.people import registry

        documents.add_gate("submission", access.require_file)
        registry.add_relation("submission", _("Submission that the worker handles"), relations.taken)
        personal_data.declare()
        registry.add_events("intake", panels.events)
        registry.add_due("intake", panels.due)
        registry.add_reference("submissions", queries.people_by_reference)
        registry.add_mover(registry.mover_of_rows("intake", Item))
        registry.add_mover(registry.mover_of_rows("intake decisions", Decision))
        registry.add_mover(registry.mover_of_rows("intake relatives", Decision, "relative"))
        registry.add_mover(registry.mover_of_rows("intake files", KeptFile))
        registry.add_panel(registry.Panel("files", "intake/parts/kept_files.html", panels.kept_files))
        add, files = registry.add_concealer, document_actions
        add(concealing.ITEMS, concealing.conceal, concealing.reveal, title=_("Inbox"))
        add(files.CONTENTS, concealing.conceal_contents, files.reveal_content, is_listed=False)
        add(files.DOCUMENTS, concealing.conceal_documents, files.reveal, title=_("Files"))
        add(
            concealing.CORRECTIONS,
            concealing.conceal_corrections,
            concealing.reveal_correction,
            title=_("Corrections to forms"),
            say=concealing.say_correction,
        )
        add(
            concealing.EXPERT_QUESTIONS,
            concealing.conceal_expert_questions,
            concealing.reveal_expert_question,
            title=_("Questions to experts"),
        )
        documents.add_kept("intake", proposal_reading.kept_ids)
        title = _("Forms that were sent in")
        add(forms.SUBMISSIONS, concealing.conceal_answers, forms.reveal, title=title, say=forms.say_hidden)
        registry.add_mover(registry.mover_of_rows("intake invitations", Invitation))
        registry.add_panel(
            registry.Panel("invitations", "intake/parts/invitations.html", invitation_panel.panel, position=30)
        )
        add(inviting.INVITATIONS, inviting.conceal, inviting.reveal, is_listed=False)

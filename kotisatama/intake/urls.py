"""Addresses of the app."""

from django.urls import path

from kotisatama.intake import (
    agreement_views,
    asking_views,
    correction_views,
    helping_views,
    invitation_views,
    proposal_views,
    receipt_views,
    rule_views,
    views,
)

app_name = "intake"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("<uuid:pk>/", views.item, name="item"),
    path("<uuid:pk>/take/", views.claim, name="claim"),
    path("<uuid:pk>/put-back/", views.release, name="release"),
    path("<uuid:pk>/take-over/", views.take_over, name="take_over"),
    path("<uuid:pk>/done/", views.finish, name="finish"),
    path("<uuid:pk>/reopen/", views.reopen, name="reopen"),
    path("<uuid:pk>/compare/<uuid:person_pk>/", helping_views.compare, name="compare"),
    path("<uuid:pk>/new-client/", helping_views.make_person, name="make_person"),
    path("<uuid:pk>/contact/", helping_views.record, name="record"),
    path("<uuid:pk>/answer/email/", helping_views.answer, {"channel": "email"}, name="answer_by_email"),
    path("<uuid:pk>/answer/sms/", helping_views.answer, {"channel": "sms"}, name="answer_by_sms"),
    path("<uuid:pk>/fields/", proposal_views.propose, name="propose"),
    path("<uuid:pk>/family/", proposal_views.family, name="family"),
    path("<uuid:pk>/family/all/", proposal_views.make_members, name="make_members"),
    path("<uuid:pk>/files/", proposal_views.files, name="files"),
    path("<uuid:pk>/ask/", correction_views.ask, name="ask_correction"),
    path("<uuid:pk>/ask/<uuid:correction>/withdraw/", correction_views.withdraw, name="withdraw_correction"),
    path("<uuid:pk>/expert/", asking_views.ask, name="ask_expert"),
    path("<uuid:pk>/expert/<uuid:question>/withdraw/", asking_views.withdraw, name="withdraw_question"),
    path("questions/", asking_views.questions, name="questions"),
    path("questions/<uuid:question>/", asking_views.question, name="question"),
    path("rules/", rule_views.rules, name="rules"),
    path("rules/new/", rule_views.add_rule, name="add_rule"),
    path("rules/again/", rule_views.send_again, name="send_again"),
    path("rules/<int:rule>/", rule_views.change_rule, name="change_rule"),
    path("rules/<int:rule>/move/", rule_views.move_rule, name="move_rule"),
    path("rules/<int:rule>/remove/", rule_views.remove_rule, name="remove_rule"),
    path("<uuid:pk>/receipt.pdf", receipt_views.pdf, name="receipt_pdf"),
    path("send/<uuid:person_pk>/", invitation_views.invite, name="invite"),
    path("send/<uuid:person_pk>/<uuid:invitation>/end/", invitation_views.end, name="end_invitation"),
    path("<uuid:pk>/agreements/<uuid:agreement>/", agreement_views.agreement, name="agreement"),
]

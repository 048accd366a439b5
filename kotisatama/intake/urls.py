"""Addresses of the app."""

from django.urls import path

from kotisatama.intake import helping_views, receipt_views, views

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
    path("<uuid:pk>/receipt.pdf", receipt_views.pdf, name="receipt_pdf"),
]

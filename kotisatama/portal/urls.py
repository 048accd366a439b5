"""Addresses of the newcomer's screens, each under a language."""

from django.urls import path

from kotisatama.portal import (
    correction_views,
    form_views,
    helping_views,
    invited_views,
    later_views,
    looks_views,
    offline_views,
    preview_views,
    receipt_views,
    renewing_views,
    views,
)

app_name = "portal"
urlpatterns = [
    path("", views.start, name="start"),
    path("visit/", views.visit, name="visit"),
    path("privacy/", views.privacy, name="privacy"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("form/<slug:code>/", form_views.page, {"number": 1}, name="form"),
    path("form/<slug:code>/<int:number>/", form_views.page, name="form_page"),
    path("form/<slug:code>/check/", form_views.check, name="form_check"),
    path("form/<slug:code>/sent/<str:reference>/", form_views.receipt, name="form_receipt"),
    path("form/<slug:code>/forget/", form_views.forget, name="form_forget"),
    path("form/<slug:code>/versions/<str:number>/", preview_views.form_look, name="form_look"),
    path("looks/", looks_views.page, name="looks"),
    path("looks/close/", looks_views.leave, name="looks_leave"),
    path("looks/<str:secret>/", looks_views.enter, name="looks_enter"),
    path("form/<slug:code>/gone/", form_views.gone, name="form_gone"),
    path("form/<slug:code>/later/", later_views.later, name="form_later"),
    path("form/<slug:code>/helper/", helping_views.helper, name="form_helper"),
    path("form/<slug:code>/renewed/", renewing_views.renewed, name="form_renewed"),
    path("go-on/", later_views.go_on, name="go_on"),
    path("helping/", helping_views.start, name="helping"),
    path("helping/<int:number>/", helping_views.page, name="helping_page"),
    path("helping/leave/", helping_views.leave, name="helping_leave"),
    path("correct/", correction_views.code, name="correction_code"),
    path("correct/answer/", correction_views.page, name="correction"),
    path("correct/done/", correction_views.done, name="correction_done"),
    path("correct/<str:secret>/", correction_views.enter, name="correction_enter"),
    path("form/<slug:code>/sent/<str:reference>/receipt.pdf", receipt_views.pdf, name="form_receipt_pdf"),
    path("form/<slug:code>/ahead/", offline_views.pages, name="form_ahead"),
    path("invited/", invited_views.page, name="invited"),
    path("invited/<str:secret>/", invited_views.enter, name="invited_enter"),
]

"""Addresses of the newcomer's screens, each under a language."""

from django.urls import path

from kotisatama.portal import form_views, looks_views, receipt_views, views

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
    path("looks/", looks_views.page, name="looks"),
    path("looks/close/", looks_views.leave, name="looks_leave"),
    path("looks/<str:secret>/", looks_views.enter, name="looks_enter"),
    path("form/<slug:code>/sent/<str:reference>/receipt.pdf", receipt_views.pdf, name="form_receipt_pdf"),
]

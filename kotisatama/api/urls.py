"""Addresses under /odk/, for devices: what is named in the OpenRosa protocol is spelt as there."""

from django.urls import path

from kotisatama.api import odk_views

app_name = "api"
urlpatterns = [
    path("<str:secret>/formList", odk_views.form_list, name="form_list"),
    path("<str:secret>/forms/<slug:code>.xml", odk_views.form, name="form"),
    path("<str:secret>/forms/<slug:code>/manifest", odk_views.manifest, name="manifest"),
    path("<str:secret>/forms/<slug:code>/media/<str:name>", odk_views.media, name="media"),
    path("<str:secret>/submission", odk_views.submission, name="submission"),
]

"""Addresses under /desk/forms/."""

from django.urls import path

from kotisatama.forms import out_urls, translating_urls, version_views, workbench_views

app_name = "forms"
_version = "<slug:code>/versions/<str:number>/"
urlpatterns = [
    path("", workbench_views.every, name="list"),
    path("new/", workbench_views.new, name="new"),
    path("upload/", workbench_views.new_from_workbook, name="new_from_workbook"),
    *translating_urls.urlpatterns,  # before the forms: `translations/` is not a form
    path("<slug:code>/", workbench_views.form, name="form"),
    path("<slug:code>/settings/", workbench_views.settings, name="settings"),
    path("<slug:code>/begin/", workbench_views.begin, name="begin"),
    path(_version, version_views.version, name="version"),
    path(f"{_version}check/", version_views.check, name="check"),
    path(f"{_version}changes/", version_views.changes, name="changes"),
    path(f"{_version}publish/", version_views.publish, name="publish"),
    path(f"{_version}retire/", version_views.retire, name="retire"),
    path(f"{_version}delete/", version_views.delete, name="delete"),
    path(f"{_version}workbook/", version_views.workbook, name="workbook"),
    path(f"{_version}upload/", version_views.upload, name="upload"),
    path(f"{_version}upload/accept/", version_views.accept, name="accept"),
    path(f"{_version}upload/discard/", version_views.discard, name="discard"),
    path(f"{_version}tables/", version_views.tables, name="tables"),
    path(f"{_version}tables/<str:name>", version_views.table, name="table"),
    path(f"{_version}tables/<str:name>/remove/", version_views.remove_table, name="remove_table"),
    *out_urls.urlpatterns,
]

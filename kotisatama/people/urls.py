"""Addresses of persons, under /desk/people/."""

from django.urls import path

from kotisatama.people import import_views, looks_views, met_views, opening_views, rights_views, views

app_name = "people"
urlpatterns = [
    path("", views.search, name="search"),
    path("new/", views.new, name="new"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/edit/", views.edit, name="edit"),
    path("<uuid:pk>/identity-code/", views.identity_code, name="identity_code"),
    path("<uuid:pk>/looks/", looks_views.links, name="looks"),
    path("<uuid:pk>/looks/<uuid:link_pk>/withdraw/", looks_views.withdraw, name="withdraw_looks"),
    path("<uuid:pk>/ask/", opening_views.ask, name="ask"),
    path("met/", met_views.met, name="met"),
    path("met/<uuid:pk>/", met_views.met_person, name="met_person"),
    path("openings/", opening_views.openings, name="openings"),
    path("openings/own/", opening_views.own_openings, name="own_openings"),
    path("openings/<uuid:pk>/review/", opening_views.review, name="review_opening"),
    path("rights/", rights_views.find, name="find_for_rights"),
    path("<uuid:pk>/rights/", rights_views.rights, name="rights"),
    path("<uuid:pk>/rights/extract/<slug:form>/", rights_views.extract, name="extract"),
    path("<uuid:pk>/rights/consents/new/", rights_views.new_consent, name="new_consent"),
    path("<uuid:pk>/rights/consents/print/", rights_views.print_consent, name="print_consent"),
    path(
        "<uuid:pk>/rights/consents/<uuid:consent_pk>/withdraw/", rights_views.withdraw_consent, name="withdraw_consent"
    ),
    path("<uuid:pk>/rights/rectifications/new/", rights_views.ask_rectification, name="ask_rectification"),
    path(
        "<uuid:pk>/rights/rectifications/<uuid:request_pk>/",
        rights_views.decide_rectification,
        name="decide_rectification",
    ),
    path("<uuid:pk>/rights/restrictions/new/", rights_views.restrict, name="restrict"),
    path(
        "<uuid:pk>/rights/restrictions/<uuid:restriction_pk>/lift/",
        rights_views.lift_restriction,
        name="lift_restriction",
    ),
    path("<uuid:pk>/rights/holds/new/", rights_views.hold, name="hold"),
    path("import/", import_views.imports, name="imports"),
    path("import/<uuid:pk>/", import_views.detail, name="import"),
    path("import/<uuid:pk>/columns/", import_views.columns, name="import_columns"),
    path("import/<uuid:pk>/progress/", import_views.progress, name="import_progress"),
    path("import/<uuid:pk>/start/", import_views.start, name="import_start"),
    path("import/<uuid:pk>/drop/", import_views.drop, name="import_drop"),
    path("import/<uuid:pk>/mapping.yaml", import_views.mapping_file, name="import_mapping"),
    path("import/<uuid:pk>/left-out.csv", import_views.refused, name="import_refused"),
    path("import/<uuid:pk>/rows/<int:number>/", import_views.decide, name="import_row"),
    path("import/<uuid:pk>/rows/<int:number>/compare/", import_views.compare, name="import_compare"),
]

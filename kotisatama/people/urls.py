"""Addresses of persons, under /desk/people/."""

from django.urls import path

from kotisatama.people import met_views, opening_views, sharing_views, views

app_name = "people"
urlpatterns = [
    path("", views.search, name="search"),
    path("new/", views.new, name="new"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/edit/", views.edit, name="edit"),
    path("<uuid:pk>/identity-code/", views.identity_code, name="identity_code"),
    path("<uuid:pk>/ask/", opening_views.ask, name="ask"),
    path("<uuid:pk>/share/", sharing_views.share, name="share"),
    path("sharings/", sharing_views.sharings, name="sharings"),
    path("sharings/<uuid:pk>/", sharing_views.shared, name="shared"),
    path("sharings/<uuid:pk>/withdraw/", sharing_views.withdraw, name="withdraw_sharing"),
    path("met/", met_views.met, name="met"),
    path("met/<uuid:pk>/", met_views.met_person, name="met_person"),
    path("openings/", opening_views.openings, name="openings"),
    path("openings/own/", opening_views.own_openings, name="own_openings"),
    path("openings/<uuid:pk>/review/", opening_views.review, name="review_opening"),
]

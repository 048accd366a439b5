"""Addresses of persons, under /desk/people/."""

from django.urls import path

from kotisatama.people import family_views, part_views, stay_views, views

app_name = "people"
urlpatterns = [
    path("", views.search, name="search"),
    path("new/", views.new, name="new"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/edit/", views.edit, name="edit"),
    path("<uuid:pk>/identity-code/", views.identity_code, name="identity_code"),
    path("<uuid:pk>/identifiers/", part_views.identifiers, name="identifiers"),
    path("<uuid:pk>/identifiers/<uuid:row>/show/", part_views.identifier, name="identifier"),
    path("<uuid:pk>/channels/", part_views.channels, name="channels"),
    path("<uuid:pk>/history/", part_views.history, name="history"),
    path("<uuid:pk>/stay/", stay_views.stay, name="stay"),
    path("<uuid:pk>/residences/new/", stay_views.new_period, {"what": "residences"}, name="new_residence"),
    path("<uuid:pk>/residences/<uuid:row>/", stay_views.change_period, {"what": "residences"}, name="residence"),
    path("<uuid:pk>/grounds/new/", stay_views.new_period, {"what": "grounds"}, name="new_ground"),
    path("<uuid:pk>/grounds/<uuid:row>/", stay_views.change_period, {"what": "grounds"}, name="ground"),
    path("<uuid:pk>/family/", family_views.family, name="family"),
    path("<uuid:pk>/family/leave/", family_views.leave, name="leave_household"),
    path("<uuid:pk>/family/<uuid:relation>/", family_views.relation, name="relation"),
]

"""Addresses of the workers' combined screens."""

from django.urls import include, path

from kotisatama.desk import trail_views, views

urlpatterns = [
    path(
        "",
        include(
            (
                [
                    path("", views.today, name="today"),
                    path("trail/", trail_views.search, name="trail"),
                    path("trail/export.csv", trail_views.export, name="export_trail"),
                    path("trail/own/", trail_views.own, name="own_trail"),
                    path("trail/unusual/", trail_views.unusual, name="unusual"),
                    path("trail/unusual/<uuid:pk>/", trail_views.review, name="review"),
                    path("trail/names/", trail_views.names, name="names"),
                ],
                "desk",
            )
        ),
    ),
    path("cases/", include("kotisatama.cases.urls")),
]

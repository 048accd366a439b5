"""The test run's address, beside the builder's."""

from django.urls import path

from kotisatama.portal import trying_views as views

app_name = "trying"
urlpatterns = [path("<slug:code>/versions/<str:number>/try/", views.page, name="page")]

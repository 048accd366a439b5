"""Addresses under /desk/forms/."""

from kotisatama.forms import translating_urls

app_name = "forms"
urlpatterns = [*translating_urls.urlpatterns]

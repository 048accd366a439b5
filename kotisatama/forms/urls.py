"""Addresses of forms for main users and leads, under /desk/forms/."""

from kotisatama.forms import out_urls

app_name = "forms"
urlpatterns = [
    *out_urls.urlpatterns,
]

"""Every address: the newcomer's pages under a language, the workers' under /desk/."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from kotisatama.portal import offline_views
from kotisatama.portal import views as portal

urlpatterns = [
    path("", portal.start, name="root"),
    path("sw.js", offline_views.worker, name="worker"),
    path("desk/", include("kotisatama.desk.urls")),
    path("desk/inbox/", include("kotisatama.intake.urls")),
    path("desk/contacts/", include("kotisatama.contacts.urls")),
    path("desk/people/", include("kotisatama.people.urls")),
    path("desk/messages/", include("kotisatama.messages.urls")),
    path("desk/documents/", include("kotisatama.documents.urls")),
    path("desk/figures/", include("kotisatama.reports.urls")),
    path("desk/funding/", include("kotisatama.funding.urls")),
    path("desk/privacy/", include("kotisatama.privacy.urls")),
    path("desk/staff/", include("kotisatama.staff.urls")),
    path("desk/region/", include("kotisatama.network.urls")),
    path("desk/forms/devices/", include("kotisatama.api.device_urls")),
    path("desk/forms/", include("kotisatama.forms.urls")),
    path("desk/forms/", include("kotisatama.forms.building_urls")),
    path("desk/forms/", include("kotisatama.portal.trying_urls")),
    path("odk/", include("kotisatama.api.urls")),
    path("accounts/", include("kotisatama.staff.account_urls")),
    *i18n_patterns(path("", include("kotisatama.portal.urls")), prefix_default_language=True),
]

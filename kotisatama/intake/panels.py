"""What the inbox adds to a person's page."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kotisatama.documents.models import Document
from kotisatama.intake import proposal_reading, queries
from kotisatama.intake.models import Item
from kotisatama.people.models import Person
from kotisatama.people.registry import Due, Event
from kotisatama.staff.models import Worker


def events(viewer: Worker, person: Person) -> list[Event]:
    """The forms that the client sent in, with their state and the number of their files."""
    items = queries.of_person(viewer, person)
    files = queries.files(viewer, items)
    return [Event(item.received_at, _title(item), _text(item, files[item.pk]), _url(item)) for item in items]


def due(viewer: Worker, person: Person) -> list[Due]:
    """Forms of the client that nobody has finished."""
    items = [item for item in queries.of_person(viewer, person) if item.state != Item.State.DONE]
    return [
        Due(_("A form waits for its answer"), None, item.submission.version.form.title, _url(item)) for item in items
    ]


def kept_files(viewer: Worker, person: Person) -> dict[str, Any] | None:
    """The files of forms that are kept with the client."""
    found = proposal_reading.kept_files(viewer, person)
    return {"kept_files": found} if found else None


def _title(item: Item) -> str:
    return _("Form: %(form)s") % {"form": item.submission.version.form.title}


def _text(item: Item, files: list[Document]) -> str:
    state = str(item.get_state_display())
    if not files:
        return state
    return state + " · " + ngettext("%(count)d file", "%(count)d files", len(files)) % {"count": len(files)}


def _url(item: Item) -> str:
    return reverse("intake:item", args=[item.pk])

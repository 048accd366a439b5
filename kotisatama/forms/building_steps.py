"""What the buttons of the builder's page do, and what the page shows."""

import dataclasses
from typing import Any

from django.contrib import messages
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kotisatama.forms import building_actions as actions
from kotisatama.forms import building_panel as panels
from kotisatama.forms import building_queries as queries
from kotisatama.forms import versions
from kotisatama.forms.building import drawing, edits, words
from kotisatama.forms.building.book import Book, Edited
from kotisatama.forms.building_panel import Panel
from kotisatama.forms.models import Version
from kotisatama.kernel.errors import NotAllowed
from kotisatama.staff.models import Worker


@dataclasses.dataclass(frozen=True)
class Done:
    """Where to look after a step, and what to say."""

    further: dict[str, object]
    message: str = ""
    level: int = messages.SUCCESS


def page(version: Version, panel: Panel | None) -> dict[str, Any]:
    """What the page of cards shows."""
    can_change = version.is_open
    steps = queries.steps(version) if can_change else queries.Steps(None, None)
    return {
        "version": version,
        "can_change": can_change,
        "here": reverse("building:form", args=[version.form.code, version.number]),
        "try_url": reverse("trying:page", args=[version.form.code, version.number]),
        "drawn": drawing.drawn(version.source, panels.reader(), version.sha256, version.attachments),
        "back": steps.back and words.STEPS.get(steps.back.what, steps.back.what),
        "back_about": steps.back.about if steps.back else "",
        "again": steps.again and words.STEPS.get(steps.again.what, steps.again.what),
        "again_about": steps.again.about if steps.again else "",
        "at": panel.number if panel else 0,
    }


def other_page(version: Version, sheet: str, row: int) -> str:
    """The address for a row that is no card: the page of its list or of the settings; empty for any other."""
    form = [version.form.code, version.number]
    if sheet == "settings":
        return reverse("building:settings", args=form)
    if sheet != "choices":
        return ""
    book = Book(version.source)
    names = {
        number: book.cell("choices", line, "list_name")
        for number, line in zip(book.choices.numbers(), book.choices.lines, strict=True)
    }
    name = names.get(row, "")
    return (
        reverse("building:list", args=[*form, name]) if name else f"{reverse('building:form', args=form)}#choice-lists"
    )


def act(version: Version, data: QueryDict, *, by: Worker) -> Done:
    """One button: `do` is `up:12`, `move:12:after:15`, `remove:12`, `back`, `check`. Raises NotAllowed."""
    revision = panels.whole(data.get("revision"))
    word, _colon, rest = data.get("do", "").partition(":")
    if word == "check":
        return _check(version, revision, by)
    if word in ("back", "again"):
        go = actions.take_back if word == "back" else actions.take_again
        taken = go(version, revision=revision, by=by, request=panels.request_hash(data))
        return Done({"row": taken.number} if word == "again" and taken.number else {})
    actions.check_present(version, revision)
    number, _colon, more = rest.partition(":")
    return _edit(version, data, word, panels.whole(number), more, by)


def _edit(version: Version, data: QueryDict, word: str, number: int, more: str, by: Worker) -> Done:
    book = Book(version.source)
    name = book.cell("survey", book.survey.lines[book.index(number)], "name")
    edited = _edited(version, data, word, number, more)
    what = word if word in words.STEPS else "move"
    request = panels.request_hash(data)
    actions.keep_edit(version, edited, revision=version.revision, by=by, what=what, about=name, request=request)
    further: dict[str, object] = {"row": edited.number} if edited.number and word != "remove" else {}
    if word in edits.STEPS or word == "move":
        further["focus"] = word
    message = _("“{name}” was removed. You can take it back.").format(name=name) if word == "remove" else ""
    return Done(further, message)


def _edited(version: Version, data: QueryDict, word: str, number: int, more: str) -> Edited:
    rows = version.source
    if word in edits.STEPS:
        return edits.step(rows, number, word)
    if word == "move":
        place, _colon, target = more.partition(":")
        wished = panels.whole(target or data.get("target"))
        return edits.move(rows, number, target=wished, place=_place(place))
    if word == "wrap":
        cells = {("type", ""): data.get("frame", "begin_group")}
        return edits.wrap(rows, number, cells, until=panels.whole(data.get("until")) or None)
    simple = {"remove": edits.remove, "unwrap": edits.unwrap, "duplicate": edits.duplicate}
    if word not in simple:
        raise NotAllowed(_("The page has no such button. Look at it again."))
    return simple[word](rows, number)


def _place(text: str) -> edits.Place:
    return next((place for place in edits.PLACES if place == text), "last")


def _check(version: Version, revision: int, by: Worker) -> Done:
    problems = versions.check_version(version, revision=revision, by=by)
    if not problems:
        return Done({}, _("The form has no faults. It can be published now."))
    text = ngettext(
        "The form has {number} fault. It stands at its question.",
        "The form has {number} faults. They stand at their questions.",
        len(problems),
    )
    return Done({}, text.format(number=len(problems)), messages.WARNING)

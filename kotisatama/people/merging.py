"""Making two persons one, and undoing it to the letter (docs/decisions/0011).

Nothing is thrown away: rows change hands, the merged-away person stays as an archived one, and what both were is kept
until the days of undoing are over.
"""

import uuid
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction
from django.db.models import QuerySet
from django.utils import timezone

from kotisatama.audit import actions as audit
from kotisatama.kernel import row_security
from kotisatama.kernel.errors import NotAllowed
from kotisatama.network.models import Municipality
from kotisatama.people import access, registry, rules, tokens
from kotisatama.people import names as spelling
from kotisatama.people.models import Channel, Identifier, Merge, Person, SearchToken
from kotisatama.staff.models import Worker

LEFT, RIGHT, BOTH = "left", "right", "both"
# Columns that no choice decides.
FIXED = frozenset(
    {"id", "controller", "sort_key", "created_at", "version", "archived_on", "merged_into", "is_protected"}
)
# Columns that go with another one.
FOLLOWS = {"birthday_is_placeholder": "date_of_birth", "ground_ends_on": "ground_of_stay"}
# Tables of this app that a merge itself writes, or makes anew.
NOT_MOVED = frozenset({"people.SearchToken", "people.Merge", "people.LikelyPair", "people.Person"})
# Rows for which one side may be chosen: the other side's rows go to the archived person.
ROWS: dict[str, type[models.Model]] = {"channels": Channel, "identifiers": Identifier}

Key = tuple[type[models.Model], str]


def choosable() -> list[str]:
    """The columns that the preview asks about."""
    return [field.name for field in Person._meta.concrete_fields if field.name not in FIXED | FOLLOWS.keys()]


def keys_to_persons() -> list[Key]:
    """(model, name of the foreign key) of every table of this app that follows a person, also ones added later."""
    return [
        (model, field.name)
        for model in apps.get_app_config(Person._meta.app_label).get_models(include_auto_created=True)
        for field in model._meta.local_concrete_fields
        if field.related_model is Person and model._meta.label not in NOT_MOVED
    ]


def objections(survivor: Person, gone: Person) -> list[str]:
    """Why these two cannot be merged now, in sentences; empty when they can."""
    try:
        rules.check_mergeable(survivor, gone)
    except NotAllowed as reason:
        return [str(reason)]
    return [sentence for mover in registry.movers() for sentence in mover.objections(gone, survivor)]


@transaction.atomic
def merge_people(
    survivor: Person, gone: Person, *, key: uuid.UUID, versions: tuple[int, int], choices: Mapping[str, str], by: Worker
) -> Merge:
    """Make `gone` one with `survivor`; the same key, or the same two again, is the same merge.

    `choices`: for a column, `channels` or `identifiers` whose values stand: `left` (the survivor's, by default),
    `right`, or `both` where there may be several. `versions` are those of the page, the survivor's first.
    """
    rules.check_two(survivor, gone)
    if not access.can_change(by, survivor):
        raise PermissionDenied
    made = Merge.objects.filter(models.Q(pk=key) | models.Q(gone=gone, survivor=survivor, undone_at=None)).first()
    if made:
        return made
    survivor, gone = _locked(survivor, gone, by=by)
    for sentence in objections(survivor, gone):
        raise NotAllowed(sentence)
    rules.check_unchanged(survivor, version=versions[0])
    rules.check_unchanged(gone, version=versions[1])
    merge = Merge(pk=key, controller_id=survivor.controller_id, survivor=survivor, gone=gone, by=by)
    merge.before = _snapshot(survivor, gone)
    merge.moved = _move(survivor, gone, choices)
    _set_columns(survivor, gone, choices)
    merge.before["version_after"] = survivor.version
    merge.save(force_insert=True)
    audit.record(
        "person.merged", by=by, controllers=[merge.controller_id], subject=survivor, details={"gone": str(gone.pk)}
    )
    return merge


@transaction.atomic
def undo_merge(merge: Merge, *, by: Worker) -> Merge:
    """Make the merge as if it had not been; a second time changes nothing.

    What was changed on the survivor's page since stays as it is now.
    """
    merge = Merge.objects.select_for_update().get(pk=merge.pk)
    survivor, gone = _locked(merge.survivor, merge.gone, by=by)
    if merge.undone_at:
        return merge
    rules.check_not_protected(survivor, gone)
    later = Merge.objects.filter(undone_at=None, at__gt=merge.at)
    both = models.Q(survivor__in=[survivor, gone]) | models.Q(gone__in=[survivor, gone])
    rules.check_undoable(merge, is_last=not later.filter(both).exists())
    _move_back(merge, survivor, gone)
    merge.before, merge.moved = {}, {}
    merge.undone_at, merge.undone_by = timezone.now(), by
    merge.save()
    details = {"gone": str(gone.pk)}
    audit.record("person.merge_undone", by=by, controllers=[merge.controller_id], subject=survivor, details=details)
    return merge


def visible_merges(viewer: Worker) -> QuerySet[Merge]:
    """Merges of persons who exist for the viewer."""
    return Merge.objects.filter(survivor__in=access.visible_people(viewer))


def forget_undoable(controller: str) -> int:
    """Empty what was kept for undoing and is too old for it; how many merges. Needs the controller's context."""
    too_old = timezone.now() - timedelta(days=rules.DAYS_OF_UNDOING)
    old = Merge.objects.filter(controller_id=controller, at__lt=too_old).exclude(before={})
    return old.update(before={}, moved={})


def _locked(one: Person, other: Person, *, by: Worker) -> tuple[Person, Person]:
    found = {
        each.pk: each for each in Person.objects.select_for_update().filter(pk__in=[one.pk, other.pk]).order_by("pk")
    }
    if len(found) != 2 or not all(access.can_change(by, each) for each in found.values()):
        raise PermissionDenied
    return found[one.pk], found[other.pk]


def _everywhere() -> list[str]:
    """Every controller: a contact may belong to another municipality than its person, and follows all the same."""
    return list(Municipality.objects.values_list("pk", flat=True))


def _move(survivor: Person, gone: Person, choices: Mapping[str, str]) -> dict[str, Any]:
    with row_security.context(controllers=_everywhere()):
        moved = {mover.name: mover.move(gone, survivor) for mover in registry.movers()}
        for name, model in ROWS.items():
            if choices.get(name) == RIGHT:
                _swap(model, survivor, gone)
        for model, field in keys_to_persons():
            chosen = next((choices.get(name, BOTH) for name, each in ROWS.items() if each is model), BOTH)
            if chosen == BOTH:
                _take_over(model, field, survivor, gone)
    return moved


def _take_over(model: type[models.Model], field: str, survivor: Person, gone: Person) -> None:
    """Each row that the survivor can have; one that the survivor has already (the same number) stays where it is."""
    for pk in model._base_manager.filter(**{field: gone}).order_by("pk").values_list("pk", flat=True):
        _given_to(model, pk, **{field: survivor})


def _swap(model: type[models.Model], survivor: Person, gone: Person) -> None:
    """The rows of both change hands; taken out first, because a table may refuse two of a kind."""
    rows = [(row, gone if row.person_id == survivor.pk else survivor) for row in _rows(model, "person", survivor, gone)]
    model._base_manager.filter(pk__in=[row.pk for row, _owner in rows]).delete()
    for row, owner in rows:
        row.person = owner
        row.save_base(raw=True, force_insert=True)


def _set_columns(survivor: Person, gone: Person, choices: Mapping[str, str]) -> None:
    for field in Person._meta.concrete_fields:
        if field.name in FIXED:
            continue
        chosen = choices.get(FOLLOWS.get(field.name, field.name), LEFT)
        ours, theirs = getattr(survivor, field.name), getattr(gone, field.name)
        if chosen == BOTH:
            setattr(survivor, field.name, list(dict.fromkeys([*ours, *theirs])) if isinstance(ours, list) else ours)
        elif chosen == RIGHT:
            setattr(survivor, field.name, theirs)
    if gone.municipality == "secret":  # Never less protected than before.
        survivor.municipality = "secret"
    survivor.sort_key = spelling.sort_key(survivor.name)
    survivor.version += 1
    survivor.save()
    gone.archived_on, gone.merged_into = timezone.localdate(), survivor
    gone.version += 1
    gone.save(update_fields=["archived_on", "merged_into", "version"])
    tokens.renew(survivor)


def _rows(model: type[models.Model], field: str, *persons: Person) -> Iterable[Any]:
    return list(model._base_manager.filter(**{f"{field}__in": persons}).order_by("pk"))


def _snapshot(survivor: Person, gone: Person) -> dict[str, Any]:
    """Every row of this app's tables about the two, column by column."""
    tables = {model for model, _field in keys_to_persons()} | {SearchToken}
    fields: list[Key] = [*keys_to_persons(), (SearchToken, "person")]
    kept: dict[str, list[dict[str, Any]]] = {model._meta.label: [] for model in tables}
    for model, field in fields:
        known = {row[model._meta.pk.attname] for row in kept[model._meta.label]}
        rows = map(_columns, _rows(model, field, survivor, gone))
        kept[model._meta.label] += [row for row in rows if row[model._meta.pk.attname] not in known]
    return {"persons": [_columns(survivor), _columns(gone)], "rows": kept}


def _columns(row: models.Model) -> dict[str, Any]:
    """The row's columns as JSON can keep them without losing a digit."""
    fields = row._meta.concrete_fields
    values = {field: field.value_from_object(row) for field in fields}
    return {field.attname: None if value is None else field.value_to_string(row) for field, value in values.items()}


def _row(model: type[models.Model], columns: Mapping[str, Any]) -> models.Model:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    known = {name: value for name, value in columns.items() if name in fields}
    return model(**{name: None if value is None else fields[name].to_python(value) for name, value in known.items()})


def _move_back(merge: Merge, survivor: Person, gone: Person) -> None:
    persons = [_row(Person, columns) for columns in merge.before["persons"]]
    untouched = survivor.version == merge.before["version_after"]
    with row_security.context(controllers=_everywhere()):
        for mover in registry.movers():
            if mover.name in merge.moved:
                mover.undo(merge.moved[mover.name], gone, survivor)
        for model, field in keys_to_persons():
            _put_back(model, field, merge.before["rows"].get(model._meta.label, []), gone)
    persons[1].save_base(raw=True)
    if untouched:
        persons[0].save_base(raw=True)
        _tokens_as_before(merge.before["rows"][SearchToken._meta.label], survivor)
    else:
        tokens.renew(survivor)


def _put_back(model: type[models.Model], field: str, kept: list[dict[str, Any]], gone: Person) -> None:
    """Rows that changed hands go back; those of the merged-away person come again when somebody wrote them anew."""
    attname = model._meta.get_field(field).attname  # type: ignore[union-attr]
    before = [_row(model, columns) for columns in kept]
    now = {row.pk: row for row in model._base_manager.filter(pk__in=[row.pk for row in before])}
    again = [row for row in before if row.pk not in now and getattr(row, attname) == gone.pk]
    for row in before:
        owner = getattr(row, attname)
        if row.pk in now and getattr(now[row.pk], attname) != owner:
            setattr(now[row.pk], attname, owner)
            if not _given_to(model, row.pk, **{attname: owner}):
                again.append(now[row.pk])
    model._base_manager.filter(pk__in=[row.pk for row in again]).delete()
    for row in again:
        row.save_base(raw=True, force_insert=True)


def _given_to(model: type[models.Model], pk: Any, **owner: Any) -> bool:
    """Change one foreign key; False when a constraint of the table has something against it."""
    try:
        with transaction.atomic():
            model._base_manager.filter(pk=pk).update(**owner)
    except IntegrityError:
        return False
    return True


def _tokens_as_before(kept: list[dict[str, Any]], survivor: Person) -> None:
    rows = [_row(SearchToken, columns) for columns in kept]
    SearchToken.objects.filter(person=survivor).delete()
    SearchToken.objects.bulk_create(row for row in rows if row.person_id == survivor.pk)  # type: ignore[attr-defined, misc]

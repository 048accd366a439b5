"""No personal data without a declaration: whose it is, what kind, how long, and how it ends (docs/decisions/0016)."""

from collections.abc import Iterator

from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from kotisatama.audit import registry as audit
from kotisatama.forms.models import CodeAttempt, Draft, DraftKey
from kotisatama.privacy import personal_data_page, registry
from kotisatama.privacy.registry import Kind
from kotisatama.staff.models import SignInAttempt, SignInEvent, Worker

Model = type[models.Model]
# Tables with personal data that have no controller of their own; partitions and the trail's seals name nobody.
WITHOUT_CONTROLLER: frozenset[Model] = frozenset({Draft, DraftKey, CodeAttempt, Worker, SignInEvent, SignInAttempt})


def has_controller(model: Model) -> bool:
    for name in ("controller", "controllers"):
        try:
            model._meta.get_field(name)
        except FieldDoesNotExist:
            continue
        return model._meta.db_table not in audit.NOT_CLIENTS
    return False


def models_with_personal_data() -> list[Model]:
    ours = [model for model in apps.get_models(include_auto_created=True) if model.__module__.startswith("kotisatama.")]
    return [model for model in ours if has_controller(model) or model in WITHOUT_CONTROLLER]


def missing(model: Model) -> Iterator[str]:
    """Say what to write, and where."""
    app, holding = model.__module__.split(".")[1], registry.of_model(model)
    names = {field.name for field in model._meta.local_concrete_fields}
    if holding is None:
        fields = ", ".join(f'"{name}": Kind.…' for name in sorted(names))
        yield (
            f"{model._meta.label} is not declared. Add to kotisatama/{app}/personal_data.py:\n"
            f"    Holding(model={model.__name__}, label=_(…), ground=Ground.PUBLIC_TASK, retention=…, person=…,\n"
            f"            fields={{{fields}}})"
        )
        return
    for name in sorted(names - holding.fields.keys()):
        place = f"kotisatama/{app}/personal_data.py"
        yield f'{model._meta.label}.{name} has no kind. Add to its fields in {place}: "{name}": Kind.…'
    for name in sorted(holding.fields.keys() - names):
        yield f"{model._meta.label}.{name} is declared in kotisatama/{app}/personal_data.py and does not exist."


def test_every_field_of_every_table_with_personal_data_is_declared() -> None:
    faults = [fault for model in models_with_personal_data() for fault in missing(model)]
    assert models_with_personal_data()
    assert not faults, "\n" + "\n".join(faults)


def test_a_row_that_ties_itself_to_a_person_goes_with_the_person() -> None:
    """A foreign key to the person that no declaration names would stop an erasure in the database, or outlive it."""
    subject = registry.subject().model
    faults = [
        f"{holding.name}.{field.name}: name it as person=, goes_with= or cuts= in its declaration"
        for holding in registry.holdings()
        for field in holding.model._meta.local_concrete_fields
        if field.related_model is subject and field.name not in (*holding.parents, *holding.cuts)
    ]
    assert not faults, "\n" + "\n".join(faults)


def test_keys_are_declared_as_what_they_are() -> None:
    workers = {
        f"{holding.name}.{field.name}"
        for holding in registry.holdings()
        for field in holding.model._meta.local_concrete_fields
        if field.related_model is Worker and holding.fields[field.name] is not Kind.WORKER
    }
    assert not workers, "A key to a worker is Kind.WORKER: an extract gives no worker's name out."


def test_each_retention_class_that_is_declared_has_a_first_period() -> None:
    page = personal_data_page.text()
    used = {holding.retention for holding in registry.holdings()}
    used |= {clock.retention for holding in registry.holdings() for clock in holding.clocks}
    assert not [code for code in sorted(used) if f"| `{code}` |" not in page]


def test_page_about_personal_data_is_what_the_apps_declare() -> None:
    page = (settings.ROOT / personal_data_page.PLACE).read_text(encoding="utf-8")
    assert page == personal_data_page.text(), "Run `kotisatama personal-data-doc`."

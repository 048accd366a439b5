"""Tags and filters of every page: foreign runs, numbers, ages, fields, bars and charts."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django import template
from django.forms import BoundField
from django.forms.forms import BaseForm
from django.utils import formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kotisatama.web import charts, direction

register = template.Library()

NO_BREAK = "\u00a0"
GROUPED_WIDGETS = {"radioselect", "checkboxselectmultiple"}


@dataclass(frozen=True)
class Choice:
    """One tile of a question: the input itself, its label and its id."""

    control: SafeString
    label: str
    id: str


@dataclass(frozen=True)
class ErrorLink:
    """A line of the error summary; `anchor` is the id to jump to, or empty when the error is of no one field."""

    message: str
    anchor: str


@register.simple_tag
def run(text: object, lang: str | None = None) -> SafeString:
    """Text in another language than the page's, kept apart: `<bdi lang dir>`; nothing for nothing."""
    if text is None or text == "":
        return SafeString("")
    if not lang:
        return format_html('<bdi dir="auto">{}</bdi>', text)
    return format_html('<bdi lang="{}" dir="{}">{}</bdi>', lang, direction.of(lang), text)


@register.filter
def isolated(text: object) -> SafeString:
    """A telephone number, a reference, a time: always left to right, whatever stands around it."""
    return format_html('<bdi dir="ltr">{}</bdi>', text)


@register.filter
def number(value: float | Decimal | str | None, decimals: int | None = None) -> str:
    """A number as the page's language writes it, thousands apart; other texts (such as "<5") as they are."""
    if value is None:
        return "–"
    if isinstance(value, str):
        return value
    text = formats.number_format(value, decimal_pos=decimals, use_l10n=True, force_grouping=True)
    return text.replace(" ", NO_BREAK)


@register.filter
def share(value: float | Decimal | None) -> str:
    """A part of one as a percentage without decimals, e.g. 0.71 as "71 %"."""
    return "–" if value is None else _("%(number)s %%") % {"number": round(value * 100)}


@register.filter
def age(moment: datetime | None) -> str:
    """How long ago, in the largest unit that says enough: minutes, hours or days."""
    if moment is None:
        return ""
    minutes = max(0, int((timezone.now() - moment).total_seconds() // 60))
    if minutes < 60:
        return ngettext("%(count)d min", "%(count)d min", minutes) % {"count": minutes}
    if minutes < 24 * 60:
        return ngettext("%(count)d h", "%(count)d h", minutes // 60) % {"count": minutes // 60}
    days = minutes // (24 * 60)
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


@register.simple_tag
def group(field: BoundField) -> bool:
    """Is the field a group of radio buttons or boxes, which needs a fieldset?"""
    return field.widget_type in GROUPED_WIDGETS


@register.simple_tag
def options(field: BoundField) -> list[Choice]:
    """The tiles of a group, in order, each with its input in our class."""
    choices = []
    for widget in field.subwidgets:
        widget.data["attrs"]["class"] = "ds-input"
        if field.errors:
            widget.data["attrs"]["aria-invalid"] = "true"
        choices.append(Choice(widget.tag(), widget.choice_label, widget.id_for_label or ""))
    return choices


@register.simple_tag
def control(field: BoundField) -> SafeString:
    """The field's input in our class, on top of the classes that the form gave it."""
    given = str(field.field.widget.attrs.get("class", ""))
    return field.as_widget(attrs={"class": f"ds-input {given}".strip()})


def anchor(field: BoundField) -> str:
    """The id of the field's first control, where a link in the error summary lands."""
    return f"{field.auto_id}_0" if group(field) else str(field.id_for_label or field.auto_id)


@register.simple_tag
def error_links(form: BaseForm | None = None, problems: list[ErrorLink] | None = None) -> list[ErrorLink]:
    """The error summary: what the page found (`problems`), then what the form found, in the order of the fields."""
    links = list(problems or [])
    if not form or not form.is_bound:
        return links
    links += [ErrorLink(str(error), "") for error in form.non_field_errors()]
    for field in form.visible_fields():
        links += [ErrorLink(f"{field.label}: {error}", anchor(field)) for error in field.errors]
    return links


@register.inclusion_tag("web/bar.html")
def bar(value: float | None, largest: float | None) -> dict[str, float]:
    """A quiet bar in a table's row: the value's part of the largest one. The number stands beside it."""
    return {"width": charts.part(value, largest)}


@register.inclusion_tag("web/chart.html")
def chart(drawing: charts.Chart) -> dict[str, charts.Chart]:
    """A chart made by `charts.rows` or `charts.columns`; the page shows the same numbers in a table beside it."""
    return {"chart": drawing}

"""The parts of pages: foreign runs, numbers, fields and what is wrong with them."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone, translation

from kotisatama.web import charts, direction, widgets
from kotisatama.web.templatetags import kotisatama as tags


class Letter(forms.Form):
    municipality = forms.ChoiceField(label="Municipality", choices=[("167", "Joensuu")], widget=forms.RadioSelect)
    born_on = forms.DateField(label="Born", help_text="For example 24.12.1990", required=False)
    note = forms.CharField(label="Note", widget=forms.Textarea(attrs={"class": "tall"}))


def field(form: forms.Form, name: str) -> str:
    return render_to_string("web/field.html", {"field": form[name]})


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("ar", "rtl"),
        ("prs", "rtl"),
        ("fa-AF", "rtl"),
        ("uz-Arab", "rtl"),
        ("ku-Latn", "ltr"),
        ("fi", "ltr"),
        (None, "auto"),
    ],
)
def test_a_language_has_a_direction(code: str | None, expected: str) -> None:
    assert direction.of(code) == expected


def test_a_foreign_run_is_kept_apart_and_escaped() -> None:
    assert tags.run("<b>قط</b>", "ar") == '<bdi lang="ar" dir="rtl">&lt;b&gt;قط&lt;/b&gt;</bdi>'
    assert tags.run(None, "ar") == ""


@pytest.mark.parametrize(("value", "shown"), [(5214, "5\u00a0214"), (None, "–"), ("<5", "<5"), (Decimal("0.5"), "0,5")])
def test_a_number_is_written_as_the_language_does(value: object, shown: str) -> None:
    with translation.override("fi"):
        assert tags.number(value) == shown  # type: ignore[arg-type]


@pytest.mark.parametrize(("hours", "shown"), [(0.5, "30 min"), (5, "5 h"), (49, "2 days")])
def test_an_age_is_said_in_its_largest_unit(hours: float, shown: str) -> None:
    with translation.override("en"):
        assert tags.age(timezone.now() - timedelta(hours=hours)) == shown


def test_a_wrong_field_names_its_hint_and_its_error() -> None:
    shown = field(Letter({"born_on": "never"}), "born_on")
    assert 'aria-describedby="id_born_on_helptext id_born_on_error"' in shown
    assert 'id="id_born_on_helptext"' in shown
    assert 'id="id_born_on_error"' in shown
    assert 'aria-invalid="true"' in shown


def test_choices_stand_in_a_fieldset_with_the_question_as_legend() -> None:
    shown = field(Letter(), "municipality")
    assert "<legend>Municipality" in shown
    assert '<label class="opt" for="id_municipality_0">' in shown
    assert 'class="ds-input"' in shown


def test_a_field_keeps_the_classes_of_its_form() -> None:
    assert 'class="ds-input tall"' in field(Letter(), "note")


def test_every_error_in_the_summary_leads_to_its_field() -> None:
    form = Letter({"born_on": "never"})
    summary = render_to_string("web/errors.html", {"form": form})
    page = summary + "".join(field(form, name) for name in form.fields)
    for link in tags.error_links(form):
        assert f'href="#{link.anchor}"' in summary
        assert f'id="{link.anchor}"' in page


def test_the_summary_is_silent_when_nothing_is_wrong() -> None:
    assert render_to_string("web/errors.html", {"form": Letter()}).strip() == ""


def test_pages_keep_the_other_choices_of_the_address() -> None:
    request = RequestFactory().get("/list/?language=ar&page=2")
    shown = render_to_string("web/pagination.html", {"page": Paginator(range(30), 10).page(2)}, request=request)
    assert 'href="?language=ar&amp;page=3"' in shown


def test_a_type_ahead_knows_other_names_of_its_choices() -> None:
    select = widgets.TypeAhead(choices=[("ar", "العربية"), ("fi", "suomi")], names={"ar": "arabia"}).render(
        "language", "fi"
    )
    assert "data-combobox" in select
    assert '<option value="ar" data-names="arabia">' in select


@pytest.mark.parametrize(
    ("value", "largest", "width"), [(50, 100, 50.0), (1, 1000, 2.0), (0, 10, 0.0), (None, 10, 0.0), (5, 0, 0.0)]
)
def test_a_bar_is_its_part_of_the_largest(value: float | None, largest: float, width: float) -> None:
    assert charts.part(value, largest) == width


def test_a_drawing_keeps_its_points_in_finnish() -> None:
    drawing = charts.columns("q", "Quarters", "Two.", [charts.Value("1", 3, "3"), charts.Value("2", None, "<5")])
    with translation.override("fi"):
        shown = render_to_string("web/chart.html", {"chart": drawing})
    assert 'x="88.0"' in shown
    assert ",0" not in shown


@pytest.mark.parametrize("draw", [charts.rows, charts.columns])
def test_a_suppressed_count_is_drawn_the_same_whatever_stands_beside_it(draw: object) -> None:
    sizes = set()
    for other in (6, 60_000):
        drawing = draw("c", "T", "D", [charts.Value("a", other, "x"), charts.Value("b", None, "<5")])  # type: ignore[operator]
        box = drawing.bars[1]
        sizes.add((box.kind, box.width, box.height))
    assert len(sizes) == 1


@pytest.mark.parametrize(
    "name", ["400", "403", "403_csrf", "404", "500", "web/expired", "web/unavailable", "web/too_many"]
)
def test_a_page_of_trouble_needs_nothing_to_be_drawn(name: str) -> None:
    shown = render_to_string(f"{name}.html")
    assert shown.count("<h1>") == 1
    assert "<html lang=" in shown

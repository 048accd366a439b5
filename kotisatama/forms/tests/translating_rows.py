"""A small form for the tests of translators' work."""

from typing import Any

from kotisatama.forms import actions
from kotisatama.forms.models import Form, Version

FI, AR, UK = "label::suomi (fi)", "label::العربية (ar)", "label::українська (uk)"
PHONE, HINT, YES, TITLE = "survey/phone/label", "survey/phone/hint", "choices/yesno/yes/label", "settings/form_title"


def rows(phone: str = "Puhelinnumero", arabic: str = "رقم الهاتف") -> dict[str, Any]:
    """The rows of a form in Finnish with Arabic and Ukrainian columns; the words of one question as given."""
    return {
        "name": "palaute",
        "survey": {
            "columns": ["type", "name", FI, AR, UK, "hint::suomi (fi)"],
            "rows": [
                [2, {"type": "text", "name": "phone", FI: phone, AR: arabic,
                     "hint::suomi (fi)": "Esimerkiksi +358 40 000 1000"}],
                [3, {"type": "select_one yesno", "name": "again", FI: "Vielä jotain?"}],
            ],
        },
        "choices": {
            "columns": ["list_name", "name", FI, AR, UK],
            "rows": [
                [2, {"list_name": "yesno", "name": "yes", FI: "Kyllä", AR: "نعم", UK: "Так"}],
                [3, {"list_name": "yesno", "name": "no", FI: "Ei"}],
            ],
        },
        "settings": {
            "columns": ["form_title", "form_id", "default_language"],
            "rows": [[2, {"form_title": "Palaute", "form_id": "palaute", "default_language": "suomi (fi)"}]],
        },
    }  # fmt: skip


def a_draft(**words: str) -> Version:
    """An open version of the form."""
    form = Form.objects.get_or_create(code="palaute", defaults={"title": "Palaute"})[0]
    return actions.start_version(form, rows=rows(**words), by=None)

"""The documentation of the format is that of the code."""

from django.conf import settings

from kotisatama.forms import format_page, kinds
from kotisatama.forms.expressions import signatures


def test_the_page_in_the_docs_is_the_one_that_the_code_makes() -> None:
    page = (settings.ROOT / format_page.PLACE).read_text(encoding="utf-8")
    assert page == format_page.text(), "Run `kotisatama forms-doc`."


def test_every_type_appearance_and_function_is_on_the_page() -> None:
    page = format_page.text()
    assert all(f"`{name}`" in page for name in (*kinds.TYPES, *kinds.APPEARANCES, *signatures.SIGNATURES))

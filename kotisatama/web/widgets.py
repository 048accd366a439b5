"""Form inputs of the workers' screens: a native select that script turns into a type-ahead."""

from collections.abc import Mapping
from typing import Any

from django import forms


class TypeAhead(forms.Select):
    """A select with `data-combobox`: a few letters of the label, the code or another name find the choice.

    `names` gives further words by code, e.g. {"ar": "arabia Arabic العربية"}. Without script it is a plain select.
    """

    def __init__(self, *, names: Mapping[str, str] | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.names = names or {}
        self.attrs["data-combobox"] = True

    def create_option(self, name: str, value: Any, *further: Any, **options: Any) -> dict[str, Any]:
        """The option with its other names, where the script looks for them."""
        option = super().create_option(name, value, *further, **options)
        words = self.names.get(str(value))
        if words:
            option["attrs"]["data-names"] = words
        return option


class TypeAheadMany(TypeAhead, forms.SelectMultiple):
    """The same for several choices: Enter adds one, Backspace takes the last away."""

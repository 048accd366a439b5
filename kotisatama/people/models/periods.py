"""How the database keeps two periods of one person apart, without the extension btree_gist."""

from typing import Any

from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db.models import Func, Value

# A range of identifiers (made by a migration) that holds one identifier only: ranges overlap when identifiers are
# equal, and a GiST index knows overlapping without any extension (docs/decisions/0003).
ONE_IDENTIFIER = "people_uuid_range"


def of_person() -> list[tuple[Any, str]]:
    """The expressions of an exclusion constraint: the same person on the same day."""
    person = Func("person", "person", Value("[]"), function=ONE_IDENTIFIER)
    days = Func("valid_from", "valid_to", Value("[]"), function="daterange", output_field=DateRangeField())
    return [(person, RangeOperators.OVERLAPS), (days, RangeOperators.OVERLAPS)]

"""The chart of the year; the table beside it shows the same numbers."""

from django.utils.translation import gettext as _

from kotisatama.reports.sheet import Sheet
from kotisatama.web import charts


def by_place(sheet: Sheet) -> charts.Chart:
    """Contacts of the year by municipality, hidden ones drawn as hidden."""
    values = [
        charts.Value(row.place, None if row.line.contacts.is_hidden else row.line.contacts.value, str(row.contacts))
        for row in sheet.years
    ]
    title = _("Contacts by municipality in %(year)s") % {"year": sheet.year}
    return charts.rows("contacts-by-place", title, _("The table below has the same numbers."), values)


def largest(sheet: Sheet) -> int:
    """The largest count of contacts that is shown for a place, for the bars in the rows."""
    return max((row.line.contacts.value or 0 for row in sheet.years), default=0)

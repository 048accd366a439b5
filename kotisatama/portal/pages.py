"""What the start page and the page about visiting show, ready for their templates."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from kotisatama.network.models import OpeningHours
from kotisatama.portal import queries
from kotisatama.translation import languages

# The cards of the start page: each opens the form with its topic chosen.
CARDS = [
    {
        "topic": "letters",
        "title": _("I got a letter that I do not understand"),
        "text": _("Take a picture and send it"),
    },
    {"topic": "permits", "title": _("Residence permit"), "text": _("Renewing, family, citizenship")},
    {"topic": "work", "title": _("Work"), "text": _("Finding work, contract, rights")},
    {"topic": "housing", "title": _("Home"), "text": _("Finding, rent, moving")},
    {"topic": "family", "title": _("Family and school"), "text": _("Day care, school, benefits")},
    {"topic": "language", "title": _("Learning Finnish"), "text": _("Courses and practice")},
]


@dataclass(frozen=True)
class Spoken:
    """A language by its code and its own name."""

    code: str
    own_name: str


def spoken(codes: list[str]) -> list[Spoken]:
    """Languages named in themselves."""
    return [Spoken(code, languages.own_name(code)) for code in codes]


@dataclass(frozen=True)
class EveningRow:
    """Hours of peer support and the languages spoken in them."""

    hours: OpeningHours
    languages: list[Spoken]


def start() -> dict[str, object]:
    """Context of the start page."""
    today = queries.today()
    return {
        "today": today,
        "languages_now": spoken(today.languages_now) if today else [],
        "evening": [EveningRow(row, spoken(row.languages)) for row in today.evening] if today else [],
        "cards": CARDS,
    }


REPLIES = {
    "phone": _("We call the number that you gave. The number that we call from may be hidden."),
    "sms": _("We send you a text message. It says that we have an answer, nothing about your matter."),
    "email": _("We answer by e-mail. Look also in the folder for unwanted mail."),
    "visit": _("Come and visit us when it suits you. Tell the reference at the desk."),
}


def reply_promise(answers: Mapping[str, Any]) -> object:
    """How the answer reaches the person, by what was chosen on the form."""
    return REPLIES.get(str(answers.get("reply_by", "")), _("We answer in the way that you chose."))


@dataclass(frozen=True)
class WeekRow:
    """Days on end with the same hours: `Monday–Thursday 9–15`."""

    days: str
    hours: OpeningHours


def visit() -> dict[str, object]:
    """Context of the page about visiting: each place with the rows of its week and the languages spoken there."""
    return {
        "places": [
            {
                "place": each.place,
                "rows": week_rows(each.hours),
                "languages": spoken(list(dict.fromkeys(code for row in each.hours for code in row.languages))),
            }
            for each in queries.week()
        ]
    }


def week_rows(hours: list[OpeningHours]) -> list[WeekRow]:
    """Hours in order of weekday, neighbouring days with the same times and kind drawn together."""
    runs: list[list[OpeningHours]] = []
    for row in sorted(hours, key=lambda each: (each.kind, each.opens_at, each.closes_at, each.weekday)):
        last = runs[-1][-1] if runs else None
        if last and _same_hours(last, row) and row.weekday == last.weekday + 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    runs.sort(key=lambda run: (run[0].weekday, run[0].opens_at))
    return [WeekRow(_days(run[0].weekday, run[-1].weekday), run[0]) for run in runs]


def _same_hours(one: OpeningHours, other: OpeningHours) -> bool:
    return (one.kind, one.opens_at, one.closes_at) == (other.kind, other.opens_at, other.closes_at)


def _days(first: int, last: int) -> str:
    names = [str(WEEKDAYS[day - 1]) for day in ((first,) if first == last else (first, last))]
    text = "–".join(names)
    return text[:1].upper() + text[1:]

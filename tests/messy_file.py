"""An old register's table as old registers are: the same seed makes the same mess. For tests and `bench/`.

Each row says of itself what should become of it, so that a test knows. Persons are invented, identity codes artificial.
"""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random
from typing import Any

import openpyxl

from kotisatama.config.demo.names import NAMES, Spelling
from kotisatama.people.identity_codes import CHECK_CHARACTERS

GROUPS = ["Perustiedot", *[""] * 6, "Taustatiedot", *[""] * 4, "Lupa", "", "", "Yhteystiedot", "", "", ""]
HEADINGS = [
    "Asiakasnumero",
    "Etunimi",
    " SUKUNIMI ",
    "Muut nimet",
    "Syntymäaika",
    "Sukupuoli",
    "Henkilötunnus",
    "Kansalaisuus",
    "Äidinkieli",
    "Asiointikielet",
    "Kotikunta",
    "Muutti  Suomeen",
    "Oleskelun peruste",
    "Lupa päättyy",
    "Käsittelijä",
    "Puhelin",
    "Saa jättää viestin",
    "Sähköposti",
    "Ikä nyt",
]
FIRST_ROW = 3  # after the groups, whose headings are merged, and the headings
TONGUES = {
    "uk": ("UKR", ["uk", "UKR", "ukraina", "Ukrainian", "українська", "ukrainska"]),
    "ru": ("RU", ["ru", "rus", "venäjä", "Russian", "русский", "RYSKA"]),
    "ar": ("SYR", ["ar", "arabia", "Arabic", "العربية"]),
    "prs": ("AF", ["prs", "dari", "Dari", "دری"]),
    "so": ("Somalia", ["so", "somali", "Soomaali"]),
    "fa": ("Iran", ["fa", "persia", "Persian", "فارسی"]),
}
MUNICIPALITIES = ["Joensuu", "joensuu", "167", "LIPERI", "Liperi", "426", "Kontiolahti", "Outokumpu", "Ilomantsi", ""]
GROUNDS = ["tilap. suojelu", "Kv. suojelu", "kiintiö", "Perheside", "työ", "OPISKELU", "", "-"]
NOTHING = ["", "-", "?", "ei tiedossa", "NULL", "  "]
PHONES: list[Callable[[str], str]] = [
    lambda number: f"+358{number}",
    lambda number: f"0{number}",
    lambda number: f"0{number[:2]} {number[2:5]} {number[5:]}",
    lambda number: f"0{number[:2]}-{number[2:]}",
    lambda number: f"+358 {number[:2]} {number[2:]}",
    lambda number: f"00358{number}",
    lambda number: f"+358 (0){number[:2]} {number[2:5]} {number[5:]}",
    lambda number: f"(0{number[:2]}) {number[2:]}",
    lambda number: f"0{number[:2]}.{number[2:5]}.{number[5:]}",
    lambda number: f"0{number[:2]}\u00a0{number[2:]}",
]
DATES: list[Callable[[date], str]] = [
    lambda day: f"{day.day}.{day.month}.{day.year}",
    lambda day: day.isoformat(),
    lambda day: f"{day:%d/%m/%Y}",
    lambda day: f"{day:%d-%m-%Y}",
    lambda day: f"{day:%Y%m%d}",
]


@dataclass(frozen=True)
class Invented:
    """A person before anything is spoilt."""

    number: int
    given: Spelling
    family: Spelling
    born: date
    woman: bool
    tongue: str
    hetu: str
    phone: str


@dataclass(frozen=True)
class MessyRow:
    """A row and its fate: `good`, `bad` (with the column at fault), `double` of somebody, `again`, `empty`, `alien`."""

    cells: list[Any]
    fate: str
    column: str = ""


@dataclass
class MessyTable:
    """The rows below the headings."""

    rows: list[MessyRow] = field(default_factory=list)

    def numbers(self, fate: str) -> list[int]:
        """Where a spreadsheet shows the rows of that fate."""
        return [number for number, row in enumerate(self.rows, FIRST_ROW) if row.fate == fate]


def make(number: int, *, seed: int, today: date) -> MessyTable:
    """A table of so many rows."""
    source, table, people = Random(seed), MessyTable(), list[Invented]()
    codes: set[str] = set()
    while len(table.rows) < number:
        drawn = source.random()
        if drawn < 0.03:
            table.rows.append(MessyRow([source.choice(["", " ", None]) for _ in HEADINGS], "empty"))
        elif drawn < 0.15 and people:
            table.rows.append(_double(source, source.choice(people[-500:]), len(table.rows) + 1, table))
        else:
            person = _person(source, len(table.rows) + 1, codes, today)
            if drawn < 0.27:
                table.rows.append(_spoilt(source, person, today))
            else:
                people.append(person)
                table.rows.append(MessyRow(_cells(source, person), "good"))
    return table


def _person(source: Random, number: int, codes: set[str], today: date) -> Invented:
    tongue = source.choices(list(TONGUES), weights=[30, 20, 13, 12, 8, 6])[0]
    names, woman = NAMES[tongue], source.random() < 0.57
    born = today - timedelta(days=int(source.triangular(1, 85, 32) * 365.25))
    return Invented(
        number=number,
        given=source.choice(names.women if woman else names.men),
        family=source.choice(names.family)[1 if woman else 0],
        born=born,
        woman=woman,
        tongue=tongue,
        hetu=_hetu(source, born, codes) if source.random() < 0.6 else "",
        phone=f"4{source.randrange(10)}{source.randrange(10_000_000):07d}",
    )


def _hetu(source: Random, born: date, codes: set[str]) -> str:
    """An artificial identity code of that day that nobody has yet; empty when there is none left."""
    for individual in source.sample(range(900, 1000), 100):
        digits = f"{born:%d%m%y}{individual}"
        sign = "A" if born.year >= 2000 else "-"
        code = f"{born:%d%m%y}{sign}{individual}{CHECK_CHARACTERS[int(digits) % 31]}"
        if code not in codes:
            codes.add(code)
            return code
    return ""


def _cells(source: Random, person: Invented) -> list[Any]:
    country, tongue_names = TONGUES[person.tongue]
    year_only = person.tongue in {"so", "prs"} and not person.hetu and source.random() < 0.4
    return [
        f"A{person.number}",
        _cased(source, person.given.latin),
        _cased(source, person.family.latin),
        f"{person.given.own} {person.family.own}" if source.random() < 0.4 else "",
        str(person.born.year) if year_only else source.choice(DATES)(person.born),
        source.choice(["N", "nainen", "Nainen "] if person.woman else ["M", "mies", " m"]),
        _cased_code(source, person.hetu),
        country,
        source.choice(tongue_names),
        ", ".join([source.choice(tongue_names), source.choice(["en", "English", "suomi"])]),
        source.choice(MUNICIPALITIES),
        source.choice([*NOTHING, "1.3.2022", "2022-03-01"]),
        source.choice(GROUNDS),
        source.choice([*NOTHING, "4.3.2027"]),
        source.choice(["Maija", "=maija", ""]),  # a column that nobody maps may hold anything
        source.choice(PHONES)(person.phone),
        source.choice(["kyllä", "ei", "", "x"]),
        f" {person.given.latin}.{person.number}@EXAMPLE.fi ".replace("'", "") if source.random() < 0.3 else "",
        "=YEAR(NOW())-1990",
    ]


def _cased(source: Random, text: str) -> str:
    return source.choice([text, text, text, text.upper(), text.lower(), f"  {text} "])


def _cased_code(source: Random, code: str) -> str:
    return source.choice([code, code, code.lower(), f" {code}"]) if code else source.choice(NOTHING)


def _changed(cells: list[Any], **by_column: Any) -> list[Any]:
    """The cells with some others, by the beginning of their headings."""
    found = list(cells)
    for heading, value in by_column.items():
        place = next(n for n, each in enumerate(HEADINGS) if each.strip().lower().startswith(heading.lower()))
        found[place] = value
    return found


def _double(source: Random, person: Invented, number: int, table: MessyTable) -> MessyRow:
    """Somebody who stands in the table already, in another spelling or under another number; or the very same row."""
    if source.random() < 0.15:
        before = next(row for row in table.rows if row.cells[0] == f"A{person.number}")
        return MessyRow(list(before.cells), "again")
    other = replace(person, number=number, hetu=person.hetu if source.random() < 0.3 else "")
    cells = _cells(source, other)
    if source.random() < 0.5:
        cells = _changed(cells, Etunimi=person.given.own, Sukunimi=person.family.own)
    else:
        cells = _changed(cells, Etunimi=person.family.latin, Sukunimi=person.given.latin)
    return MessyRow(_changed(cells, Syntymäaika=source.choice(DATES)(person.born)), "double")


def _spoilt(source: Random, person: Invented, today: date) -> MessyRow:
    """A row with one fault, which is to be found in that column."""
    cells = _cells(source, person)
    column, value = source.choice(list(_faults(source, person, today)))
    if column == "":
        return MessyRow([*cells, "", "one cell too many"], "bad")
    if column == "alien":
        return MessyRow(_changed(cells, Sukunimi="Mäkeläinen", Asiointi="suomi", **{"äidin": "fi"}), "alien")
    if column == "Henkilötunnus":  # that the code tells another day shows only beside a whole one
        cells = _changed(cells, Syntymäaika=person.born.isoformat())
    return MessyRow(_changed(cells, **{column: value}), "bad", column)


def _faults(source: Random, person: Invented, today: date) -> Iterator[tuple[str, Any]]:
    code = _hetu(source, person.born, set())
    wrong = CHECK_CHARACTERS[(CHECK_CHARACTERS.index(code[-1]) + 1) % 31]
    yield "Henkilötunnus", code[:-1] + wrong
    yield "Henkilötunnus", _hetu(source, person.born - timedelta(days=400), set())
    yield "Henkilötunnus", "tuntematon123"
    yield "Syntymäaika", f"{today + timedelta(days=source.randint(400, 2000)):%d.%m.%Y}"
    yield "Syntymäaika", "31.2.1990"
    yield "Syntymäaika", "n. 1980-luvulla"
    yield "Etunimi", "=1+1"
    yield "Etunimi", '=HYPERLINK("http://evil.example";"x")'
    yield "Sukunimi", "+cmd|' /C calc'!A0"
    yield "Etunimi", "x" * 2_000
    yield "Etunimi", "Nimi " * 40
    yield "Kansalaisuus", "Atlantis"
    yield "Äidinkieli", "marsilainen"
    yield "Kotikunta", "Springfield"
    yield "Oleskelun", "VIP"
    yield "Puhelin", "ei puhelinta vielä"
    yield "Sähköposti", "olena at example"
    yield "Asiakasnumero", ""
    yield "", ""
    yield "alien", ""


def to_csv(table: MessyTable, *, trailing: int = 3) -> bytes:
    """CSV in UTF-8 with semicolons and empty columns at the end; rows of the fate `alien` are in Windows-1252."""
    lines = [_line(GROUPS), _line(HEADINGS)]
    lines += [_line([*row.cells, *[""] * trailing]) for row in table.rows]
    encodings = ["utf-8", "utf-8", *("windows-1252" if row.fate == "alien" else "utf-8" for row in table.rows)]
    return b"".join(line.encode(encoding, "replace") for line, encoding in zip(lines, encodings, strict=True))


def _line(cells: list[Any]) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerow(cells)
    return text.getvalue()


def to_workbook(table: MessyTable) -> bytes:
    """The same as .xlsx: merged headings above, some days as cells of the type date, a second sheet. No alien rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Asiakkaat"
    sheet.append(GROUPS)
    sheet.append(HEADINGS)
    for row in table.rows:
        sheet.append([_typed(cell) for cell in row.cells])
    sheet.merge_cells("A1:G1")
    book.create_sheet("Ohje").append(["Salainen"])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _typed(cell: Any) -> Any:
    """Days in ISO 8601 become cells of the type date."""
    text = str(cell or "")
    return date.fromisoformat(text) if len(text) == 10 and text[4:5] == text[7:8] == "-" else cell

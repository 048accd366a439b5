"""Names are found in whatever letters they are written."""

import pytest

from kotisatama.people import names

SAME = [
    ("Олександра Шевченко", "Oleksandra Shevchenko"),
    ("Олександра", "Alexandra"),
    ("فاطمة الزهراء", "Fatima Al-Zahra"),
    ("فاطمه", "Fatemeh"),
    ("محمد", "Mohammed"),
    ("محمد", "Мухаммад"),
    ("Muhammad", "Mohamed"),
    ("Євген", "Yevhen"),
    ("Евгений", "Jevgeni"),
    ("يوسف", "Youssef"),
    ("Юлія", "Julia"),
    ("Сергій", "Sergei"),
    ("جواد", "Jawad"),
    ("عمر", "Omar"),
    ("Ковальський", "Kowalski"),
    ("Müller", "MULLER"),
    ("Ｍüller", "Mu\u0308ller"),
    ("D'Angelo", "DAngelo"),
    ("مُحَمَّد", "محمد"),
]
OTHERS = [("Olena", "Natalia"), ("Шевченко", "Kovalenko"), ("فاطمة", "Maryam"), ("Ali", "Omar")]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_name_in_two_spellings_shares_a_token(one: str, other: str) -> None:
    keys = [{key for piece in names.pieces(text) for key in (*piece.keys, piece.skeleton)} for text in (one, other)]
    assert keys[0] & keys[1]
    assert names.likeness(one, other) >= 0.7


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_different_names_are_not_alike(one: str, other: str) -> None:
    assert names.likeness(one, other) < 0.6


def test_the_order_of_the_words_is_of_no_account() -> None:
    assert names.likeness("Shevchenko Oleksandra", "Олександра Шевченко") == 1.0


def test_names_sort_as_in_finnish() -> None:
    given = ["Öhman", "Zeta", "Ängelä", "Åke", "Aalto", "Ольга", "فاطمة"]
    assert sorted(given, key=names.sort_key) == ["Aalto", "فاطمة", "Ольга", "Zeta", "Åke", "Ängelä", "Öhman"]


@pytest.mark.parametrize(
    ("text", "spoken", "language"),
    [
        ("Олена", ["uk", "ru"], "uk"),
        ("Олена", ["en"], ""),
        ("فاطمة", ["prs"], "prs"),
        ("Fatima", ["ar"], ""),
        ("සුනිල්", ["en"], "si"),
    ],
)
def test_a_spelling_tells_its_language_when_the_person_speaks_it(text: str, spoken: list[str], language: str) -> None:
    assert names.language_of(text, spoken) == language


def test_text_without_letters_has_no_pieces() -> None:
    assert names.pieces("  -- '' ") == ()
    assert names.likeness("", "Olena") == 0.0

"""Identity codes are checked, sealed and found."""

from typing import Any

import pytest

from kotisatama.kernel import identifiers
from kotisatama.kernel.errors import NotAllowed
from kotisatama.people import identity_codes

PUBLISHED = ["010594Y9032", "010594Y9021", "020594X903P", "050594U902L", "010516B903X", "020516C902J", "020504B904H"]


@pytest.mark.parametrize("code", PUBLISHED)
def test_the_published_test_codes_are_right(code: str) -> None:
    assert identity_codes.check(f" {code.lower()} ") == code


@pytest.mark.parametrize(
    ("sign", "century"), [("+", 1800), *((each, 1900) for each in "-YXWVU"), *((each, 2000) for each in "ABCDEF")]
)
def test_every_sign_tells_its_century(sign: str, century: int) -> None:
    born = identity_codes.birthday(f"010105{sign}9000")
    assert born is not None
    assert born.year == century + 5


@pytest.mark.parametrize(
    "wrong",
    ["", "010594Y9033", "310294Y9032", "010594Z9032", "010594Y903", "010594Y90322", "0105949032", "٠١٠٥٩٤Y9032"],
)
def test_what_is_no_code_is_refused_with_a_sentence(wrong: str) -> None:
    with pytest.raises(NotAllowed, match=r"\.$"):
        identity_codes.check(wrong)


def test_the_demo_takes_artificial_codes_only(settings: pytest.FixtureRequest) -> None:
    real = "131052-308T"
    settings.DEMO = True  # type: ignore[attr-defined]
    with pytest.raises(NotAllowed):
        identity_codes.check(real)
    settings.DEMO = False  # type: ignore[attr-defined]
    assert identity_codes.check(real) == real


def test_a_sealed_code_opens_in_its_own_row_and_controller_only() -> None:
    row = identifiers.new_id()
    sealed = identity_codes.seal(PUBLISHED[0], row=row, controller="167")
    assert PUBLISHED[0].encode() not in sealed
    assert identity_codes.unseal(sealed, row=row, controller="167") == PUBLISHED[0]
    for other, controller in [(identifiers.new_id(), "167"), (row, "426")]:
        with pytest.raises(ValueError, match="not this row's"):
            identity_codes.unseal(sealed, row=other, controller=controller)
    with pytest.raises(ValueError, match="not this row's"):
        identity_codes.unseal(sealed[:-1] + bytes([sealed[-1] ^ 1]), row=row, controller="167")


def test_the_blind_index_depends_on_the_key(settings: pytest.FixtureRequest) -> None:
    before = identity_codes.blind_index(PUBLISHED[0])
    assert before == identity_codes.blind_index(PUBLISHED[0]) != identity_codes.blind_index(PUBLISHED[1])
    settings.IDENTITY_CODE_KEY = "another"  # type: ignore[attr-defined]
    assert identity_codes.blind_index(PUBLISHED[0]) != before


def test_a_masked_code_tells_the_birthday_only() -> None:
    assert identity_codes.masked(PUBLISHED[0]) == "010594•••••"


def test_a_code_sealed_with_an_older_key_is_read_and_found(settings: Any) -> None:
    row = identifiers.new_id()
    sealed, index = (
        identity_codes.seal(PUBLISHED[0], row=row, controller="167"),
        identity_codes.blind_index(PUBLISHED[0]),
    )
    old, settings.IDENTITY_CODE_KEY = settings.IDENTITY_CODE_KEY, "a key of today"
    with pytest.raises(ValueError, match="not this row's"):
        identity_codes.unseal(sealed, row=row, controller="167")
    settings.IDENTITY_CODE_OLDER_KEYS = [old]
    assert identity_codes.unseal(sealed, row=row, controller="167") == PUBLISHED[0]
    assert index in identity_codes.blind_indexes(PUBLISHED[0])

"""Production refuses what only a demo may have, and says what to do."""

import pytest
from django.conf import LazySettings, settings

from kotisatama.config import production

SECRET = "k" * 40


@pytest.fixture(name="site")
def site_fixture(monkeypatch: pytest.MonkeyPatch) -> LazySettings:
    """Settings that production accepts."""
    monkeypatch.setenv("KOTISATAMA_MODE", "production")
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@db/kotisatama")
    site = LazySettings()
    site.configure(
        DEBUG=False,
        DEMO_SECRET=settings.DEMO_SECRET,
        SECRET_KEY=SECRET,
        IDENTITY_CODE_KEY=SECRET,
        AUDIT_KEY=SECRET,
        AUDIT_ROOTS_FILE="/witness/roots.jsonl",
        AUDIT_ROOTS_MAIL=[],
        AUDIT_ROOTS_URL="",
        PROTECTION_KEY="p" * 40,
        ALLOWED_HOSTS=["kotisatama.example.fi"],
    )
    return site


def test_settings_of_a_real_site_are_accepted(site: LazySettings) -> None:
    assert production.problems(site) == []


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("DEBUG", True, "DEBUG is on"),
        ("SECRET_KEY", settings.DEMO_SECRET, "KOTISATAMA_SECRET_KEY must be a secret of your own"),
        ("SECRET_KEY", "short", "at least 32 characters"),
        ("IDENTITY_CODE_KEY", settings.DEMO_SECRET, "KOTISATAMA_IDENTITY_CODE_KEY"),
        ("AUDIT_KEY", settings.DEMO_SECRET, "KOTISATAMA_AUDIT_KEY"),
        ("AUDIT_ROOTS_FILE", "", "Nobody outside is told"),
        ("PROTECTION_KEY", settings.DEMO_SECRET, "KOTISATAMA_PROTECTION_KEY must be a secret of your own"),
        ("PROTECTION_KEY", SECRET, "KOTISATAMA_PROTECTION_KEY must differ from the other keys"),
        ("ALLOWED_HOSTS", ["a.example.fi", "*"], "wildcard"),
        ("ALLOWED_HOSTS", [".example.fi"], "wildcard"),
    ],
)
def test_each_unsafe_setting_is_refused(site: LazySettings, name: str, value: object, sentence: str) -> None:
    setattr(site, name, value)
    assert [problem for problem in production.problems(site) if sentence in problem]
    assert len(production.problems(site)) == 1


def test_production_does_not_fall_back_to_the_embedded_database(
    site: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL")
    assert "DATABASE_URL is missing" in production.problems(site)[0]


def test_a_misspelt_mode_is_not_taken_for_the_demo(site: LazySettings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOTISATAMA_MODE", "prodution")
    assert "must be one of" in production.problems(site)[0]


def test_the_demo_may_be_a_demo() -> None:
    assert production.problems(settings) == []

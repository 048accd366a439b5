"""A database address is read whole or refused with a sentence."""

import psycopg.conninfo
import pytest

from kotisatama.kernel import database_url


def test_one_host_with_a_port_and_a_password_that_needs_quoting() -> None:
    database = database_url.parse("postgresql://ko%40ti:p%2Fa%3Ass@db.example.fi:5433/asiakkaat")
    assert (database["USER"], database["PASSWORD"]) == ("ko@ti", "p/a:ss")
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.example.fi", "5433", "asiakkaat")


def test_several_hosts_become_lists_of_equal_length_that_libpq_reads() -> None:
    database = database_url.parse("postgresql://u:p@h1:5432,h2,[::1]:5434/db?target_session_attrs=read-write")
    assert database["HOST"] == "h1,h2,::1"
    assert database["PORT"] == "5432,5432,5434"
    assert database["OPTIONS"] == {"target_session_attrs": "read-write"}
    words = psycopg.conninfo.make_conninfo(host=database["HOST"], port=database["PORT"], **database["OPTIONS"])
    assert psycopg.conninfo.conninfo_to_dict(words)["port"] == "5432,5432,5434"


def test_a_unix_socket_survives_the_way_there_and_back() -> None:
    url = database_url.socket_url("kotisatama_app", "/tmp/a place/ä", "kotisatama")
    database = database_url.parse(url)
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("/tmp/a place/ä", "", "kotisatama")
    assert psycopg.conninfo.conninfo_to_dict(url)["host"] == "/tmp/a place/ä"


def test_another_database_of_the_same_server_keeps_user_and_parameters() -> None:
    url = database_url.with_name("postgresql://u:p@h1,h2/db?sslmode=require", "test 1")
    assert url == "postgresql://u:p@h1,h2/test%201?sslmode=require"


def test_a_pool_is_asked_for_by_its_size() -> None:
    assert "pool" not in database_url.parse("postgresql://u@h/db")["OPTIONS"]
    assert database_url.parse("postgresql://u@h/db", pool_size=4)["OPTIONS"]["pool"]["max_size"] == 4


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "starts with postgresql://"),
        ("mysql://u:secret@h/db", "only PostgreSQL"),
        ("postgresql://u:secret@h", "the database's name"),
        ("postgresql://u:secret@h/", "the database's name"),
        ("postgresql://u:secret@h/a/b", "the database's name"),
        ("postgresql://u:secret@h:five/db", "not a number from 1 to 65535"),
        ("postgresql://u:secret@h:70000/db", "not a number from 1 to 65535"),
        ("postgresql://u:secret@h1,,h2/db", "empty or broken host"),
        ("postgresql://u:secret@[::1/db", "empty or broken host"),
        ("postgresql://u:secret@h/db?target_sesion_attrs=read-write", "unknown parameter: target_sesion_attrs"),
        ("postgresql://u:secret@h/db?sslmode", "name=value"),
    ],
)
def test_what_cannot_be_used_is_refused_without_repeating_the_password(url: str, reason: str) -> None:
    with pytest.raises(database_url.BadDatabaseUrl) as refusal:
        database_url.parse(url)
    assert reason in str(refusal.value)
    assert "secret" not in str(refusal.value)

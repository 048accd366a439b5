"""A database address as an URL, read into Django's settings.

The forms are those of libpq: `postgresql://user:password@host:5432/name`, several hosts
`postgresql://u:p@h1:5432,h2:5433/name?target_session_attrs=read-write`, and a unix socket
`postgresql://user@/name?host=/path/to/directory`.
"""

from typing import Any
from urllib.parse import parse_qsl, quote, unquote

SCHEMES = ("postgresql", "postgres")
DEFAULT_PORT = "5432"
# What libpq lets stand after the question mark and what a site has a reason to set.
PARAMETERS = frozenset(
    [
        "application_name",
        "channel_binding",
        "connect_timeout",
        "gssencmode",
        "hostaddr",
        "keepalives",
        "keepalives_count",
        "keepalives_idle",
        "keepalives_interval",
        "load_balance_hosts",
        "options",
        "passfile",
        "require_auth",
        "service",
        "sslcert",
        "sslcrl",
        "sslkey",
        "sslmode",
        "sslnegotiation",
        "sslpassword",
        "sslrootcert",
        "target_session_attrs",
        "tcp_user_timeout",
    ]
)


class BadDatabaseUrl(ValueError):
    """The address cannot be used; the text says why, and never repeats a password."""


def parse(url: str, *, pool_size: int = 0) -> dict[str, Any]:
    """Give the entry for Django's DATABASES; with `pool_size`, at most so many connections a process, kept in a pool.

    Raises BadDatabaseUrl.
    """
    scheme, found, rest = url.strip().partition("://")
    if not found or scheme not in SCHEMES:
        raise BadDatabaseUrl("A database address starts with postgresql:// (only PostgreSQL is supported).")
    address, _, query = rest.partition("?")
    authority, _, name = address.partition("/")
    if not name or "/" in name:
        raise BadDatabaseUrl("The database address must end in the database's name: postgresql://user@host/name.")
    parameters = _parameters(query)
    user, password = _user(authority)
    hosts, ports = _hosts(authority.rpartition("@")[2])
    options: dict[str, Any] = {k: v for k, v in parameters.items() if k not in ("host", "port")}
    if pool_size:
        options["pool"] = {"min_size": 1, "max_size": pool_size, "timeout": 10, "max_idle": 300}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(name),
        "USER": user,
        "PASSWORD": password,
        "HOST": parameters.get("host", hosts),
        "PORT": parameters.get("port", ports),
        "OPTIONS": options,
        "CONN_MAX_AGE": 0,
        # With several hosts a pooled connection can outlive its primary: it is tried before a request gets it.
        "CONN_HEALTH_CHECKS": True,
    }


def socket_url(user: str, directory: str, name: str) -> str:
    """The address of a database behind a unix socket in `directory`."""
    return f"postgresql://{quote(user, safe='')}@/{quote(name, safe='')}?host={quote(directory, safe='/')}"


def with_name(url: str, name: str) -> str:
    """The same server and user, another database."""
    address, mark, query = url.partition("?")
    return f"{address.rpartition('/')[0]}/{quote(name, safe='')}{mark}{query}"


def _parameters(query: str) -> dict[str, str]:
    try:
        parameters = dict(parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query)))
    except ValueError:
        raise BadDatabaseUrl("After the question mark a database address has name=value parts joined by &.") from None
    unknown = sorted(set(parameters) - PARAMETERS - {"host", "port"})
    if unknown:
        raise BadDatabaseUrl(f"The database address has an unknown parameter: {', '.join(unknown)}.")
    return parameters


def _user(authority: str) -> tuple[str, str]:
    user, _, password = authority.rpartition("@")[0].partition(":")
    return unquote(user), unquote(password)


def _hosts(text: str) -> tuple[str, str]:
    """Split "h1:5432,h2" into libpq's two lists, "h1,h2" and "5432,5432"; one host without a port has an empty port."""
    hosts, ports = [], []
    for part in text.split(",") if text else []:
        host, port = _host(part)
        hosts.append(host)
        ports.append(port)
    if len(hosts) > 1:
        ports = [port or DEFAULT_PORT for port in ports]
    return ",".join(hosts), ",".join(ports)


def _host(part: str) -> tuple[str, str]:
    if part.startswith("["):  # an IPv6 address has colons of its own
        host, bracket, rest = part[1:].partition("]")
        colon, port = rest[:1], rest[1:]
        broken = not bracket or (rest and colon != ":")
    else:
        host, _, port = part.partition(":")
        broken = not host
    if broken:
        raise BadDatabaseUrl("The database address has an empty or broken host.")
    if port and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise BadDatabaseUrl(f"The database address has a port that is not a number from 1 to 65535: {port}.")
    return unquote(host), port

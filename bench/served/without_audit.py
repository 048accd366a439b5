"""The same application without its trail, for the bar `audit_cost` alone: nothing in the package can switch it off."""

from kotisatama.config.wsgi import application  # first: it sets the applications up

from kotisatama.audit import actions, middleware  # isort: skip

__all__ = ["application"]


def _nothing(*_words: object) -> None:
    """No code is worked out and no line is written."""


def _only_execute(_self, execute, sql, params, many, context):  # noqa: ANN001, ANN202
    """Statements are not looked at."""
    return execute(sql, params, many, context)


actions._write = _nothing
middleware.Watch.__call__ = _only_execute

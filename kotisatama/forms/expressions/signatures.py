"""The functions that an expression may call: name to the fewest and most arguments (None: any number)."""

import difflib

SIGNATURES: dict[str, tuple[int, int | None]] = {
    # truth and choice
    "true": (0, 0), "false": (0, 0), "not": (1, 1), "boolean": (1, 1), "boolean-from-string": (1, 1),
    "if": (3, 3), "coalesce": (1, None), "once": (1, 1), "checklist": (3, None), "weighted-checklist": (4, None),
    # text
    "string": (0, 1), "concat": (0, None), "join": (1, None), "contains": (2, 2), "starts-with": (2, 2),
    "ends-with": (2, 2), "substring": (2, 3), "substr": (2, 3), "substring-before": (2, 2),
    "substring-after": (2, 2), "string-length": (0, 1), "normalize-space": (0, 1), "translate": (3, 3),
    "regex": (2, 2), "digest": (2, 3), "uuid": (0, 1), "base64-decode": (1, 1),
    # select questions
    "selected": (2, 2), "selected-at": (2, 2), "count-selected": (1, 1), "jr:choice-name": (2, 2),
    # numbers
    "number": (0, 1), "int": (1, 1), "round": (1, 2), "floor": (1, 1), "ceiling": (1, 1), "abs": (1, 1),
    "pow": (2, 2), "sqrt": (1, 1), "exp": (1, 1), "exp10": (1, 1), "log": (1, 1), "log10": (1, 1), "pi": (0, 0),
    "sin": (1, 1), "cos": (1, 1), "tan": (1, 1), "asin": (1, 1), "acos": (1, 1), "atan": (1, 1), "atan2": (2, 2),
    "random": (0, 0),
    # nodes
    "sum": (1, 1), "count": (1, 1), "count-non-empty": (1, 1), "min": (1, None), "max": (1, None),
    "position": (0, 1), "last": (0, 0), "name": (0, 1), "local-name": (0, 1), "current": (0, 0),
    "instance": (1, 1), "indexed-repeat": (3, 7),
    # time
    "today": (0, 0), "now": (0, 0), "date": (1, 1), "date-time": (1, 1), "format-date": (2, 2),
    "format-date-time": (2, 2), "decimal-date-time": (1, 1), "decimal-time": (1, 1),
    # places on the globe
    "area": (1, 1), "distance": (1, 2),
}  # fmt: skip

REFUSED = {
    "pulldata": "This form cannot read other files: write the values on the choices sheet instead.",
    "jr:itext": "Use jr:choice-name for the label of a choice.",
    "randomize": "The order of choices cannot be random: it would change between pages.",
    "property": "Properties of a device do not exist on a web page.",
    "geofence": "Maps are not supported.",
}


def complaint(name: str, arguments: int) -> str:
    """What is wrong with a call of `name` with so many arguments, as a sentence; empty when nothing is."""
    if name in REFUSED:
        return f"The function “{name}” is not supported. {REFUSED[name]}"
    if name not in SIGNATURES:
        near = difflib.get_close_matches(name, SIGNATURES, 1)
        hint = f" Did you mean “{near[0]}”?" if near else ""
        return f"There is no function “{name}”.{hint}"
    fewest, most = SIGNATURES[name]
    if arguments < fewest or (most is not None and arguments > most):
        return f"The function “{name}” takes {_amount(fewest, most)}, not {arguments}."
    return ""


def _amount(fewest: int, most: int | None) -> str:
    if most is None:
        return f"at least {_plural(fewest)}"
    return _plural(fewest) if fewest == most else f"{fewest} to {_plural(most)}"


def _plural(count: int) -> str:
    return f"{count} argument" if count == 1 else f"{count} arguments"

"""Reading an answer of a statistical office in json-stat2 as people by municipality, and refusing what is unclear."""

import json
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kotisatama.funding import split_input
from kotisatama.funding.splitting import Faulty

MOST_BYTES = 5_000_000
MOST_CELLS = 100_000
WHOLE_COUNTRY = "SSS"  # a sum over everybody, never a partner


@dataclass(frozen=True)
class Counted:
    """Numbers of one year as the answer gives them; `names` are the answer's own names of the areas."""

    year: str
    people: dict[str, int]
    names: dict[str, str]
    source: str
    updated: str


@dataclass(frozen=True)
class _Dimension:
    name: str
    codes: list[str]
    labels: Mapping[str, str]


def read(content: bytes, *, area: str = "Alue", year: str = "", only: Collection[str] = ()) -> Counted:
    """People by municipality code for `year` (the latest by default). Raises Faulty, with the place in the answer.

    `area` is the dimension of areas where the answer does not say its role. Every other dimension but the year has to
    have one value: a sum over several would count people twice.
    """
    answer = _loaded(content)
    dimensions = [_dimension(answer, name) for name in _names(answer)]
    where, when = _role(answer, dimensions, "geo", area), _role(answer, dimensions, "time", "Vuosi")
    if where is None:
        raise Faulty("statistic", _("The statistic has no dimension of areas named %(name)s.") % {"name": area})
    for each in dimensions:
        if each not in (where, when) and len(each.codes) != 1:
            sentence = _("The statistic has %(number)s values of %(name)s. Ask for one of them.")
            raise Faulty("statistic", sentence % {"number": len(each.codes), "name": each.name})
    chosen, areas = _year(when, year), _chosen(where, only)
    fixed = {when.name: chosen} if when else {}
    return Counted(
        year=chosen,
        people={code: _people(answer, dimensions, where, area, fixed) for code, area in areas.items()},
        names={code: where.labels.get(area, area) for code, area in areas.items()},
        source=str(answer.get("source") or answer.get("label") or "")[:300],
        updated=str(answer.get("updated") or "")[:40],
    )


def _loaded(content: bytes) -> dict[str, Any]:
    if len(content) > MOST_BYTES:
        raise Faulty("statistic", _("The file of the statistic is too large."))
    try:
        answer = json.loads(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise Faulty("statistic", _("The statistic is not a file in json-stat2.")) from None
    wanted = {"id": list, "size": list, "dimension": dict}
    if not isinstance(answer, dict) or not all(isinstance(answer.get(key), kind) for key, kind in wanted.items()):
        raise Faulty("statistic", _("The statistic is not a file in json-stat2."))
    return answer


def _names(answer: dict[str, Any]) -> list[str]:
    names, sizes = list[Any](answer["id"]), answer["size"]
    if len(names) != len(sizes) or not all(isinstance(each, int) and 0 <= each <= MOST_CELLS for each in sizes):
        raise Faulty("statistic", _("The sizes of the statistic do not fit its dimensions."))
    if not all(isinstance(name, str) and isinstance(answer["dimension"].get(name), dict) for name in names):
        raise Faulty("statistic", _("The statistic names a dimension that it does not describe."))
    return names


def _dimension(answer: dict[str, Any], name: str) -> _Dimension:
    category = answer["dimension"][name].get("category")
    category = category if isinstance(category, dict) else {}
    index, labels = category.get("index"), category.get("label")
    labels = {str(key): str(value) for key, value in labels.items()} if isinstance(labels, dict) else {}
    if isinstance(index, dict) and all(isinstance(each, int) for each in index.values()):
        codes = sorted(index, key=lambda code: int(index[code]))
    else:  # a list, or left out where there is one value
        codes = [str(each) for each in index] if isinstance(index, list) else list(labels)
    if len(codes) != answer["size"][answer["id"].index(name)] or len(set(codes)) != len(codes):
        sentence = _("The values of %(name)s do not fit the size that the statistic gives.")
        raise Faulty("statistic", sentence % {"name": name})
    return _Dimension(name, codes, labels)


def _role(answer: dict[str, Any], dimensions: list[_Dimension], role: str, name: str) -> _Dimension | None:
    roles = answer.get("role")
    named = roles.get(role) if isinstance(roles, dict) else None
    named = named if isinstance(named, list) else []
    return next((each for each in dimensions if each.name == name or (each.name in named and len(named) == 1)), None)


def _year(when: _Dimension | None, asked: str) -> str:
    if when is None:
        return asked
    if asked and asked not in when.codes:
        raise Faulty("year", _("The statistic has no numbers of %(year)s.") % {"year": asked})
    if not when.codes:
        raise Faulty("statistic", _("The statistic has no year."))
    return asked or max(when.codes)


def _chosen(where: _Dimension, only: Collection[str]) -> dict[str, str]:
    """Codes of municipalities with the areas as the statistic writes them. Raises Faulty."""
    found: dict[str, str] = {}
    for area in where.codes:
        if area.strip().upper() == WHOLE_COUNTRY:
            continue
        try:
            code = split_input.code(area)
        except Faulty:
            if only:
                continue
            sentence = _("The area %(code)s (%(name)s) of the statistic is not a municipality.")
            raise Faulty("statistic", sentence % {"code": area, "name": where.labels.get(area, "")}) from None
        if code in found:
            raise Faulty("statistic", _("%(code)s stands twice.") % {"code": code})
        found[code] = area
    if missing := [code for code in only if code not in found]:
        sentence = _("The statistic has no number of %(codes)s.")
        raise Faulty("statistic", sentence % {"codes": ", ".join(missing)})
    return {code: found[code] for code in only} if only else found


def _people(
    answer: dict[str, Any], dimensions: list[_Dimension], where: _Dimension, area: str, fixed: dict[str, str]
) -> int:
    place = 0
    for each in dimensions:  # row-major: the last dimension runs fastest
        wanted = area if each is where else fixed.get(each.name, each.codes[0])
        place = place * len(each.codes) + each.codes.index(wanted)
    return _number(_value(answer, place), area, where.labels.get(area, ""), place)


def _value(answer: dict[str, Any], place: int) -> Any:
    values = answer.get("value")
    if isinstance(values, dict):  # only the cells that have a value
        return values.get(str(place))
    return values[place] if isinstance(values, list) and place < len(values) else None


def _number(value: Any, code: str, name: str, place: int) -> int:
    where = {"code": code, "name": name, "place": place + 1}
    if value is None:
        sentence = _("The statistic has no number for %(code)s %(name)s (value %(place)s is empty).")
        raise Faulty("statistic", sentence % where)
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
    if not is_number or value != int(value) or not 0 <= value <= split_input.MOST_PEOPLE:
        sentence = _("The value of %(code)s %(name)s (value %(place)s) is not a number of people.")
        raise Faulty("statistic", sentence % where)
    return int(value)

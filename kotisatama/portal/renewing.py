"""What a renewed form would do to the answers, in words."""

from kotisatama.forms import actions, queries
from kotisatama.forms.models import Draft
from kotisatama.forms.structure import Definition
from kotisatama.portal.filling_in import Visit
from kotisatama.portal.reading_back import Said, answer_text


def offer(visit: Visit, draft: Draft) -> dict[str, object] | None:
    """Context of the offer; None when there is no newer version."""
    move = actions.plan_move(draft)
    if move is None:
        return None
    new = queries.definition(move.version)
    kept = [name for name in _units(new) if name in move.answers]
    carried = [_said(new, name, move.answers, visit.language) for name in kept]
    return {
        "code": visit.code,
        "back": max(draft.page, 1),
        "version": move.version.pk,
        "revision": draft.revision,
        "carried": [each for each in carried if each.here],
        "lost": [_said(visit.form, name, draft.answers, visit.language) for name in move.lost],
        "new": [queries.localized(new.questions[name].labels, visit.language) for name in move.new],
    }


def _units(form: Definition) -> list[str]:
    return list(dict.fromkeys(form.unit_of(each.name) for each in form.questions.values() if each.is_asked))


def _said(form: Definition, name: str, answers: dict[str, object], language: str) -> Said:
    item = form.questions.get(name) or form.sections[name]
    return Said(name, queries.localized(item.labels, language), answer_text(form, {name: answers[name]}, language))

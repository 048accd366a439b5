"""A helper's way through the pages that the person shares."""

from kotisatama.forms import filling, queries
from kotisatama.forms.models import Draft, DraftKey, Who
from kotisatama.portal import form_pages, questions, reading_back
from kotisatama.portal.filling_in import Visit, current_language, evaluate, without


def visit(key: DraftKey, draft: Draft, number: int) -> Visit | None:
    """One shared page of the draft, without what is kept to the person; None for a page that is not shared."""
    form = queries.definition(draft.version)
    if number not in form_pages.shared_numbers(key, form):
        return None
    section = without(form.pages[number - 1], {*reading_back.unshared(form), *draft.verified})
    return Visit(
        code=draft.version.form.code,
        version=draft.version,
        form=form,
        browser=draft.holder,
        draft=draft,
        index=number,
        section=section,
        language=current_language(),
        answers=draft.answers,
        by=Who.HELPER,
        key=key,
    )


def overview(key: DraftKey, draft: Draft) -> dict[str, object]:
    """Context of the helper's first page."""
    form, language = queries.definition(draft.version), current_language()
    pages = [each for each in form_pages.shareable(form, language, key) if each.is_shared]
    return {"title": queries.title(draft.version, language), "pages": pages, "until": key.expires_at}


def page(visit: Visit, drawn: questions.Page, key: DraftKey) -> dict[str, object]:
    """Context of a shared page; its number and total count the shared pages that are asked."""
    asked = [each.name for each in filling.visible_pages(visit.form, evaluate(visit)) if each.name in key.pages]
    place = asked.index(visit.page.name) + 1 if visit.page.name in asked else 1
    return form_pages.page(visit, drawn) | {"number": place, "total": max(len(asked), 1), "until": key.expires_at}

"""Translations of a form's texts: from the rows, with states beside them, saved text by text."""

from collections.abc import Iterator

import pytest
from django.core.exceptions import PermissionDenied

from kotisatama.forms import actions, translating_queries, translating_states, xlsform
from kotisatama.forms import definition as definitions
from kotisatama.forms.models import Form, TextState, Version
from kotisatama.forms.tests.translating_rows import AR, FI, HINT, PHONE, TITLE, YES, a_draft, rows
from kotisatama.forms.translating import Change
from kotisatama.forms.translating_states import State
from kotisatama.forms.translating_texts import digest, texts_of, with_words
from kotisatama.kernel.errors import NotAllowed
from kotisatama.staff.models import Worker
from kotisatama.staff.permissions import Role
from tests import builders

pytestmark = pytest.mark.django_db


@pytest.fixture
def worker() -> Iterator[Worker]:
    with builders.as_worker(builders.a_worker(Role.TRANSLATOR)) as found:
        yield found


def states(version: Version, language: str = "ar") -> dict[str, State]:
    version.refresh_from_db()
    sheet = translating_queries.sheet(version, language)
    assert sheet is not None
    return {line.text.key: line.state for line in sheet.lines}


def change(version: Version, key: str, words: str, *, language: str = "ar", state: str = "") -> Change:
    """A change by somebody who sees the version as it is now."""
    text = texts_of(version.source).by_key()[key]
    return Change(key, digest(text.source), digest(text.target(language)), words, state)


def test_every_cell_of_words_is_a_text_whatever_its_sheet() -> None:
    found = texts_of(rows())
    assert (found.default, found.languages) == ("fi", ("fi", "ar", "uk"))
    assert [text.key for text in found.texts] == [
        TITLE, PHONE, HINT, "survey/again/label", YES, "choices/yesno/no/label",
    ]  # fmt: skip
    assert found.by_key()[PHONE].words == {"fi": "Puhelinnumero", "ar": "رقم الهاتف"}


def test_names_used_twice_or_missing_in_a_wrong_draft_keep_their_texts_apart() -> None:
    wrong = rows()
    wrong["survey"]["rows"] += [
        [4, {"type": "text", "name": "phone", FI: "Toinen"}],
        [5, {"type": "note", FI: "Kolmas"}],
    ]
    keys = [text.key for text in texts_of(wrong).texts if text.sheet == "survey"]
    assert len(keys) == len(set(keys)) == 5


def test_words_of_a_new_language_get_columns_of_their_own_and_the_form_still_compiles() -> None:
    written = with_words(rows(), "so", {PHONE: "Lambarka", HINT: "Tusaale", YES: "Haa", TITLE: "Jawaab celin"})
    assert written["survey"]["columns"][5:] == ["label::Soomaali (so)", "hint::suomi (fi)", "hint::Soomaali (so)"]
    compiled = definitions.compile_definition(xlsform.source_from_json(written))
    assert compiled.problems == ()
    form = compiled.definition
    assert form is not None
    assert form.questions["phone"].hints["so"] == "Tusaale"
    assert form.titles == {"fi": "Palaute", "so": "Jawaab celin"}
    assert form.title == "Palaute"
    assert texts_of(written).by_key()[PHONE].target("ar") == "رقم الهاتف"


def test_emptied_words_leave_no_cell() -> None:
    written = with_words(rows(), "ar", {PHONE: ""})
    assert AR not in written["survey"]["rows"][0][1]


def test_a_form_that_does_not_say_its_language_is_not_translated() -> None:
    plain = rows()
    plain["survey"] = {"columns": ["type", "name", "label"], "rows": [[2, {"type": "text", "name": "a", "label": "A"}]]}
    plain["choices"] = {"columns": [], "rows": []}
    plain["settings"] = {"columns": [], "rows": []}
    with pytest.raises(NotAllowed):
        with_words(plain, "ar", {"survey/a/label": "أ"})


def test_a_text_is_missing_then_new_then_reviewed_and_stale_when_its_source_changes(worker: Worker) -> None:
    version = a_draft()
    assert states(version)[HINT] == State.MISSING
    actions.save_texts(version, language="ar", changes=[change(version, HINT, "مثال")], by=worker)
    assert states(version)[HINT] == State.NEW
    read = change(version, HINT, "مثال", state="reviewed")
    assert actions.save_texts(version, language="ar", changes=[read], by=worker).marks == [HINT]
    assert states(version)[HINT] == State.REVIEWED
    other = {**version.source, "survey": rows()["survey"]}
    actions.change_rows(version, rows=with_words(other, "ar", {HINT: "مثال"}), revision=version.revision, by=worker)
    assert states(version)[HINT] == State.REVIEWED, "the same pair of words"
    changed = with_words(rows("Puhelin"), "ar", {HINT: "مثال"})
    version.refresh_from_db()
    actions.change_rows(version, rows=changed, revision=version.revision, by=worker)
    assert (states(version)[PHONE], states(version)[HINT]) == (State.STALE, State.REVIEWED)
    still_right = change(version, PHONE, "رقم الهاتف", state="reviewed")
    actions.save_texts(version, language="ar", changes=[still_right], by=worker)
    assert states(version)[PHONE] == State.REVIEWED
    assert TextState.objects.get(source_digest=digest("Puhelin")).changed_by == worker


def test_states_live_on_in_the_next_version_and_a_changed_source_is_stale_there(worker: Worker) -> None:
    version = a_draft()
    actions.save_texts(
        version, language="ar", changes=[change(version, YES, "نعم", state="reviewed")], by=worker
    )  # fmt: skip
    actions.check_version(version, revision=version.revision, by=None)
    actions.publish_version(version)
    following = actions.start_version(version.form, rows=rows("Puhelin"), by=worker)
    assert states(following)[YES] == State.REVIEWED
    assert states(following)[PHONE] == State.STALE
    assert states(version)[PHONE] == State.NEW, "the published version's own words still fit each other"


def test_a_source_that_changes_twice_and_comes_back_half_way_stays_stale(worker: Worker) -> None:
    version = a_draft()
    for phone, state in (("Toinen", State.STALE), ("Kolmas", State.STALE), ("Toinen", State.STALE)):
        actions.change_rows(version, rows=rows(phone), revision=version.revision, by=worker)
        assert states(version)[PHONE] == state
    actions.change_rows(version, rows=rows(), revision=version.revision, by=worker)
    assert states(version)[PHONE] == State.NEW


def test_two_translators_of_other_languages_and_of_other_texts_do_not_hinder_each_other(worker: Worker) -> None:
    first, second = a_draft(), Version.objects.get()
    actions.save_texts(first, language="ar", changes=[change(first, HINT, "مثال")], by=worker)
    saved = actions.save_texts(
        second, language="uk", changes=[change(second, PHONE, "Телефон", language="uk")], by=worker
    )
    assert not saved.refused
    third = change(second, "survey/again/label", "شيء آخر؟")
    assert not actions.save_texts(second, language="ar", changes=[third], by=worker).refused
    words = texts_of(Version.objects.get().source).by_key()
    assert (words[HINT].target("ar"), words[PHONE].target("uk")) == ("مثال", "Телефон")
    assert words["survey/again/label"].target("ar") == "شيء آخر؟"


def test_the_same_text_changed_by_two_is_told_and_not_overwritten(worker: Worker) -> None:
    version = a_draft()
    mine, theirs = change(version, HINT, "مثال"), change(version, HINT, "على سبيل المثال")
    actions.save_texts(version, language="ar", changes=[theirs], by=worker)
    saved = actions.save_texts(version, language="ar", changes=[mine, change(version, YES, "أجل")], by=worker)
    assert saved.meanwhile == {HINT: "على سبيل المثال"}
    assert saved.words == [YES]
    assert texts_of(Version.objects.get().source).by_key()[HINT].target("ar") == "على سبيل المثال"


def test_what_was_translated_from_a_source_that_changed_meanwhile_is_stale(worker: Worker) -> None:
    version = a_draft()
    mine = change(version, PHONE, "هاتف")
    actions.change_rows(version, rows=rows("Sähköposti"), revision=version.revision, by=worker)
    assert not actions.save_texts(version, language="ar", changes=[mine], by=worker).refused
    assert states(version)[PHONE] == State.STALE


def test_saving_the_same_again_changes_nothing(worker: Worker) -> None:
    version = a_draft()
    changes = [change(version, HINT, "مثال"), change(version, YES, "نعم", state="reviewed")]
    assert actions.save_texts(version, language="ar", changes=changes, by=worker).count == 2
    revision = Version.objects.get().revision
    assert actions.save_texts(version, language="ar", changes=changes, by=worker).count == 0
    assert Version.objects.get().revision == revision


def test_words_of_a_published_version_stay_but_its_texts_can_be_read(worker: Worker) -> None:
    version = a_draft()
    actions.check_version(version, revision=version.revision, by=None)
    actions.publish_version(version)
    with pytest.raises(NotAllowed):
        actions.save_texts(version, language="ar", changes=[change(version, YES, "أجل")], by=worker)
    actions.save_texts(version, language="ar", changes=[change(version, YES, "نعم", state="reviewed")], by=worker)
    assert states(version)[YES] == State.REVIEWED
    begun = actions.begin_from(version, by=worker)
    assert begun.source["survey"] == version.source["survey"]
    assert actions.begin_from(version, by=worker) == begun
    assert states(begun)[YES] == State.REVIEWED


def test_a_new_version_is_begun_from_the_published_one_and_leaves_a_line(worker: Worker) -> None:
    retired = a_draft()
    for version in (retired, actions.start_version(retired.form, rows=rows("Puhelin"), by=None)):
        actions.check_version(version, revision=version.revision, by=None)
        actions.publish_version(version)
    begun = actions.begin_from(retired, by=worker)
    assert texts_of(begun.source).by_key()[PHONE].source == "Puhelin"
    actions.begin_from(retired, by=worker)
    assert builders.audit_actions() == ["form.version_begun"]


def test_a_save_leaves_one_line_without_words_and_none_when_nothing_changed(worker: Worker) -> None:
    version = a_draft()
    changes = [change(version, HINT, "مثال"), change(version, YES, "نعم", state="reviewed")]
    for _twice in range(2):
        actions.save_texts(version, language="ar", changes=changes, by=worker)
    (line,) = builders.audit_lines()
    assert line.action == "form.texts_changed"
    assert line.details == {
        "version": version.pk, "code": "palaute", "number": version.number, "language": "ar", "words": 1, "marks": 2,
    }  # fmt: skip


def test_whoever_does_not_translate_neither_saves_nor_begins() -> None:
    version, worker = a_draft(), builders.a_worker(Role.COUNSELLOR)
    with pytest.raises(PermissionDenied):
        actions.save_texts(version, language="ar", changes=[change(version, HINT, "مثال")], by=worker)
    with pytest.raises(PermissionDenied):
        actions.begin_from(version, by=worker)


def test_an_action_refuses_what_the_page_would_refuse(worker: Worker) -> None:
    version = a_draft()
    saved = actions.save_texts(version, language="ar", changes=[change(version, HINT, "<script>x</script>")], by=worker)
    assert list(saved.refused) == [HINT]
    assert states(version)[HINT] == State.MISSING


def test_the_share_of_finished_texts_of_each_language(worker: Worker) -> None:
    version = a_draft()
    (arabic, ukrainian) = translating_states.language_shares(version)
    assert (arabic.language, arabic.finished, arabic.total) == ("ar", 2, 6)
    assert ukrainian.share == pytest.approx(1 / 6)
    machine = change(version, HINT, "مثال", state="machine")
    actions.save_texts(version, language="ar", changes=[machine], by=worker)
    version.refresh_from_db()
    arabic = translating_states.language_shares(version)[0]
    assert (arabic.finished, arabic.counts[State.MACHINE]) == (2, 1), "a machine's words are a draft"


def test_the_forms_of_a_region_are_read_in_two_queries(django_assert_num_queries: object) -> None:
    for code in ("a", "b", "c"):
        form = Form.objects.create(code=code, title=code)
        actions.start_version(form, rows=rows(), by=None)
    with django_assert_num_queries(2):  # type: ignore[operator]
        assert [work.version.form.code for work in translating_queries.works()] == ["a", "b", "c"]

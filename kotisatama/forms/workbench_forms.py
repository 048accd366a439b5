"""Fields of the main user's pages around forms."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotisatama.forms import table_files, tables, toolbox, workbench, xlsform
from kotisatama.forms.models import Form, Version
from kotisatama.kernel.errors import NotAllowed
from kotisatama.kernel.xml_text import is_writable
from kotisatama.translation import languages
from kotisatama.web import widgets


class FindFormsForm(forms.Form):
    """The filters above the list."""

    q = forms.CharField(label=gettext_lazy("Title or code"), max_length=80, required=False)
    sort = forms.ChoiceField(
        label=gettext_lazy("Order"),
        required=False,
        choices=[
            ("title", gettext_lazy("Title")),
            ("code", gettext_lazy("Code of the form")),
            ("changed", gettext_lazy("Changed last")),
        ],
    )


def check_signs(title: str) -> None:
    """A title goes into files that cannot hold every sign."""
    if not is_writable(title):
        raise forms.ValidationError(_("The title has signs that cannot be used. Type it again."))


def language_choices(reader: str) -> list[tuple[str, str]]:
    """Every language of the service with its name for the reader, in the order of the packaged table."""
    return [(code, f"{languages.name_in(code, reader)} ({code})") for code in languages.all_languages()]


def _language_words() -> dict[str, str]:
    return {code: f"{each.own_name} {each.english}" for code, each in languages.all_languages().items()}


class NewFormForm(forms.Form):
    """A form from nothing or from the toolbox."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=120, validators=[check_signs])
    code = forms.SlugField(
        label=gettext_lazy("Code of the form"),
        max_length=50,
        help_text=gettext_lazy("Part of the form's address, for example feedback. It does not change later."),
        error_messages={"invalid": gettext_lazy("Use letters from a to z, digits, hyphens and low lines.")},
    )
    codes = forms.MultipleChoiceField(
        label=gettext_lazy("Languages"),
        help_text=gettext_lazy("The first of them in this list is the form's own language. More can be added later."),
        widget=widgets.TypeAheadMany(),
    )
    origin = forms.ChoiceField(label=gettext_lazy("Begin from"), required=False)

    def __init__(self, *args: Any, reader: str, known: list[Form], **options: Any) -> None:
        super().__init__(*args, **options)
        spoken = cast(forms.MultipleChoiceField, self.fields["codes"])
        spoken.choices = language_choices(reader)
        cast(widgets.TypeAhead, spoken.widget).names = _language_words()
        cast(forms.ChoiceField, self.fields["origin"]).choices = [
            ("", _("Nothing: an empty form")),
            *((f"toolbox:{each.code}", f"{each.title} – {each.text}") for each in toolbox.TEMPLATES),
            *((f"form:{each.code}", _("A copy of: %(title)s") % {"title": each.title}) for each in known),
        ]

    def clean_code(self) -> str:
        """Some words are addresses of other pages."""
        code: str = self.cleaned_data["code"]
        if code in workbench.RESERVED:
            raise forms.ValidationError(_("This word is the address of another page. Choose another code."))
        return code


class TablesField(forms.FileField):
    """Several CSV files at once; cleaned to tables by file name."""

    widget = type("ManyFiles", (forms.ClearableFileInput,), {"allow_multiple_selected": True})

    def clean(self, data: Any, initial: Any = None) -> dict[str, Any]:
        """Read each file; what is wrong is said with the file's name and the place."""
        files = [each for each in (data if isinstance(data, (list, tuple)) else [data]) if each]
        if self.required and not files:
            raise forms.ValidationError(self.error_messages["required"])
        if len(files) > tables.MOST_TABLES:
            raise forms.ValidationError(_("Send at most %(most)s tables.") % {"most": tables.MOST_TABLES})
        found = {}
        for file in files:
            try:
                found[table_files.check_name(file.name)] = table_files.read(file.read(tables.MOST_BYTES + 1))
            except NotAllowed as reason:
                raise forms.ValidationError(f"{file.name[:80]}: {reason}") from reason
        return found


class WorkbookForm(forms.Form):
    """A workbook, with the tables that it names."""

    workbook = forms.FileField(
        label=gettext_lazy("Workbook (.xlsx)"),
        error_messages={"required": gettext_lazy("Choose a workbook. It can have at most 5 MB.")},
    )
    tables = TablesField(
        label=gettext_lazy("Tables (.csv)"),
        required=False,
        help_text=gettext_lazy("Those that the workbook names, as “CSV UTF-8”. You can choose several files."),
    )

    def clean_workbook(self) -> bytes:
        """The file's content; one byte more than allowed when it is too large."""
        content: bytes = self.cleaned_data["workbook"].read(xlsform.MOST_BYTES + 1)
        return content


class DraftWorkbookForm(WorkbookForm):
    """The same for a draft that exists, as it was when the page was opened."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class RevisionForm(forms.Form):
    """Nothing but what one has looked at."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class AcceptForm(RevisionForm):
    """Which workbook was looked at beside which draft."""

    sha256 = forms.CharField(max_length=64, widget=forms.HiddenInput)


class TablesForm(RevisionForm):
    """Tables for a draft."""

    tables = TablesField(
        label=gettext_lazy("Tables (.csv)"),
        help_text=gettext_lazy("Saved as “CSV UTF-8”. A table of the same name is replaced."),
        error_messages={"required": gettext_lazy("Choose a table.")},
    )


class SettingsForm(forms.Form):
    """The settings of a form."""

    settings_version = forms.IntegerField(widget=forms.HiddenInput)
    title = forms.CharField(
        label=gettext_lazy("Title at the desk"),
        max_length=120,
        validators=[check_signs],
        help_text=gettext_lazy("Visitors see the title that stands in the form itself."),
    )
    is_listed = forms.BooleanField(
        label=gettext_lazy("Stands on the public start page while a version is published"), required=False
    )
    complete_languages_required = forms.MultipleChoiceField(
        label=gettext_lazy("Languages that have to be finished before publishing"),
        required=False,
        help_text=gettext_lazy("Without any, a form is published also with unfinished languages."),
        widget=widgets.TypeAheadMany(),
    )

    def __init__(self, *args: Any, reader: str, **options: Any) -> None:
        super().__init__(*args, **options)
        spoken = cast(forms.MultipleChoiceField, self.fields["complete_languages_required"])
        spoken.choices = language_choices(reader)
        cast(widgets.TypeAhead, spoken.widget).names = _language_words()


def settings_of(form: Form) -> dict[str, Any]:
    """What the page of the settings shows at first."""
    names = ("settings_version", "title", "is_listed", "complete_languages_required")
    return {name: getattr(form, name) for name in names}


def beside(form: SettingsForm, now: Form) -> dict[str, Any]:
    """What was typed, to be sent again in the knowledge of what somebody else has saved meanwhile."""
    now.refresh_from_db()
    return {**form.cleaned_data, "settings_version": now.settings_version}


def seen(version: Version) -> dict[str, Any]:
    """What the page remembers of the version that it shows."""
    return {"revision": version.revision}

"""Fields of a rule of routing."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotisatama.contacts import queries as contacts
from kotisatama.forms import queries as form_queries
from kotisatama.intake.forms import NOTHING, StepForm, reader
from kotisatama.intake.models import RoutingRule
from kotisatama.network import queries as network
from kotisatama.people import queries as people
from kotisatama.staff import access as staff
from kotisatama.staff.models import Worker
from kotisatama.web.widgets import TypeAhead


class RuleForm(StepForm):
    """Conditions, each of which may be left open, and where what fits goes."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, initial=1)
    form = forms.ChoiceField(label=gettext_lazy("Form"), required=False)
    municipality = forms.ChoiceField(label=gettext_lazy("Municipality"), required=False, widget=TypeAhead)
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False, widget=TypeAhead)
    topic = forms.ChoiceField(label=gettext_lazy("Topic"), required=False)
    place = forms.ChoiceField(
        label=gettext_lazy("Goes to"), error_messages={"required": gettext_lazy("Choose a team or a service point.")}
    )

    def __init__(self, *args: Any, worker: Worker, **options: Any) -> None:
        super().__init__(*args, **options)
        self.known_forms = {str(each.pk): each for each in form_queries.forms()}
        teams = staff.visible_teams(worker).filter(organisation_id=worker.organisation_id)
        points = network.service_points(worker.organisation)
        self.places = {f"team:{each.pk}": each for each in teams}
        self.points = {f"point:{each.pk}": each for each in points}
        anything = ("", _("Any"))
        self.offer("form", [anything, *((key, each.title) for key, each in self.known_forms.items())])
        self.offer("municipality", [anything, *people.municipality_choices(reader(), first=worker.controller_codes)])
        languages = [*people.language_choices(reader()), ("other", _("Another language"))]
        self.offer("language", [anything, *languages])
        self.offer("topic", [anything, *contacts.topic_choices(reader())])
        named = [(key, each.name) for key, each in (self.places | self.points).items()]
        self.offer("place", [NOTHING, *named])

    def rule_fields(self) -> dict[str, Any]:
        """The fields of the actions."""
        given = self.cleaned_data
        return {
            "form": self.known_forms.get(given["form"]),
            **{name: given[name] for name in ("municipality", "language", "topic")},
            "team": self.places.get(given["place"]),
            "service_point": self.points.get(given["place"]),
        }


def initial_of(rule: RoutingRule) -> dict[str, Any]:
    """The rule as its page shows it."""
    place = f"team:{rule.team_id}" if rule.team_id else f"point:{rule.service_point_id}"
    plain = {name: getattr(rule, name) for name in ("municipality", "language", "topic", "version")}
    return plain | {"form": str(rule.form_id or ""), "place": place}

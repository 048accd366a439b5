"""Who lives with whom, and who is what to whom."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _

from kotisatama.kernel import identifiers
from kotisatama.people.models import periods
from kotisatama.people.models.person import Person


class Household(models.Model):
    """People who live together; nothing but its members, who come and go by date."""

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(name="household_of_a_controller", fields=["id", "controller"])]

    def __str__(self) -> str:
        return str(self.pk)


class HouseholdMember(models.Model):
    """A person in a household from a day to a day (both inclusive); in one household at a time."""

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+", db_index=False)
    household = models.ForeignKey(Household, models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    valid_from = models.DateField(_("From"), null=True, blank=True)
    valid_to = models.DateField(_("Until"), null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="household_member_leaves_after_joining",
                condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gte=F("valid_from")),
            ),
            ExclusionConstraint(name="household_member_once_a_day", expressions=periods.of_person()),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class MayKnow(models.TextChoices):
    """What one person may be told of another."""

    NOTHING = "nothing", _("May be told nothing")
    VISITS = "visits", _("May know of visits")
    MESSAGES = "messages", _("May get messages")


class Relation(models.Model):
    """`from_person` is the <kind> of `to_person`; stored once, read from both ends by `queries`.

    `from_may_know` is what `from_person` may be told of `to_person`, `to_may_know` the other way round. Both persons
    and the row have one controller: composite foreign keys of the migration see to that.
    """

    class Kind(models.TextChoices):
        PARENT = "parent", _("Parent")
        GUARDIAN = "guardian", _("Guardian")
        SPOUSE = "spouse", _("Spouse or partner")
        SIBLING = "sibling", _("Brother or sister")
        RELATIVE = "relative", _("Other relative")
        SUPPORTS = "supports", _("Supports")

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+", db_index=False)
    from_person = models.ForeignKey(Person, models.CASCADE, related_name="relations_from")
    to_person = models.ForeignKey(Person, models.CASCADE, related_name="relations_to")
    kind = models.CharField(_("Relation"), max_length=10, choices=Kind.choices)
    from_may_know = models.CharField(max_length=10, choices=MayKnow.choices, default=MayKnow.NOTHING)
    to_may_know = models.CharField(max_length=10, choices=MayKnow.choices, default=MayKnow.NOTHING)
    valid_to = models.DateField(_("Until"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(name="relation_is_not_with_oneself", condition=~Q(from_person=F("to_person"))),
            models.UniqueConstraint(
                Least("from_person", "to_person"),
                Greatest("from_person", "to_person"),
                "kind",
                name="relation_once_a_pair",
            ),
        ]

    def __str__(self) -> str:
        return self.kind

"""Two persons of the register who are one: who may be, who is not, and what was made one."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least

from kotisatama.kernel import identifiers
from kotisatama.people.models.person import Person


class LikelyPair(models.Model):
    """Two persons who may be the same one. Told apart once, they are not proposed again."""

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+", db_index=False)
    first = models.ForeignKey(Person, models.CASCADE, related_name="+", db_index=False)
    second = models.ForeignKey(Person, models.CASCADE, related_name="+")
    percent = models.PositiveSmallIntegerField()
    found_at = models.DateTimeField(auto_now_add=True)
    told_apart_at = models.DateTimeField(null=True, blank=True)
    told_apart_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(
                name="likely_pair_open",
                fields=["controller", "-percent", "id"],
                condition=Q(told_apart_at__isnull=True),
            )
        ]
        constraints = [
            models.UniqueConstraint(Least("first", "second"), Greatest("first", "second"), name="likely_pair_once"),
            models.CheckConstraint(name="likely_pair_of_two", condition=~Q(first=F("second"))),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} {self.second_id}"


class Merge(models.Model):
    """Two persons made one: what stood where, so that within its days it can be undone to the letter.

    `before` is what the tables of persons said of both, `moved` what each app moved; both are emptied when the days of
    undoing are over. The id is the key of the page: the same key twice is the same merge.
    """

    id = models.UUIDField(primary_key=True, default=identifiers.new_id, editable=False)
    controller = models.ForeignKey("network.Municipality", models.PROTECT, related_name="+", db_index=False)
    survivor = models.ForeignKey(Person, models.CASCADE, related_name="+")
    gone = models.ForeignKey(Person, models.CASCADE, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    before = models.JSONField(default=dict)
    moved = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        indexes = [models.Index(name="merge_by_age", fields=["controller", "at"], condition=~Q(before={}))]
        constraints = [
            models.UniqueConstraint(name="merge_once", fields=["gone"], condition=Q(undone_at__isnull=True)),
            models.CheckConstraint(name="merge_of_two", condition=~Q(survivor=F("gone"))),
        ]

    def __str__(self) -> str:
        return str(self.pk)

"""What may happen to shares now, in the words of the screen."""

from collections.abc import Collection, Mapping
from datetime import date

from django.utils import formats
from django.utils.translation import gettext as _

from kotisatama.funding.models import Agreement, Invitation, Partnership
from kotisatama.funding.splitting import Faulty
from kotisatama.kernel.errors import ChangedMeanwhile, NotAllowed

MOST_YEARS = 10


def check_open(partnership: Partnership, agreements: Collection[Agreement]) -> None:
    """Terms, invitations and answers change only before the first agreement."""
    if agreements:
        raise NotAllowed(_("The shares were agreed and are frozen. Whoever comes now joins later, from a day on."))


def check_version(version: int, seen: int) -> None:
    """Two people at once: the second reads first what the other wrote."""
    if version != seen:
        raise ChangedMeanwhile(_("Somebody else changed this in between. Nothing was overwritten: look at it again."))


def check_days(*, begins_on: date, ends_on: date, years: Collection[int]) -> None:
    """The sums are of exactly the years between the first and the last day."""
    if ends_on < begins_on:
        raise Faulty("ends_on", _("The last day is before the first day."))
    wanted = set(range(begins_on.year, ends_on.year + 1))
    if len(wanted) > MOST_YEARS:
        raise Faulty("ends_on", _("Shares are agreed for at most %(number)s years.") % {"number": MOST_YEARS})
    if missing := sorted(wanted - set(years)):
        raise Faulty("amounts", _("The amount of %(years)s is missing.") % {"years": _listed(missing)})
    if others := sorted(set(years) - wanted):
        sentence = _("%(years)s is not between the first and the last day.")
        raise Faulty("amounts", sentence % {"years": _listed(others)})


def check_counted(codes: Collection[str], numbers: Mapping[str, int], *, field: str = "municipalities") -> None:
    """Everybody who shares has a number in the statistic."""
    if missing := [code for code in codes if code not in numbers]:
        sentence = _("The statistic has no number of %(codes)s. Choose another statistic, or type one in.")
        raise Faulty(field, sentence % {"codes": ", ".join(missing)})


def check_decision(*, answer: str, decided_on: date | None, body: str, is_lead: bool, on: date) -> None:
    """An answer is a decision: of a body, on a day that has come."""
    if answer == Invitation.Answer.NONE:
        return
    if decided_on is None:
        raise Faulty("decided_on", _("Say on which day it was decided."))
    if decided_on > on:
        raise Faulty("decided_on", _("The day of the decision has not come yet."))
    if not body:
        raise Faulty("body", _("Say which body decided."))
    if is_lead and answer == Invitation.Answer.DECLINES:
        raise Faulty("answer", _("The lead municipality takes part. Make new shares when another one leads."))


def check_freezable(partnership: Partnership, invitations: Collection[Invitation], *, on: date) -> None:
    """All have answered, or the day to answer by has passed; the lead has decided, and another one joins."""
    answers = {each.municipality_id: each.answer for each in invitations}
    if Invitation.Answer.NONE in answers.values() and on <= partnership.answers_by:
        raise NotAllowed(_("Some have not answered, and the day to answer by has not passed."))
    if answers[partnership.lead_id] != Invitation.Answer.JOINS:
        raise NotAllowed(_("The lead municipality's own decision is missing."))
    if list(answers.values()).count(Invitation.Answer.JOINS) < 2:
        raise NotAllowed(_("Nobody has joined the lead municipality: there is nothing to share."))


def check_joins_later(partnership: Partnership, latest: Agreement, code: str, *, joins_on: date) -> None:
    """A later joiner is new, and comes after everybody before and before the end."""
    if code in latest.content["people"]:
        raise Faulty("municipality", _("This municipality takes part already."))
    if not latest.begins_on < joins_on <= partnership.ends_on:
        sentence = _("A later joiner comes after %(first)s and by %(last)s.")
        days = {"first": _day(latest.begins_on), "last": _day(partnership.ends_on)}
        raise Faulty("joins_on", sentence % days)


def _day(day: date) -> str:
    return formats.date_format(day, "SHORT_DATE_FORMAT")


def _listed(years: Collection[int]) -> str:
    return ", ".join(str(year) for year in years)

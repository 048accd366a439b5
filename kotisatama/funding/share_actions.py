"""What happens to the municipalities' shares: numbers taken, municipalities asked, answers written down, shares frozen.

Each change leaves a line in the trail, and each can be repeated: a key made in the page, or a state that is there.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from kotisatama.audit import actions as audit
from kotisatama.funding import (
    access,
    json_stat,
    pxweb,
    share_access,
    share_content,
    share_queries,
    share_rules,
    splitting,
)
from kotisatama.funding.models import Agreement, Invitation, Partnership, PartnershipYear, Statistic
from kotisatama.funding.splitting import Faulty, Phase
from kotisatama.kernel.errors import NotAllowed
from kotisatama.network import queries as network
from kotisatama.staff.models import Worker

Answer = Invitation.Answer


@dataclass(frozen=True)
class Plan:
    """What the municipalities are asked to share; `amounts` by year, `invited` without the lead."""

    name: str
    lead: str
    statistic: Statistic
    method: str
    begins_on: date
    ends_on: date
    answers_by: date
    amounts: Mapping[int, Decimal]
    invited: Collection[str]
    minimum: Decimal = Decimal(0)
    fixed: Decimal = Decimal(0)
    basis: str = ""
    account: str = ""

    @property
    def columns(self) -> dict[str, object]:
        """The columns of the partnership's own row."""
        names = ("name", "statistic", "method", "begins_on", "ends_on", "answers_by", "minimum", "fixed", "basis")
        return {name: getattr(self, name) for name in (*names, "account")} | {"lead_id": self.lead}


@dataclass(frozen=True)
class Decision:
    """A municipality's answer: which body decided what, when, in which paragraph, and where the minutes are."""

    answer: str
    decided_on: date | None = None
    body: str = ""
    paragraph: str = ""
    reference: str = field(default="")


@transaction.atomic
def keep_statistic(
    *, key: UUID, title: str, as_of: date, kind: str, source: str, numbers: Mapping[str, int], by: Worker
) -> Statistic:
    """Keep numbers of people by municipality code; the same key twice is the same statistic. Raises Faulty."""
    access.require_managing(by)
    known = set(network.municipalities(numbers).values_list("code", flat=True))
    if unknown := [code for code in numbers if code not in known]:
        sentence = _("There is no municipality with the code %(code)s.")
        raise Faulty("numbers", sentence % {"code": ", ".join(unknown)})
    if not numbers:
        raise Faulty("numbers", _("The statistic has no municipalities."))
    values = {"title": title, "as_of": as_of, "kind": kind, "source": source, "numbers": dict(numbers)}
    who = {"taken_at": timezone.now(), "taken_by": by}
    statistic, is_new = Statistic.objects.get_or_create(key=key, defaults=values | who)
    if is_new:
        _record("statistic.taken", by, statistic=statistic.pk)
    return statistic


def fetch_statistic(
    *, key: UUID, title: str, year: int, codes: Collection[str], source: pxweb.Source, by: Worker
) -> Statistic:
    """Ask the source for these municipalities' numbers at the end of a year, and keep them. Raises NotAllowed."""
    access.require_managing(by)
    content = source.answer(year=year, codes=list(codes))
    counted = json_stat.read(content, area=settings.PXWEB_AREA, year=str(year), only=codes)
    told = ", ".join(each for each in (counted.source, source.name, counted.updated) if each)
    return keep_statistic(
        key=key,
        title=title,
        as_of=date(year, 12, 31),
        kind=Statistic.Kind.FETCHED,
        source=told[:300],
        numbers=counted.people,
        by=by,
    )


@transaction.atomic
def open_partnership(plan: Plan, *, key: UUID, by: Worker) -> Partnership:
    """Ask municipalities to share; the lead is asked too. The same key twice is the same one. Raises Faulty."""
    share_access.require_keeping(by, plan.lead)
    _check_plan(plan, [plan.lead, *plan.invited])
    made = {"made_at": timezone.now(), "made_by": by}
    partnership, is_new = Partnership.objects.get_or_create(key=key, defaults=plan.columns | made)
    if is_new:
        _set_years(partnership, plan.amounts)
        Invitation.objects.bulk_create(
            Invitation(partnership=partnership, municipality_id=code, invited_at=partnership.made_at)
            for code in dict.fromkeys([plan.lead, *plan.invited])
        )
        _record("partnership.opened", by, partnership=partnership.pk, municipalities=[plan.lead, *plan.invited])
    return partnership


@transaction.atomic
def change_partnership(partnership: Partnership, plan: Plan, *, version: int, by: Worker) -> Partnership:
    """Other terms, sums or days, before anything is frozen; further municipalities are asked. Raises NotAllowed."""
    partnership = _open(partnership, by=by)
    share_rules.check_version(partnership.version, version)
    if plan.lead != partnership.lead_id:
        raise Faulty("lead", _("The lead municipality stays. Make new shares when another one leads."))
    asked = list(partnership.invitations.values_list("municipality_id", flat=True))
    _check_plan(plan, [*asked, *plan.invited])
    for name, value in plan.columns.items():
        setattr(partnership, name, value)
    partnership.version += 1
    partnership.save()
    partnership.years.all().delete()
    _set_years(partnership, plan.amounts)
    for code in plan.invited:
        _invite(partnership, code)
    _record("partnership.changed", by, partnership=partnership.pk)
    return partnership


@transaction.atomic
def record_decision(invitation: Invitation, decision: Decision, *, version: int, by: Worker) -> Agreement | None:
    """Write down a municipality's answer, or a corrected one; the last one freezes the shares. Raises NotAllowed.

    Where everybody has answered and the shares cannot be agreed yet, the answer is kept and nothing is frozen.
    """
    partnership = _locked(invitation.partnership, by=by)
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if _is_written(invitation, decision):
        return partnership.agreements.first()
    share_rules.check_open(partnership, partnership.agreements.all())
    share_rules.check_version(invitation.version, version)
    _check_decision(decision, is_lead=invitation.municipality_id == partnership.lead_id)
    _answer(invitation, decision, by=by)
    if partnership.invitations.filter(answer=Answer.NONE).exists():
        return None
    try:
        share_rules.check_freezable(partnership, partnership.invitations.all(), on=timezone.localdate())
        return _freeze(partnership, by=by)
    except NotAllowed:
        return None


@transaction.atomic
def freeze(partnership: Partnership, *, by: Worker) -> Agreement:
    """Agree on the shares of those who have joined, after the day to answer by. Frozen already: that agreement."""
    partnership = _locked(partnership, by=by)
    if (first := partnership.agreements.first()) is not None:
        return first
    share_rules.check_freezable(partnership, partnership.invitations.all(), on=timezone.localdate())
    return _freeze(partnership, by=by)


@transaction.atomic
def join_later(
    partnership: Partnership, *, code: str, joins_on: date, decision: Decision, statistic: Statistic, by: Worker
) -> Agreement:
    """A municipality joins from a day on: a further agreement beside the frozen ones. Raises NotAllowed.

    The year in which it joins is shared by days; what was due before stays. Repeated, it is the same agreement.
    """
    partnership = _locked(partnership, by=by)
    agreements = list(partnership.agreements.select_related("joiner"))
    if not agreements:
        raise Faulty("municipality", _("Nothing is agreed yet: ask this municipality to join with the others."))
    for each in agreements:
        if each.joiner and (each.joiner.municipality_id, each.joiner.joins_on) == (code, joins_on):
            return each
    share_rules.check_joins_later(partnership, agreements[-1], code, joins_on=joins_on)
    _check_decision(decision, is_lead=False)
    phase = later_phase(agreements[-1], code, joins_on=joins_on, numbers=statistic.numbers)
    invitation = _invite(partnership, code)
    invitation.joins_on = joins_on
    _answer(invitation, decision, by=by)
    phases = [share_content.phase(each.content) for each in agreements]
    return _add_agreement(partnership, [*phases, phase], statistic=statistic, joiner=invitation, by=by)


def later_phase(latest: Agreement, code: str, *, joins_on: date, numbers: Mapping[str, int]) -> Phase:
    """Everybody of the latest agreement and one more, by these numbers. Raises Faulty."""
    before = share_content.phase(latest.content)
    codes = [*before.people, code]
    share_rules.check_counted(codes, numbers, field="statistic")
    return Phase(joins_on, {each: numbers[each] for each in codes}, before.terms)


def _check_plan(plan: Plan, codes: Collection[str]) -> None:
    share_rules.check_days(begins_on=plan.begins_on, ends_on=plan.ends_on, years=plan.amounts)
    share_rules.check_counted(codes, plan.statistic.numbers)
    people = {code: plan.statistic.numbers[code] for code in codes}
    terms = splitting.Terms(plan.method, plan.lead, plan.minimum, plan.fixed)
    frame = share_content.Frame(plan.begins_on, plan.ends_on, plan.amounts)
    share_content.parts_by_year(frame, [Phase(plan.begins_on, people, terms)])


def _check_decision(decision: Decision, *, is_lead: bool) -> None:
    what = {"answer": decision.answer, "decided_on": decision.decided_on, "body": decision.body}
    share_rules.check_decision(**what, is_lead=is_lead, on=timezone.localdate())  # type: ignore[arg-type]


def _is_written(invitation: Invitation, decision: Decision) -> bool:
    """Whether exactly this stands there: the same page sent twice."""
    names = ("answer", "decided_on", "body", "paragraph", "reference")
    return decision.answer != Answer.NONE and all(getattr(invitation, n) == getattr(decision, n) for n in names)


def _set_years(partnership: Partnership, amounts: Mapping[int, Decimal]) -> None:
    PartnershipYear.objects.bulk_create(
        PartnershipYear(partnership=partnership, year=year, amount=amount) for year, amount in amounts.items()
    )


def _invite(partnership: Partnership, code: str) -> Invitation:
    asked = {"partnership": partnership, "municipality_id": code}
    return Invitation.objects.get_or_create(**asked, defaults={"invited_at": timezone.now()})[0]


def _answer(invitation: Invitation, decision: Decision, *, by: Worker) -> None:
    is_answer = decision.answer != Answer.NONE
    invitation.answer = decision.answer
    invitation.decided_on = decision.decided_on if is_answer else None
    invitation.body, invitation.paragraph = decision.body, decision.paragraph
    invitation.reference = decision.reference
    invitation.answered_at, invitation.answered_by = (timezone.now(), by) if is_answer else (None, None)
    invitation.version += 1
    invitation.save()
    details = {"municipality": invitation.municipality_id, "answer": str(decision.answer)}
    _record("partnership.answered", by, partnership=invitation.partnership_id, **details)


def _freeze(partnership: Partnership, *, by: Worker) -> Agreement:
    joined = [each.municipality_id for each in partnership.invitations.all() if each.answer == Answer.JOINS]
    phase = share_queries.phase(partnership, joined)
    return _add_agreement(partnership, [phase], statistic=partnership.statistic, joiner=None, by=by)


def _add_agreement(
    partnership: Partnership, phases: list[Phase], *, statistic: Statistic, joiner: Invitation | None, by: Worker
) -> Agreement:
    source = {"title": statistic.title, "as_of": statistic.as_of.isoformat(), "source": statistic.source}
    content = share_content.written(share_queries.frame(partnership), phases, statistic=source)
    agreement = Agreement.objects.create(
        partnership=partnership,
        number=len(phases),
        begins_on=phases[-1].begins_on,
        joiner=joiner,
        statistic=statistic,
        content=content,
        sha256=share_content.sha256(content),
        frozen_at=timezone.now(),
        frozen_by=by,
    )
    _record("agreement.frozen", by, partnership=partnership.pk, number=agreement.number, sha256=agreement.sha256)
    return agreement


def _locked(partnership: Partnership, *, by: Worker) -> Partnership:
    share_access.require_keeping(by, partnership.lead_id)
    return Partnership.objects.select_for_update(of=("self",)).select_related("statistic").get(pk=partnership.pk)


def _open(partnership: Partnership, *, by: Worker) -> Partnership:
    """The partnership, locked, as long as nothing is agreed. Raises NotAllowed."""
    partnership = _locked(partnership, by=by)
    share_rules.check_open(partnership, partnership.agreements.all())
    return partnership


def _record(action: str, by: Worker, **details: object) -> None:
    audit.record(action, by=by, controllers=by.controller_codes, details=details)

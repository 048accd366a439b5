"""What the service allows now with a worker's account, in the words of the screen."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from kotisatama.kernel.errors import ChangedMeanwhile, NotAllowed
from kotisatama.network.models import Organisation
from kotisatama.staff.models import Team, Worker


def check_current(worker: Worker, *, version: int) -> None:
    """Raise ChangedMeanwhile unless the version is the one that the page showed."""
    if worker.version != version:
        raise ChangedMeanwhile(
            _("Somebody else changed this worker in the meantime. Look at what it is now and make your change again.")
        )


def check_own_rights_kept(worker: Worker, *, roles: Sequence[str], is_active: bool, by: Worker) -> None:
    """Nobody gives rights to oneself, takes away one's own, or closes one's own account."""
    if worker.pk == by.pk and (set(roles) != set(worker.roles) or not is_active):
        raise NotAllowed(_("You cannot change your own roles or close your own account. Ask another main user."))


def check_team_fits(team: Team | None, organisation: Organisation) -> None:
    """A team belongs to the worker's organisation."""
    if team and team.organisation_id != organisation.pk:
        raise NotAllowed(_("The team belongs to another organisation. Choose a team of the worker's own organisation."))


def check_address_is_free(email: str) -> None:
    """One address, one worker; a former worker's account is opened again instead of making another."""
    if Worker.objects.filter(email__iexact=email).exists():
        raise NotAllowed(_("A worker with this e-mail address exists already. Open that account instead."))

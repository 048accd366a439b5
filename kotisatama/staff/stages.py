"""The steps of signing in after the password."""

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.stages import AuthenticateStage
from django.http import HttpRequest

from kotisatama.staff import sessions


class SecondFactorStage(AuthenticateStage):  # type: ignore[misc]
    """Ask for the second factor, unless the organisation's provider has just asked for one that the site trusts."""

    def _should_handle(self, request: HttpRequest) -> bool:
        records = get_authentication_records(request, self.login.user)
        by_provider = bool(records) and records[-1]["method"] == "socialaccount"
        if by_provider and sessions.provider_is_trusted(request):
            return False
        return bool(super()._should_handle(request))

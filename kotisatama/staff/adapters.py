"""Where allauth asks us: nobody signs up, failures are counted, letters are sent by a job, secrets are sealed."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django import forms
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.shortcuts import render
from django.utils.translation import gettext as _

from kotisatama.kernel.errors import NotAllowed
from kotisatama.staff import actions, lockout, queries, sealing, sessions, tasks
from kotisatama.staff.models import Worker

# Sentences that say something which the page itself does not.
_MESSAGES = frozenset(
    {
        "account/messages/password_changed.txt",
        "mfa/messages/totp_activated.txt",
        "mfa/messages/totp_deactivated.txt",
        "mfa/messages/webauthn_added.txt",
        "mfa/messages/webauthn_removed.txt",
        "mfa/messages/recovery_codes_generated.txt",
    }
)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in by e-mail address and password."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: the main user makes workers."""
        return False

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *rest: Any, **more: Any
    ) -> None:
        """Show only what the worker needs to know."""
        if message_template in _MESSAGES:
            super().add_message(request, level, message_template, *rest, **more)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse before the password is looked at while the address is locked out."""
        try:
            lockout.check(lockout.EMAIL, credentials.get("email", ""))
            lockout.check(lockout.ADDRESS, self.get_client_ip(request))
        except NotAllowed as reason:
            raise forms.ValidationError(str(reason)) from reason

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the failure; the same writes whether or not the address is a worker's."""
        email = str(credentials.get("email", ""))
        lockout.count_failure(lockout.EMAIL, email)
        lockout.count_failure(lockout.ADDRESS, self.get_client_ip(request))
        actions.record_sign_in(queries.worker_of(email), ok=False, method="password")

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """All steps are done: a new session begins."""
        assert isinstance(user, Worker)
        records = get_authentication_records(request, user)
        if not records or records[-1]["method"] != "socialaccount":
            sessions.distrust_provider(request)  # a leftover of a provider's sign-in that was not finished
        super().login(request, user)
        sessions.begin(request, now=time.time())
        lockout.forget(lockout.EMAIL, user.email)
        actions.record_sign_in(user, ok=True, method=_method(records))

    def get_login_stages(self) -> list[str]:
        """Our own step for the second factor, which knows when the provider has asked for one already."""
        return ["kotisatama.staff.stages.SecondFactorStage"]

    def send_password_reset_mail(self, user: AbstractBaseUser, email: str, context: dict[str, Any]) -> None:
        """A job sends the letter: the page takes as long for an address that nobody has."""
        assert isinstance(user, Worker)
        tasks.defer_password_link(user, origin=sessions.origin(context["request"]), template="forgotten")


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Authenticator apps, passkeys and recovery codes."""

    def encrypt(self, text: str) -> str:
        """Seal a secret before it is stored."""
        return sealing.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Open a stored secret."""
        return sealing.unseal(encrypted_text)

    def can_delete_authenticator(self, authenticator: Any) -> bool:
        """The last one stays where a second factor is compulsory; a lost one is removed by the main user."""
        return not queries.is_last_needed_factor(authenticator.user, authenticator.pk)

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Any) -> str:
        """What a new passkey is called until the worker says better."""
        return _("Passkey %(number)d") % {"number": queries.passkeys(user.pk) + 1}


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Sign-in through the organisation's own provider (OpenID Connect)."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never: the provider opens the door only to whom the main user has made a worker."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Find the worker of the verified address, tie the provider's identity to the worker; else say no clearly."""
        if not sociallogin.is_existing:
            worker = queries.worker_of(_verified_email(sociallogin))
            if worker is None or not worker.is_active:
                actions.record_sign_in(worker, ok=False, method="oidc")
                raise ImmediateHttpResponse(render(request, "socialaccount/unknown_worker.html", status=403))
            sociallogin.connect(request, worker)
        if has_trusted_factor(sociallogin.account.extra_data, settings.STAFF_OIDC_TRUSTED_FACTOR):
            sessions.trust_provider(request)
        else:
            sessions.distrust_provider(request)

    def on_authentication_error(self, request: HttpRequest, *arguments: Any, **more: Any) -> None:
        """A broken or cancelled answer of the provider."""
        actions.record_sign_in(None, ok=False, method="oidc")
        raise ImmediateHttpResponse(render(request, "socialaccount/authentication_error.html", status=403))


def has_trusted_factor(claims: dict[str, Any], trusted: str) -> bool:
    """Whether the identity token's `amr` or `acr` has the value that this site trusts as a second factor."""
    token = claims.get("id_token", claims)
    methods = token.get("amr", [])
    return bool(trusted) and trusted in [*(methods if isinstance(methods, list) else []), token.get("acr")]


def _verified_email(sociallogin: Any) -> str:
    """The one address that the provider vouches for, or an empty text."""
    verified = [address.email for address in sociallogin.email_addresses if address.verified is True]
    return verified[0] if verified else ""


def _method(records: list[dict[str, Any]]) -> str:
    """E.g. `password+totp`, in the order of the steps."""
    names = {"socialaccount": "oidc", "password_reset": "link"}
    steps = [str(record.get("type") or names.get(record["method"], record["method"])) for record in records]
    return "+".join(dict.fromkeys(steps))[:60] or "unknown"

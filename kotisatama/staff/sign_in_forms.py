"""The forms of sign-in: allauth's rules, our words, and failures counted for all processes together."""

from typing import Any

from allauth.account import forms as account_forms
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kotisatama.kernel.errors import NotAllowed
from kotisatama.staff import lockout

_WORDS = {
    "login": gettext_lazy("E-mail address"),
    "email": gettext_lazy("E-mail address"),
    "password": gettext_lazy("Password"),
    "oldpassword": gettext_lazy("Present password"),
    "password1": gettext_lazy("New password"),
    "password2": gettext_lazy("New password again"),
    "code": gettext_lazy("Code"),
    "name": gettext_lazy("Name of the passkey"),
}


def _in_our_words(form: forms.Form) -> None:
    """Our labels, no placeholders; the way to a forgotten password stands on the page itself."""
    for name, field in form.fields.items():
        field.label = _WORDS.get(name, field.label)
        field.widget.attrs.pop("placeholder", None)
        if name in {"password", "oldpassword"}:
            field.help_text = ""
        if name == "code":
            field.widget.attrs["inputmode"] = "numeric"


def _refuse_while_locked(kind: str, value: object) -> None:
    try:
        lockout.check(kind, value)
    except NotAllowed as reason:
        raise forms.ValidationError(str(reason)) from reason


class SignInForm(account_forms.LoginForm):  # type: ignore[misc]
    """E-mail address and password."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        _in_our_words(self)
        self.fields["login"].widget.attrs["autocomplete"] = "username"

    def clean(self) -> Any:
        """One sentence for every wrong pair, whoever's the address is."""
        try:
            return super().clean()
        except forms.ValidationError as error:
            if error.code == "email_password_mismatch":
                raise forms.ValidationError(_("The e-mail address or the password is wrong.")) from error
            raise


class ForgottenPasswordForm(account_forms.ResetPasswordForm):  # type: ignore[misc]
    """The address to which the link goes, if it is a worker's."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        _in_our_words(self)


class NewPasswordForm(account_forms.ResetPasswordKeyForm):  # type: ignore[misc]
    """A new password, twice."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        _in_our_words(self)

    def save(self) -> None:
        """A worker who came by letter may try at once."""
        super().save()
        lockout.forget(lockout.EMAIL, self.user.email)


class ChangePasswordForm(account_forms.ChangePasswordForm):  # type: ignore[misc]
    """The present password and the new one, twice."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        _in_our_words(self)

    def clean_oldpassword(self) -> str:
        """Somebody at an open screen does not get to guess."""
        _refuse_while_locked(lockout.EMAIL, self.user.email)
        try:
            return str(super().clean_oldpassword())
        except forms.ValidationError as error:
            lockout.count_failure(lockout.EMAIL, self.user.email)
            raise forms.ValidationError(_("This is not your present password.")) from error


class ConfirmByPasswordForm(account_forms.ReauthenticateForm):  # type: ignore[misc]
    """The password again before something that a borrowed screen must not do."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        _in_our_words(self)


def _clean_code(form: Any, check: Any, worker: Any) -> str:
    """Check the code; count failures by worker, and let no code be used twice."""
    _refuse_while_locked(lockout.CODE, worker.pk)
    try:
        code = str(check())
    except forms.ValidationError as error:
        lockout.count_failure(lockout.CODE, worker.pk)
        raise forms.ValidationError(_("The code is wrong. Use the one that the app shows now.")) from error
    authenticator = getattr(form, "authenticator", None)
    is_app = authenticator is None or authenticator.type == Authenticator.Type.TOTP
    if is_app and not lockout.use_once(worker.pk, code.replace(" ", "")):
        raise forms.ValidationError(_("This code has been used already. Wait for the next one."))
    lockout.forget(lockout.CODE, worker.pk)
    return code


class SecondFactorForm(mfa_forms.AuthenticateForm):  # type: ignore[misc]
    """The code of the app, or a recovery code, at sign-in."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        _in_our_words(self)

    def clean_code(self) -> str:
        return _clean_code(self, super().clean_code, self.user)


class ConfirmByCodeForm(mfa_forms.ReauthenticateForm):  # type: ignore[misc]
    """The code again before something that a borrowed screen must not do."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        _in_our_words(self)

    def clean_code(self) -> str:
        return _clean_code(self, super().clean_code, self.user)


class ActivateAppForm(totp_forms.ActivateTOTPForm):  # type: ignore[misc]
    """The first code of a new app shows that it is set up right."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        _in_our_words(self)

    def clean_code(self) -> str:
        return _clean_code(self, super().clean_code, self.user)


class AddPasskeyForm(webauthn_forms.AddWebAuthnForm):  # type: ignore[misc]
    """A name for the passkey; the browser adds the rest."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        _in_our_words(self)

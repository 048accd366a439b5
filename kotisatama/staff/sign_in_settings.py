"""Settings of sign-in alone: plain constants for config.settings. No Django here: the settings are not made yet."""

import os

# A misspelt mode is not the demo either.
_PRODUCTION = os.environ.get("KOTISATAMA_MODE", "demo") != "demo"

# Compulsory for whoever sees clients' data (staff.access.sees_client_data); a demo site leaves it to the worker.
STAFF_SECOND_FACTOR_REQUIRED = _PRODUCTION
# A session ends so many seconds after sign-in, whatever is done in it, and so many seconds after the last page.
STAFF_SESSION_SECONDS = 8 * 60 * 60
STAFF_IDLE_SECONDS = 60 * 60
# So many failures, each at most the window from the next, close the door for the window (staff.lockout).
# Many workers of one office share an address: its limit is wider, against trying one password on many names.
STAFF_LOCKOUT_SECONDS = 15 * 60
STAFF_LOCKOUT_FAILURES = {"email": 5, "code": 5, "address": 30}
# Seals the secrets of authenticator apps; empty means that SECRET_KEY does it.
STAFF_SECOND_FACTOR_KEY = os.environ.get("KOTISATAMA_SECOND_FACTOR_KEY", "")

ACCOUNT_ADAPTER = "kotisatama.staff.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_EMAIL_VERIFICATION = "none"  # the main user gives the address; nobody signs up
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # a stranger's address gets no letter from us
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False  # the cookie ends with the browser
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
# Failures are counted in the database by staff.lockout, for all processes together; these would count in each alone.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None, "reauthenticate": None, "change_password": None}
ACCOUNT_FORMS = {
    "login": "kotisatama.staff.sign_in_forms.SignInForm",
    "change_password": "kotisatama.staff.sign_in_forms.ChangePasswordForm",
    "reset_password": "kotisatama.staff.sign_in_forms.ForgottenPasswordForm",
    "reset_password_from_key": "kotisatama.staff.sign_in_forms.NewPasswordForm",
    "reauthenticate": "kotisatama.staff.sign_in_forms.ConfirmByPasswordForm",
}
PASSWORD_RESET_TIMEOUT = 3 * 24 * 60 * 60

MFA_ADAPTER = "kotisatama.staff.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True  # see ACCOUNT_EMAIL_VERIFICATION
MFA_PASSKEY_LOGIN_ENABLED = False  # a passkey is the second factor beside the password
MFA_TOTP_ISSUER = os.environ.get("KOTISATAMA_SITE_NAME", "International House Joensuu")
MFA_TOTP_TOLERANCE = 1  # a telephone's clock half a minute off
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _PRODUCTION  # http://localhost of the demo
MFA_FORMS = {
    "authenticate": "kotisatama.staff.sign_in_forms.SecondFactorForm",
    "reauthenticate": "kotisatama.staff.sign_in_forms.ConfirmByCodeForm",
    "activate_totp": "kotisatama.staff.sign_in_forms.ActivateAppForm",
    "add_webauthn": "kotisatama.staff.sign_in_forms.AddPasskeyForm",
}

SOCIALACCOUNT_ADAPTER = "kotisatama.staff.adapters.ProviderAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # the adapter connects, after more checks
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_PROVIDERS: dict[str, dict[str, object]] = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": []}}
# A value of the provider's `amr` or `acr` that tells of a second factor; ours is then not asked. Empty: always asked.
STAFF_OIDC_TRUSTED_FACTOR = os.environ.get("KOTISATAMA_OIDC_TRUSTED_FACTOR", "")


def oidc_provider(environment: "dict[str, str] | os._Environ[str]") -> list[dict[str, object]]:
    """The organisation's own sign-in, as KOTISATAMA_OIDC_ISSUER, _CLIENT_ID, _CLIENT_SECRET and _NAME say; or none."""
    issuer = environment.get("KOTISATAMA_OIDC_ISSUER", "")
    if not issuer:
        return []
    return [
        {
            "provider_id": "oidc",
            "name": environment.get("KOTISATAMA_OIDC_NAME", "OpenID Connect"),
            "client_id": environment["KOTISATAMA_OIDC_CLIENT_ID"],
            "secret": environment["KOTISATAMA_OIDC_CLIENT_SECRET"],
            "settings": {"server_url": issuer.rstrip("/"), "fetch_userinfo": True},
        }
    ]


SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"] = oidc_provider(os.environ)

if os.environ.get("KOTISATAMA_BEHIND_TLS_PROXY", "") == "1":
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # the visitor's address is the last one that our own proxy added

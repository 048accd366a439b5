"""Settings: everything that differs between sites comes from the environment; the rest is here."""

import os
from pathlib import Path

from kotisatama.kernel import database_url

ROOT = Path(__file__).resolve().parent.parent.parent
VAR = Path(os.environ.get("KOTISATAMA_VAR", ROOT / "var"))
MODE = os.environ.get("KOTISATAMA_MODE", "demo")
PRODUCTION = MODE == "production"
DEMO = MODE == "demo"

DEBUG = os.environ.get("KOTISATAMA_DEBUG", "") == "1"
DEMO_SECRET = "only-for-the-demo-region-never-for-real-people"  # noqa: S105 - production refuses it
SECRET_KEY = os.environ.get("KOTISATAMA_SECRET_KEY", DEMO_SECRET)
# Seals identity codes; kept outside the database, apart from SECRET_KEY, so that both can be changed alone.
IDENTITY_CODE_KEY = os.environ.get("KOTISATAMA_IDENTITY_CODE_KEY", DEMO_SECRET)
# Keys of before, apart by spaces: what they sealed is still read until `kotisatama keys-rotate` has sealed it anew.
IDENTITY_CODE_OLDER_KEYS = os.environ.get("KOTISATAMA_IDENTITY_CODE_OLDER_KEYS", "").split()
# Authenticates lines and seals of the audit trail; the old ones still verify what they signed.
AUDIT_KEY = os.environ.get("KOTISATAMA_AUDIT_KEY", DEMO_SECRET)
AUDIT_OLD_KEYS = [key for key in os.environ.get("KOTISATAMA_AUDIT_OLD_KEYS", "").split(",") if key]
# Who is told the roots of the trail: a file, letters, another server (docs/how-to/audit.md).
AUDIT_ROOTS_FILE = os.environ.get("KOTISATAMA_AUDIT_ROOTS_FILE", str(VAR / "audit-roots.jsonl") if DEMO else "")
AUDIT_ROOTS_MAIL = [each for each in os.environ.get("KOTISATAMA_AUDIT_ROOTS_MAIL", "").split(",") if each]
AUDIT_ROOTS_URL = os.environ.get("KOTISATAMA_AUDIT_ROOTS_URL", "")
# How long a client's link to the own view of looks works.
LOOKS_LINK_DAYS = int(os.environ.get("KOTISATAMA_LOOKS_LINK_DAYS", "30"))
# Seals what a non-disclosure hides, and nothing else; former keys, by comma, open until everything is sealed anew.
PROTECTION_KEY = os.environ.get("KOTISATAMA_PROTECTION_KEY", DEMO_SECRET)
PROTECTION_FORMER_KEYS = [key for key in os.environ.get("KOTISATAMA_PROTECTION_FORMER_KEYS", "").split(",") if key]
ALLOWED_HOSTS = os.environ.get("KOTISATAMA_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("KOTISATAMA_ORIGINS", "").split(",") if origin]
SITE_NAME = os.environ.get("KOTISATAMA_SITE_NAME", "International House Joensuu")

INSTALLED_APPS = [
    "kotisatama.desk",
    "kotisatama.portal",
    "kotisatama.api",
    "kotisatama.reports",
    "kotisatama.funding",
    "kotisatama.intake",
    "kotisatama.contacts",
    "kotisatama.cases",
    "kotisatama.messages",
    "kotisatama.forms",
    "kotisatama.documents",
    "kotisatama.people",
    "kotisatama.privacy",
    "kotisatama.translation",
    "kotisatama.staff",
    "kotisatama.network",
    "kotisatama.audit",
    "kotisatama.web",
    "kotisatama.kernel",
    "kotisatama.config",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "kotisatama.web.middleware.Headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "kotisatama.staff.middleware.SessionLimits",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "kotisatama.staff.middleware.WorkerLanguage",
    "kotisatama.staff.middleware.SecondFactor",
    "kotisatama.audit.middleware.RequestTransaction",
]

ROOT_URLCONF = "kotisatama.config.urls"
WSGI_APPLICATION = "kotisatama.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "kotisatama.web.context.site",
                "kotisatama.desk.context.desk",
            ],
        },
    },
]

# The application's role is restricted by row security; the owner migrates (KOTISATAMA_AS_OWNER=1).
AS_OWNER = os.environ.get("KOTISATAMA_AS_OWNER", "") == "1"
DATABASE_URL = os.environ.get("DATABASE_URL", "postgresql://kotisatama_app@127.0.0.1/kotisatama")
OWNER_DATABASE_URL = os.environ.get("KOTISATAMA_OWNER_DATABASE_URL", DATABASE_URL)
# Set by the web server: opening a connection for each request takes longer than most pages.
POOL_SIZE = int(os.environ.get("KOTISATAMA_POOL_SIZE", "0"))
DATABASES = {"default": database_url.parse(OWNER_DATABASE_URL if AS_OWNER else DATABASE_URL, pool_size=POOL_SIZE)}

AUTH_USER_MODEL = "staff.Worker"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
from kotisatama.staff.sign_in_settings import *  # noqa: E402, F403 - constants of sign-in alone

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk:today"

LANGUAGE_CODE = "fi"
LANGUAGES = [
    ("fi", "suomi"),
    ("sv", "svenska"),
    ("en", "English"),
    ("ru", "русский"),
    ("uk", "українська"),
    ("ar", "العربية"),
]
STAFF_LANGUAGES = ("fi", "sv", "en")
LOCALE_PATHS = [ROOT / "kotisatama" / "locale"]
TIME_ZONE = "Europe/Helsinki"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_MAX_AGE = 600

SESSION_COOKIE_NAME = "kotisatama_worker"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "kotisatama_csrf"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_SSL_REDIRECT = PRODUCTION and os.environ.get("KOTISATAMA_BEHIND_TLS_PROXY", "") != "1"
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
if os.environ.get("KOTISATAMA_BEHIND_TLS_PROXY", "") == "1":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# A page's text fields together; files stream past this and are measured at the door.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
UPLOAD_MAX_BYTES = 10_000_000
DEVICE_MAX_BYTES = 100_000_000  # a form with its pictures, as a device sends it in one piece
FILE_UPLOAD_HANDLERS = [
    "kotisatama.documents.uploads.SizeLimit",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# Where clamd listens: host:port, or the path of its socket. Empty: files are kept without a scan for viruses.
CLAMD = os.environ.get("KOTISATAMA_CLAMD", "")

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = os.environ.get("KOTISATAMA_SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("KOTISATAMA_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("KOTISATAMA_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("KOTISATAMA_SMTP_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("KOTISATAMA_SMTP_TLS", "") == "1"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("KOTISATAMA_MAIL_FROM", "neuvonta@kotisatama.example")
EMAIL_FILE_PATH = VAR / "outbox" / "email"
SMS_FILE_PATH = VAR / "outbox" / "sms"
if not EMAIL_HOST:  # No server named: letters are written to files, so that the demo shows them and sends none.
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"

# Which persons were erased, by key alone: kept outside the database, so that a restored backup forgets them again.
ERASURES_FILE = Path(os.environ.get("KOTISATAMA_ERASURES_FILE", VAR / "erasures.jsonl"))

MESSAGE_TAGS = {10: "plain", 20: "plain", 25: "ok", 30: "warn", 40: "stop"}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_secrets": {"()": "kotisatama.kernel.log_filters.WithoutSecrets"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "filters": ["without_secrets"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    # Django's own handlers (its console, its letters to admins) know no filter of ours: everything goes by the root.
    "loggers": {"django": {"handlers": []}, "django.server": {"handlers": ["stderr"]}},
}

# A client's record that was opened without a relation: how long it stays open, and by when a lead has looked at it.
OPENING_HOURS = int(os.environ.get("KOTISATAMA_OPENING_HOURS", "4"))
OPENING_REVIEW_WORKDAYS = int(os.environ.get("KOTISATAMA_OPENING_REVIEW_WORKDAYS", "3"))

# Numbers of people by municipality (PxWeb): base address with its language, table, and the codes of its variables.
# Without a table the demo takes a recorded answer, and other sites type the numbers in.
PXWEB_BASE = os.environ.get("KOTISATAMA_PXWEB_BASE", "https://pxdata.stat.fi/PxWeb/api/v1/fi")
PXWEB_TABLE = os.environ.get("KOTISATAMA_PXWEB_TABLE", "")
PXWEB_AREA = os.environ.get("KOTISATAMA_PXWEB_AREA", "Alue")
PXWEB_YEAR = os.environ.get("KOTISATAMA_PXWEB_YEAR", "Vuosi")
PXWEB_SELECTION = os.environ.get(
    "KOTISATAMA_PXWEB_SELECTION", '{"Kansalaisuus": ["FOREIGN"], "Tiedot": ["vaesto"]}'
)  # the values of all other variables, as JSON

"""Settings common to every shape; a shape adds its databases, broker, channel layer and secret."""

from __future__ import annotations

import os
from pathlib import Path

import django_htmx
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

ROOT = Path(__file__).resolve().parents[3]
VAR = Path(os.environ.get("QUYTRINH_VAR", ROOT / "var"))

DEBUG = False
DEMO = False
ALLOWED_HOSTS: list[str] = []

INSTALLED_APPS = [
    "quytrinh.tenancy",
    "quytrinh.journal",
    "quytrinh.background",
    "quytrinh.deadlines",
    "quytrinh.organization",
    "quytrinh.documents",
    "quytrinh.exchange",
    "quytrinh.formkit",
    "quytrinh.signing",
    "quytrinh.runtime",
    "quytrinh.accounts",
    "quytrinh.inbox",
    "quytrinh.studio",
    "quytrinh.administration",
    "quytrinh.api",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "viewflow",
    "viewflow.workflow",
    "django_htmx",
    "rest_framework",
    "knox",
    "drf_spectacular",
    "channels",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Pages by wire are a fifth of what they are; Django pads them against BREACH.
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "quytrinh.accounts.middleware.ChosenLanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "quytrinh.documents.middleware.UploadSizeMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "quytrinh.formkit.middleware.TextMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "quytrinh.api.middleware.TokenUserMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "quytrinh.tenancy.middleware.TenantMiddleware",
    "quytrinh.organization.middleware.PersonMiddleware",
    "quytrinh.runtime.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "quytrinh.urls"
ASGI_APPLICATION = "quytrinh.asgi.application"
AUTH_USER_MODEL = "tenancy.User"
LOGIN_URL = "accounts:login"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "platform" / "quytrinh" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "quytrinh.tenancy.context_processors.agency",
                "quytrinh.accounts.context_processors.frame",
            ],
        },
    },
]

# Vietnamese is the language of the message ids; English is a translation.
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Tiếng Việt")), ("en", _("Tiếng Anh"))]
LOCALE_PATHS = [ROOT / "platform" / "quytrinh" / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
# Only what our pages use: other apps bring whole interfaces, some with links that lead nowhere.
STATICFILES_DIRS = [
    ROOT / "platform" / "quytrinh" / "static",
    Path(django_htmx.__file__).parent / "static",
]
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
MEDIA_ROOT = VAR / "files"
CACHE_ROOT = VAR / "cache"

# The axes agencies are connected to: a plugin's name and what it is given.
EXCHANGE = {"local": {"folder": str(VAR / "exchange")}}

# The demonstration's authority, its keys and images. An agency names services of its own.
KEYS_ROOT = VAR / "keys"
SIGNATURE_IMAGES = KEYS_ROOT / "images"
SIGNING_TRUST_SERVICES = "quytrinh.signing.trust_services.DemoTrustServices"
SIGNING_PLUGINS = {
    "pkcs12": {
        "directory": str(KEYS_ROOT / "holders"),
        "passphrase_file": str(KEYS_ROOT / "passphrase"),
    }
}

UPLOAD_MAX_BYTES = 50 * 1024 * 1024
# A form is an upload and some text: anything above this is refused before it is parsed.
REQUEST_MAX_BYTES = UPLOAD_MAX_BYTES + 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_TEMP_DIR = None

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "knox.auth.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_PARSER_CLASSES": ["quytrinh.api.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "EXCEPTION_HANDLER": "quytrinh.api.exceptions.exception_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Quy Trình",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    # Two fields are called `kind`; each has a name of its own in the description.
    "ENUM_NAME_OVERRIDES": {
        "EntryKindEnum": "quytrinh.runtime.choices.EntryKind",
        "MessageKindEnum": "quytrinh.exchange.choices.MessageKind",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"quytrinh": {"level": "INFO"}},
}

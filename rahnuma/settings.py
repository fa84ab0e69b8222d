"""Settings from the environment or ``.env`` (the environment wins). Documented in the README."""

import re
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).parent.parent
VAR = ROOT / "var"


class SettingsError(Exception):
    """A setting can't be used; the message is one line for the operator."""


class Settings(BaseSettings):
    """All settings, with their defaults."""

    model_config = SettingsConfigDict(env_file=ROOT / ".env", extra="ignore", env_ignore_empty=True)

    telegram_token: SecretStr | None = None
    telegram_api_url: str = "https://api.telegram.org"
    telegram_webhook_url: str | None = None
    telegram_webhook_secret: SecretStr | None = None
    telegram_bot: str | None = None
    public_url: str | None = None
    staff_group: int | None = Field(default=None, lt=0)
    database_url: str = f"sqlite:///{VAR / 'rahnuma.db'}"
    redis_url: str | None = None
    nlu_url: str = "http://127.0.0.1:5005"
    secret_key: SecretStr | None = None
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    content: Literal["all", "reviewed"] = "all"
    operator: str = "The Rahnuma team"
    conversation_days: int = Field(default=30, ge=1)
    case_days: int = Field(default=30, ge=1)
    feedback_days: int = Field(default=365, ge=1)
    smallest_group: int = Field(default=5, ge=3, le=50)
    keep_unclear: bool = False
    unclear_days: int = Field(default=30, ge=1, le=90)
    alert_email: str | None = None
    alert_email_from: str | None = None
    alert_smtp_url: SecretStr | None = None
    alert_telegram_chat: int | None = None
    aap_email: str | None = None
    aap_telegram_chat: int | None = None
    supervisor_email: str | None = None
    supervisor_telegram_chat: int | None = None
    report_days: int = Field(default=730, ge=30)
    require_totp: bool = True

    @field_validator("telegram_bot")
    @classmethod
    def _is_bot_name(cls, value: str | None) -> str | None:
        name = value.removeprefix("@") if value else None
        if name and not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{4,31}", name):
            raise ValueError("must be the bot's username, such as rahnuma_bot")
        return name

    @field_validator("public_url")
    @classmethod
    def _is_public(cls, value: str | None) -> str | None:
        url = urlsplit(value) if value else None
        if url and (url.scheme not in ("http", "https") or not url.hostname or url.query):
            raise ValueError("must look like https://chat.example.org")
        return value.rstrip("/") if value else value

    @field_validator("telegram_api_url", "telegram_webhook_url", "nlu_url")
    @classmethod
    def _is_url(cls, value: str | None) -> str | None:
        if value is not None and not value.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://")
        return value.rstrip("/") if value else value

    @field_validator("alert_smtp_url")
    @classmethod
    def _is_mail_server(cls, value: SecretStr | None) -> SecretStr | None:
        url = urlsplit(value.get_secret_value()) if value else None
        if url and (url.scheme not in ("smtp", "smtps") or not url.hostname):
            raise ValueError("must look like smtp://user:password@mail.example.org:587")
        return value

    @field_validator("alert_email", "alert_email_from", "aap_email", "supervisor_email")
    @classmethod
    def _is_email(cls, value: str | None) -> str | None:
        if value and not re.fullmatch(r"[^@\s]+@[^@\s]+", value):
            raise ValueError("must be an e-mail address")
        return value

    @field_validator("telegram_token")
    @classmethod
    def _is_token(cls, value: SecretStr | None) -> SecretStr | None:
        if value and not re.fullmatch(r"\d+:[A-Za-z0-9_-]+", value.get_secret_value()):
            raise ValueError("a bot token looks like 123456:ABC-def")
        return value

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _is_telegram_secret(cls, value: SecretStr | None) -> SecretStr | None:
        text = value.get_secret_value() if value else ""
        if value and (len(text) > 256 or not text.replace("_", "").replace("-", "").isalnum()):
            raise ValueError("1 to 256 of A-Z a-z 0-9 _ -")
        return value


def load_settings() -> Settings:
    """Read the settings; raises SettingsError with one line that names what is wrong."""
    env = ROOT / ".env"
    try:
        if env.exists():
            env.read_text(encoding="utf-8")
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).upper() if first["loc"] else "settings"
        raise SettingsError(f"{name}: {first['msg'].removeprefix('Value error, ')}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f".env can't be read: {error}") from error

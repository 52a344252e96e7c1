"""Settings, from the environment or a `.env` file, prefix `CUSTOMER_DAY_`.

Every wrong one is named, with what was expected, before anything starts; none of their values that
could be secret is ever repeated.
"""

from __future__ import annotations

import difflib
import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from dotenv import dotenv_values
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)

from bot import addresses
from storage.ids import ChatId, OfficeId

PREFIX = "CUSTOMER_DAY_"
TELEGRAM = "https://api.telegram.org"

_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]{1,64}")
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
_CHAT = re.compile(r"-\d+")


class SettingsError(Exception):
    """What is wrong, a line each."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def _token(token: SecretStr) -> SecretStr:
    if not _TOKEN.fullmatch(token.get_secret_value()):
        raise ValueError("the token @BotFather gave, like 123456:ABC-DEF")
    return token


def _secret(secret: SecretStr) -> SecretStr:
    if not _SECRET.fullmatch(secret.get_secret_value()):
        raise ValueError("1 to 256 letters, digits, _ and -")
    return secret


def _long_secret(secret: SecretStr) -> SecretStr:
    if not _SECRET.fullmatch(secret.get_secret_value()) or len(secret.get_secret_value()) < 32:
        raise ValueError("32 to 256 letters, digits, _ and -")
    return secret


def _address(listen: str) -> str:
    host, _, port = listen.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise ValueError("host:port, like 127.0.0.1:8080")
    return listen


def _https(url: str) -> str:
    return addresses.address(url, schemes={"https"}) if url.strip() else ""


def _database(url: str) -> str:
    if url and not url.startswith(("sqlite:///", "postgresql://", "postgres://")):
        raise ValueError("sqlite:///path or postgresql://user@host/name")
    if url in {"sqlite:///", "sqlite:///:memory:"}:
        raise ValueError("sqlite:/// and the path of a file: what is kept in memory does not survive the process")
    return url


def _ids(value: object) -> object:
    if not isinstance(value, str):
        return value
    ids = [part.strip() for part in value.split(",") if part.strip()]
    if not all(part.isdigit() for part in ids):
        raise ValueError("Telegram user ids with commas between them, like 1234567,7654321")
    return frozenset(ids)


def _chats(value: object) -> object:
    if not isinstance(value, str):
        return value
    pairs = [part.strip().partition("=") for part in value.split(",") if part.strip()]
    if not all(office and _CHAT.fullmatch(chat) for office, _, chat in pairs):
        raise ValueError("office=chat with commas between them, like capital=-1001234567890,muharraq=-1009876543210")
    return {OfficeId(office): ChatId(chat) for office, _, chat in pairs}


def _chat(chat: str) -> str:
    if not _CHAT.fullmatch(chat):
        raise ValueError("the id of a group, like -1001234567890")
    return chat


Rate = Annotated[int, Field(ge=1, le=100_000)] | None


class Settings(BaseModel):
    """What a deployment decides. Defaults run the sandbox."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    telegram_token: Annotated[SecretStr | None, AfterValidator(lambda t: t and _token(t))] = None
    telegram_api: Annotated[str, AfterValidator(addresses.address)] = TELEGRAM
    # "" is a SQLite file in the data folder. It may hold a password.
    database_url: Annotated[str, AfterValidator(_database), Field(repr=False)] = ""
    data_dir: Path = Path("data")
    # Where exactly Telegram delivers, path and all; absent: polling.
    webhook_url: Annotated[str, AfterValidator(addresses.webhook)] | None = None
    webhook_secret: Annotated[SecretStr | None, AfterValidator(lambda s: s and _secret(s))] = None
    public_url: Annotated[str, AfterValidator(_https)] = ""  # where this web server is reached from outside
    calendar_secret: Annotated[SecretStr | None, AfterValidator(lambda s: s and _long_secret(s))] = None  # absent: kept
    pages_secret: Annotated[SecretStr | None, AfterValidator(lambda s: s and _long_secret(s))] = None  # absent: kept
    listen: Annotated[str, AfterValidator(_address)] = "127.0.0.1:8080"
    admins: Annotated[frozenset[str], BeforeValidator(_ids)] = frozenset()
    offices: Path | None = None  # absent: the shipped Bahrain file
    templates: Path | None = None  # ready texts for staff; absent: the shipped ones
    staff_chats: Annotated[dict[OfficeId, ChatId], BeforeValidator(_chats)] = Field(default_factory=dict)
    ministry_chat: Annotated[ChatId | None, AfterValidator(lambda c: c and _chat(c))] = None  # gets the month's report
    # How fast to send; absent: as fast as the channel takes it.
    rate_overall: Rate = None  # notices and broadcasts a second
    rate_replies: Rate = None  # replies a second to people who write
    rate_chat: Rate = None  # messages in one chat in as many seconds
    rate_group: Rate = None  # messages a minute in one group
    # Announcements: to more recipients a second person has to agree; whether an emergency may be paid to go faster.
    approval_above: Annotated[int, Field(ge=0, le=10_000_000)] = 1000
    paid_broadcast: bool = False
    rate_resident: Annotated[int, Field(ge=1, le=100_000)] = 40  # updates of one person that are read in a minute
    clock_seconds: Annotated[float, Field(ge=0.05, le=60)] = 3.0  # how often what is due is looked for

    @model_validator(mode="after")
    def _telegram_delivers_there(self) -> Settings:
        if self.webhook_url is None or self.telegram_api != TELEGRAM:
            return self
        if (expected := addresses.is_delivered_to(self.webhook_url)) is not None:
            raise ValueError(f"CUSTOMER_DAY_WEBHOOK_URL: expected {expected}")
        return self

    @model_validator(mode="after")
    def _webhook_needs_its_secret(self) -> Settings:
        if self.webhook_url is not None and self.webhook_secret is None:
            raise ValueError(
                "CUSTOMER_DAY_WEBHOOK_SECRET: expected with CUSTOMER_DAY_WEBHOOK_URL, so that only Telegram can "
                f"deliver updates; for instance {secrets.token_urlsafe(24)}"
            )
        return self

    @property
    def database(self) -> str:
        """The database's address, the default filled in."""
        return self.database_url or f"sqlite:///{self.data_dir / 'customer-day.db'}"

    @property
    def address(self) -> tuple[str, int]:
        host, _, port = self.listen.rpartition(":")
        return host.strip("[]"), int(port)


def load_settings(environment: Mapping[str, str] | None = None, dotenv: Path | None = Path(".env")) -> Settings:
    """Read the settings. The environment wins over `.env`. Raises SettingsError naming every wrong one."""
    written = dotenv_values(dotenv) if dotenv is not None and dotenv.is_file() else {}
    given = {**written, **(os.environ if environment is None else environment)}
    values = {key: value for key, value in given.items() if key.startswith(PREFIX) and value}
    known = {PREFIX + name.upper(): name for name in Settings.model_fields}
    problems = [_unknown(key, list(known)) for key in sorted(values.keys() - known.keys())]
    try:
        settings = Settings.model_validate({known[key]: value for key, value in values.items() if key in known})
    except ValidationError as error:
        problems += [_problem(list(found["loc"]), found["msg"]) for found in error.errors(include_input=False)]
        raise SettingsError(problems) from None
    if problems:
        raise SettingsError(problems)
    return settings


def _unknown(key: str, known: list[str]) -> str:
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.6)
    return f"{key}: there is no such setting" + (f"; did you mean {near[0]}?" if near else "")


def _problem(place: list[str | int], message: str) -> str:
    message = message.removeprefix("Value error, ")
    return f"{PREFIX}{str(place[0]).upper()}: expected {message}" if place else message

"""An embedded Bot API server with a page of phones, to run and test the bot without Telegram."""

from bot.sandbox.acts import Impossible
from bot.sandbox.api import Refusal, Trouble
from bot.sandbox.journal import JournalDamaged
from bot.sandbox.limits import NO_LIMITS, TELEGRAM_LIMITS, Limits
from bot.sandbox.people import BotMessage, Person, Toast
from bot.sandbox.server import LoopbackOnly, Sandbox
from bot.sandbox.world import (
    ADMIN,
    FATIMA,
    JOHN,
    MOHAMMED,
    STAFF_AR,
    STAFF_EN,
    Account,
    BotStatus,
    Group,
    World,
    shipped_world,
)

__all__ = [
    "ADMIN",
    "FATIMA",
    "JOHN",
    "MOHAMMED",
    "NO_LIMITS",
    "STAFF_AR",
    "STAFF_EN",
    "TELEGRAM_LIMITS",
    "Account",
    "BotMessage",
    "BotStatus",
    "Group",
    "Impossible",
    "JournalDamaged",
    "Limits",
    "LoopbackOnly",
    "Person",
    "Refusal",
    "Sandbox",
    "Toast",
    "Trouble",
    "World",
    "shipped_world",
]

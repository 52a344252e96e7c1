"""Members of staff at work in their office's group. A text is named by its English, as in the code."""

from __future__ import annotations

from functools import partial

from bot.app import open_context
from bot.sandbox import BotMessage, Toast
from locales import Language, Localizer
from services.cases import resident_actions
from services.cases.resident_actions import NewCase
from services.unit_of_work import Work
from storage import residents
from storage.ids import CategoryId, OfficeId
from storage.records.cases import Case, CaseKind
from tests.e2e.process import Municipality
from tests.e2e.talking import SECONDS, TONGUES, words


class Member:
    """Somebody of an office's team. The bot answers them in their language; cards are in the office's."""

    def __init__(
        self,
        town: Municipality,
        person: int,
        office: str = "capital",
        *,
        topic: int = 0,
        office_language: Language = Language.AR,
    ) -> None:
        self.town = town
        self.person = town.person(person).in_group(town.staff(person, office).chat_id, topic)
        self.t: Localizer = TONGUES[Language.AR if self.person.account.language_code == "ar" else Language.EN]
        self.office_t: Localizer = TONGUES[office_language]

    # ------------------------------------------------------------------ cards

    async def card(self, reference: str) -> BotMessage:
        """The living card of a case as it stands, once all that is owed was sent."""
        await self.town.all_sent()
        (row,) = await self.town.rows(
            """SELECT message FROM cards WHERE chat = :chat AND message IS NOT NULL
               AND case_id = (SELECT id FROM cases WHERE reference = :reference)""",
            chat=str(self.person.chat_id),
            reference=reference,
        )
        return next(one for one in self.person.messages if str(one.id) == row["message"])

    async def presses(self, reference: str, *labels: str) -> None:
        """Buttons of a card, one after the other: each menu is waited for."""
        for label in labels:
            shown = await self.card(reference)
            await self.person.taps(self.office_t.plain(label), on=shown.id)
            await self.town.all_sent()

    def below(self, card: BotMessage) -> list[BotMessage]:
        """What was posted as a reply to a card."""
        return [one for one in self.person.messages if one.reply_to == card.id]

    # ------------------------------------------------------------------ saying

    async def says(self, text: str, reply_to: int | None = None) -> int:
        if reply_to is not None:  # nobody replies in the same moment, before the bot has noted what it sent
            await self.town.all_sent()
        return await self.person.says(text, reply_to)

    async def asks(self, text: str, reply_to: int) -> None:
        """Ask the resident: written with the prefix of a question, looked at, sent."""
        await self.says(f"?{text}", reply_to)
        await self.sends()

    async def replies(self, text: str, reply_to: int) -> None:
        """Reply to the resident: what it is for is asked, since it has no prefix."""
        await self.says(text, reply_to)
        await self.sees("What type of message is this for {reference}?")
        await self.taps("✉️ Official reply")
        await self.sends()

    async def sends(self) -> None:
        """Send what is shown as the resident will see it."""
        await self.person.sees("👁", SECONDS)
        await self.taps("✅ Send")
        await self.hears("Sent")

    async def taps(self, label: str, on: int | None = None) -> None:
        await self.person.taps(self.t.plain(label), on)

    # ------------------------------------------------------------------ reading

    async def sees(self, text: str) -> BotMessage:
        """Wait for an answer of the bot's, in the member's language."""
        return await self.person.sees(words(self.t, text), SECONDS)

    async def sees_posted(self, text: str) -> BotMessage:
        """Wait for what is posted in the office's language."""
        return await self.person.sees(words(self.office_t, text), SECONDS)

    async def hears(self, text: str) -> Toast:
        return await self.person.hears(words(self.t, text), SECONDS)


async def many_cases(town: Municipality, count: int, *, first: int = 0, at_once: int = 50) -> None:
    """So many residents, numbered from `first`, submit a complaint each to one office."""
    async with open_context(town.settings, clock=town.clock) as desk:
        for start in range(first, first + count, at_once):
            numbers = range(start, min(start + at_once, first + count))
            await desk.attempt(partial(_submit, numbers=numbers))


async def _submit(work: Work, numbers: range) -> None:
    for number in numbers:
        person = await residents.add(work.tx, "telegram", str(500_000 + number), f"Resident {number}", "en", work.now)
        said = f"Street lamp {number} is broken"
        new = NewCase(kind=CaseKind.COMPLAINT, category=CategoryId("bins"), office=OfficeId("capital"), words=said)
        assert isinstance(await resident_actions.submit(work, person, new), Case)

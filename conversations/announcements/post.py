"""Announcements put into words for a batch of recipients, and for public channels in all languages at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from markupsafe import Markup

from conversations.announcements.message import Shown, label, shown
from conversations.announcements.taps import PAYLOAD
from conversations.engine.messages import Outgoing
from conversations.engine.step import Button, Links, Responder, Rows
from locales import Catalogues, Digits, Language
from services.announcements.model import Announcement
from services.unit_of_work import Work
from storage.ids import MessageId

_BETWEEN = Markup("\n\n———\n\n")
_LONGEST_LABEL = 64
WORDS = "w"  # the part that bears the words, as `storage.recipients` knows it


@dataclass(slots=True)
class Edition:
    """What announcements say while one batch of them is told. What is said once serves all who read the same."""

    catalogues: Catalogues
    links: Links
    split: Callable[[Outgoing], tuple[Outgoing, ...]]
    _said: dict[tuple[int, int, str, str], Outgoing | None] = field(default_factory=dict)

    async def parts(
        self, work: Work, announcement: Announcement, language: str, digits: str
    ) -> tuple[tuple[str, str], ...]:
        """The messages in a language and digits (in all languages where they are ""), each with its part's name."""
        message = await self._message(work, announcement, language, digits)
        if message is None:
            return ()
        *before, last = (part.model_dump_json(exclude_defaults=True) for part in self.split(message))
        return (*((str(place), part) for place, part in enumerate(before)), (WORDS, last))

    async def edit(
        self, work: Work, announcement: Announcement, language: str, digits: str, message: MessageId
    ) -> str | None:
        """What makes an earlier message say what it says now; None where there is nothing to say any more."""
        now = await self._message(work, announcement, language, digits)
        if now is None:
            return None
        return now.model_copy(update={"files": (), "edit": message}).model_dump_json(exclude_defaults=True)

    async def _message(self, work: Work, announcement: Announcement, language: str, digits: str) -> Outgoing | None:
        read = (announcement.id, announcement.edition, language, digits)
        if read not in self._said:
            self._said[read] = await self._word(work, announcement, language, digits)
        return self._said[read]

    async def _word(self, work: Work, announcement: Announcement, language: str, digits: str) -> Outgoing | None:
        if not language:
            it = await self._in_all_languages(work, announcement)
            responder = self._responder(work, Language.AR.value, Digits.LATIN.value)
        else:
            responder = self._responder(work, language, digits)
            it = await shown(responder, announcement)
        if it is None:
            return None
        responder.say(it.text, it.rows, files=it.files)
        paid = announcement.paid and work.announcing.paid_broadcast
        return responder.out[0].message.model_copy(update={"paid": paid})

    async def _in_all_languages(self, work: Work, announcement: Announcement) -> Shown | None:
        """As a public channel shows it: one post, with buttons that are links, since anybody may read it."""
        texts: list[Markup] = []
        files = None
        for language in Language:
            if language.value == announcement.language_left_out:
                continue
            it = await shown(self._responder(work, language.value, Digits.LATIN.value), announcement)
            if it is not None:
                texts.append(it.text)
                files = it.files
        if files is None:
            return None
        return Shown(_BETWEEN.join(texts), self._link_rows(work, announcement), files)

    def _link_rows(self, work: Work, announcement: Announcement) -> Rows:
        found: list[list[Button]] = []
        for place, button in enumerate(announcement.buttons):
            labels = (
                label(self._responder(work, language.value, Digits.LATIN.value).t, button)
                for language in Language
                if language.value != announcement.language_left_out
            )
            url = self.links.channel.deep(f"{PAYLOAD}{announcement.id}-{place}")
            found.append([Button(label=" | ".join(dict.fromkeys(labels))[:_LONGEST_LABEL], url=url)])
        return found

    def _responder(self, work: Work, language: str, digits: str) -> Responder:
        t = self.catalogues.localizer(Language(language), Digits(digits))
        return Responder(work=work, links=self.links, t=t)

"""Announcements: drafts, those under way, those of the past with what they brought; and where new ones begin."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from markupsafe import Markup

from conversations.announcements.actions import ANNOUNCE_SESSION
from conversations.announcements.card import OPEN
from conversations.announcements.improvement import ROUTE as IMPROVEMENT
from conversations.announcements.new import NEW
from conversations.announcements.step import choose_a_button, denied, person_of, turned_away
from conversations.announcements.words import STATUSES, mark_of, title
from conversations.engine.messages import Kind
from conversations.engine.step import Answer, Button, Next, Prompt, Redirect, Step, Turn
from conversations.staff.office_scope import office_label
from locales import N_
from locales.bidi import shorten
from services.announcements import reading, writing
from services.announcements.model import Announcement, Status
from services.announcements.reading import Past
from storage.ids import OfficeId

Which = Literal["drafts", "running", "past"]
_S = Status
_SHOWN: Mapping[Which, tuple[Status, ...]] = MappingProxyType(
    {
        "drafts": (_S.DRAFT, _S.AWAITING_APPROVAL),
        "running": (_S.SCHEDULED, _S.SENDING, _S.PAUSED, _S.CORRECTING, _S.RECALLING),
        "past": (_S.SENT, _S.CANCELLED, _S.RECALLED),
    }
)
_TABS: Mapping[Which, str] = MappingProxyType(
    {"drafts": N_("📝 Drafts"), "running": N_("📤 Under way"), "past": N_("🗂 Past")}
)
_EMPTY: Mapping[Which, str] = MappingProxyType(
    {
        "drafts": N_("There are no drafts."),
        "running": N_("No announcement is scheduled or being sent."),
        "past": N_("There are no past announcements."),
    }
)
_OPEN, _PAGE = "o", "p"


class Listing(Step):
    """The announcements of all offices for which the person may announce."""

    step: Literal["announce:list"] = "announce:list"
    accepts = frozenset({Kind.CHOICE, Kind.TEXT, Kind.MEDIA})
    which: Which = "drafts"
    page: int = 0

    async def ask(self, turn: Turn) -> Prompt:
        t, offices = turn.t, await writing.offices_of(turn.work, person_of(turn))
        if not offices:
            return Prompt(t("You do not have permission to do this."), back=False)
        rows: list[list[Button]] = [
            [
                Button(label=t.plain("➕ New announcement"), route=NEW),
                Button(label=t.plain("📅 Announce a session"), route=ANNOUNCE_SESSION),
            ],
            [Button(label=t.plain("🌱 You said, we did"), route=IMPROVEMENT, value="new")],
        ]
        found, lines, more = await self._page(turn, offices)
        rows += [[await _item(turn, one)] for one in found]
        rows.append(self._turning(turn, more=more))
        rows.append(
            [Button(label=t.plain(label), value=which) for which, label in _TABS.items() if which != self.which]
        )
        text = t.join_lines(
            t("📣 <b>Announcements</b>"), t(_TABS[self.which]), Markup(), *(lines or [t(_EMPTY[self.which])])
        )
        return Prompt(text, rows, back=False)

    async def _page(
        self, turn: Turn, offices: tuple[OfficeId, ...]
    ) -> tuple[tuple[Announcement, ...], list[Markup], bool]:
        """What is on this page, and a line for each."""
        if self.which == "past":
            past, more = await reading.past(turn.work, offices, self.page)
            return tuple(one.announcement for one in past), [await _brought(turn, one) for one in past], more
        found, more = await reading.listed(turn.work, offices, _SHOWN[self.which], self.page)
        return found, [await _line(turn, one) for one in found], more

    def _turning(self, turn: Turn, *, more: bool) -> list[Button]:
        t = turn.t
        earlier = [Button(label=t.plain("Previous"), value=f"{_PAGE}{self.page - 1}")] if self.page else []
        return [*earlier, *([Button(label=t.plain("More"), value=f"{_PAGE}{self.page + 1}")] if more else [])]

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        if not await writing.offices_of(turn.work, person_of(turn)):
            return denied(turn)
        choice = answer.choice
        if choice in _SHOWN:
            return Listing.model_validate({"which": choice})
        if choice[:1] == _PAGE and choice[1:].isdigit():
            return self.model_copy(update={"page": min(int(choice[1:]), 999)})
        if choice[:1] == _OPEN:
            return Redirect(OPEN, choice[1:])
        return choose_a_button(turn)


async def _item(turn: Turn, found: Announcement) -> Button:
    label = f"{mark_of(found)} {await title(turn, found)}"
    if found.texts:  # else the title names the office
        label = f"{label} · {office_label(turn.t, turn.work.offices, found.office)}"
    return Button(label=shorten(label, 64), value=f"{_OPEN}{found.id}")


async def _line(turn: Turn, found: Announcement) -> Markup:
    t = turn.t
    when = found.send_at or found.updated_at
    return t(
        "{mark} {title} · {status} · {when}",
        mark=Markup(mark_of(found)),  # noqa: S704 - one of our own signs
        title=t.own(await title(turn, found)),
        status=t(STATUSES[found.status]),
        when=t.near_moment(when, turn.work.today),
    )


async def _brought(turn: Turn, one: Past) -> Markup:
    """What an announcement of the past brought."""
    t, found = turn.t, one.announcement
    return t.join_lines(
        await _line(turn, found),
        t.dotted(
            t("sent: {n}", n=found.sent),
            t("tapped a button: {n}", n=one.effect.taps),
            t("booked: {n}", n=one.effect.bookings),
            t("no more news: {n}", n=one.effect.opt_outs),
        ),
    )


async def announce(turn: Turn, argument: str) -> Next:
    """The list; `argument` may name a part of it, or an office where a group's link led here."""
    if not await writing.offices_of(turn.work, person_of(turn)):
        return await turned_away(turn)
    return Listing.model_validate({"which": argument}) if argument in _SHOWN else Listing()

"""Choosing whom an announcement is for, with a count that follows each choice."""

from __future__ import annotations

from typing import ClassVar, Literal

from markupsafe import Markup

from conversations.announcements.audience_words import BOOKED, audience_line, count_lines
from conversations.announcements.card import card_of
from conversations.announcements.step import AnnouncementStep, choose_a_button, denied, person_of
from conversations.announcements.words import heading
from conversations.engine.messages import Kind
from conversations.engine.step import Answer, Button, Next, Prompt, Reask, Rows, Step, Turn
from conversations.staff.office_scope import office_label
from locales import Language
from locales.bidi import shorten
from services.announcements import writing
from services.announcements.audience import count
from services.announcements.model import Announcement, Audience
from services.offices.geography import parse_block
from services.offices.offices import Category
from services.staff.permissions import EVERY_OFFICE
from services.text.normalise import search
from storage.ids import CategoryId, OfficeId

_LANGUAGES = ("", *(language.value for language in Language))
_PAGE = 10  # categories shown at once


class ChoosingAudience(AnnouncementStep):
    """Each choice is a button that goes through its values; the count below follows."""

    step: Literal["announce:for"] = "announce:for"

    async def show(self, turn: Turn, found: Announcement) -> Prompt:
        t = turn.t
        counted = await count(turn.work, found.audience)
        text = t.join_lines(
            heading(turn, found),
            t("👥 <b>Audience</b>: {audience}", audience=audience_line(turn, found.audience)),
            Markup(),
            *count_lines(turn, counted),
        )
        return Prompt(text, await self._rows(turn, found), menu=False)

    async def _rows(self, turn: Turn, found: Announcement) -> Rows:
        t, audience = turn.t, found.audience
        language = Language(audience.language).own_name if audience.language else t.plain("all")
        booked = t.plain(BOOKED[audience.booked]) if audience.booked else t.plain("any")
        category = turn.work.offices.category(audience.category)
        rows = [
            [Button(label=t.plain("🗣 Language: {language}", language=language), value="language")],
            [
                Button(
                    label=t.plain("📅 Appointments: {which}", which=booked)[:64],
                    value="booked",
                )
            ],
            [Button(label=_yes_or_no(turn, audience), value="open")],
            [
                Button(
                    label=t.plain(
                        "🏷 Category: {category}", category=t.pick_plain(category.name) if category else t.plain("any")
                    )[:64],
                    value="category",
                ),
                Button(
                    label=t.plain(
                        "📍 Block: {block}", block=str(audience.block) if audience.block is not None else t.plain("any")
                    ),
                    value="block",
                ),
            ],
        ]
        if len(await _choices(turn)) > 1:
            rows.insert(0, [Button(label=t.plain("🏛 Offices …"), value="offices")])
        return [
            *rows,
            [Button(label=t.plain("Done"), value="done"), Button(label=t.plain("Everyone"), value="everyone")],
        ]

    async def take(self, turn: Turn, answer: Answer, found: Announcement) -> Next:
        audience = found.audience
        match answer.choice:
            case "language":
                return await self._choose(turn, audience, language=_after(_LANGUAGES, audience.language))
            case "booked":
                return await self._choose(turn, audience, booked=_after(tuple(BOOKED), audience.booked))
            case "open":
                return await self._choose(turn, audience, open_case=not audience.open_case)
            case "everyone":
                return await self._all(turn, found)
            case "offices":
                return ChoosingOffices(announcement=found.id, version=found.version)
            case "category":
                return ChoosingCategory(announcement=found.id, version=found.version)
            case "block":
                return ChoosingBlock(announcement=found.id, version=found.version)
            case "done":
                return await card_of(turn, found, preview=False)
        return choose_a_button(turn)

    async def _choose(self, turn: Turn, audience: Audience, **choice: str | bool) -> Next:
        return await _chosen(self, turn, audience, **choice)

    async def _all(self, turn: Turn, found: Announcement) -> Next:
        """Everybody whom the author may tell."""
        mine = await _choices(turn)
        every = EVERY_OFFICE in await writing.offices_of(turn.work, person_of(turn))
        made = await self.change(
            turn, office=EVERY_OFFICE if every else found.office, audience=Audience(offices=() if every else mine)
        )
        return denied(turn) if made is None else self.at(made)

    async def back(self, turn: Turn) -> Step | None:
        found = await writing.open_for(turn.work, person_of(turn), self.announcement)
        return None if found is None else await card_of(turn, found, preview=False)


class _Part(AnnouncementStep):
    """One part of the audience, on a screen of its own."""

    async def back(self, turn: Turn) -> Step | None:
        return ChoosingAudience(announcement=self.announcement, version=self.version)


class ChoosingOffices(_Part):
    """Several offices, of those the author may announce for."""

    step: Literal["announce:offices"] = "announce:offices"

    async def show(self, turn: Turn, found: Announcement) -> Prompt:
        t = turn.t
        counted = await count(turn.work, found.audience)
        rows = [
            [
                Button(
                    label=_ticked(office_label(t, turn.work.offices, one), on=one in found.audience.offices), value=one
                )
            ]
            for one in await _choices(turn)
        ]
        question = t("Choose the offices whose residents will get it.")
        text = t.join_lines(heading(turn, found), question, Markup(), *count_lines(turn, counted))
        return Prompt(text, [*rows, [Button(label=t.plain("Done"), value="done.")]], menu=False)

    async def take(self, turn: Turn, answer: Answer, found: Announcement) -> Next:
        if answer.choice == "done.":
            return ChoosingAudience(announcement=found.id, version=found.version)
        mine, office = await _choices(turn), OfficeId(answer.choice)
        if office not in mine:
            return choose_a_button(turn)
        before = found.audience.offices
        chosen = tuple(one for one in mine if (one in before) != (one == office))
        if not chosen:
            return Reask(turn.t("Choose at least one office."), self.at(found))
        # Whose announcement it is: the one office's, or, over several, still its author's.
        home = chosen[0] if len(chosen) == 1 else found.office
        if home and home not in chosen:
            home = chosen[0]
        made = await self.change(turn, office=home, audience=found.audience.model_copy(update={"offices": chosen}))
        return denied(turn) if made is None else self.at(made)


class ChoosingCategory(_Part):
    """Those who made a request about something."""

    step: Literal["announce:category"] = "announce:category"
    page: int = 0
    typed: str = ""

    async def show(self, turn: Turn, found: Announcement) -> Prompt:
        t, everything = turn.t, turn.work.offices.categories
        matching = search(self.typed, everything) if self.typed else []
        shown = matching or everything[self.page * _PAGE : (self.page + 1) * _PAGE]
        buttons = [_category(turn, one) for one in shown]
        rows = [buttons[at : at + 2] for at in range(0, len(buttons), 2)]
        turning = [
            *([Button(label=t.plain("Previous"), value=f"page.{self.page - 1}")] if self.page else []),
            *(
                [Button(label=t.plain("More"), value=f"page.{self.page + 1}")]
                if not self.typed and (self.page + 1) * _PAGE < len(everything)
                else []
            ),
        ]
        question = t("Only people who made a request about which category? Choose one, or type a word to search.")
        return Prompt(
            t.join_lines(heading(turn, found), question),
            [*rows, turning, [Button(label=t.plain("Any category"), value="any.")]],
            menu=False,
        )

    async def take(self, turn: Turn, answer: Answer, found: Announcement) -> Next:
        if not answer.choice:
            return self.model_copy(update={"typed": answer.text[:100], "page": 0})
        page = answer.choice.removeprefix("page.")
        if page != answer.choice:
            return self.model_copy(update={"page": int(page) if page.isdigit() else 0, "typed": ""})
        category = CategoryId("" if answer.choice == "any." else answer.choice)
        if category and turn.work.offices.category(category) is None:
            return choose_a_button(turn)
        return await _chosen(self, turn, found.audience, category=category)


class ChoosingBlock(_Part):
    """Those who made a request about a place in a block."""

    step: Literal["announce:block"] = "announce:block"
    accepts: ClassVar[frozenset[Kind]] = frozenset({Kind.CHOICE, Kind.TEXT})

    async def show(self, turn: Turn, found: Announcement) -> Prompt:
        t = turn.t
        question = t(
            "Only people who made a request in which block? Type its number, for example {example}.", example="338"
        )
        return Prompt(
            t.join_lines(heading(turn, found), question),
            [[Button(label=t.plain("Any block"), value="any")]],
            menu=False,
        )

    async def take(self, turn: Turn, answer: Answer, found: Announcement) -> Next:
        block = None if answer.choice else parse_block(answer.text)
        if block is None and not answer.choice:
            return Reask(turn.t("Enter a valid block number."))
        return await _chosen(self, turn, found.audience, block=block)


# ---------------------------------------------------------------------------- in common


async def _chosen(here: AnnouncementStep, turn: Turn, audience: Audience, **choice: str | bool | int | None) -> Next:
    """Note a choice, and show all of them."""
    made = await here.change(turn, audience=Audience.model_validate({**dict(audience), **choice}))
    return denied(turn) if made is None else ChoosingAudience(announcement=made.id, version=made.version)


async def _choices(turn: Turn) -> tuple[OfficeId, ...]:
    """The offices for which the person may announce."""
    return tuple(one for one in await writing.offices_of(turn.work, person_of(turn)) if one != EVERY_OFFICE)


def _after(values: tuple[str, ...], value: str) -> str:
    return values[(values.index(value) + 1) % len(values)] if value in values else values[0]


def _ticked(label: str, *, on: bool) -> str:
    return shorten(f"{'☑️' if on else '⬜️'} {label}", 64)


def _yes_or_no(turn: Turn, audience: Audience) -> str:
    t = turn.t
    return (
        t.plain("📂 Only with an open request: yes")
        if audience.open_case
        else t.plain("📂 Only with an open request: no")
    )


def _category(turn: Turn, category: Category) -> Button:
    return Button(label=shorten(f"{category.emoji} {turn.t.pick_plain(category.name)}", 64), value=category.id)

"""A test: the announcement is sent as it is to its author and the colleagues they name, before anybody else."""

from __future__ import annotations

from typing import Literal

from markupsafe import Markup

from conversations.announcements.card import card_of
from conversations.announcements.fault_words import fault_lines
from conversations.announcements.step import AnnouncementStep, choose_a_button, denied, person_of
from conversations.announcements.words import heading
from conversations.engine.step import Answer, Button, Next, Prompt, Reask, Step, Turn
from locales.bidi import shorten
from services.announcements import sending, writing
from services.announcements.colleagues import Colleague, who_may
from services.announcements.model import Announcement
from storage.ids import ResidentId

_MOST = 30  # colleagues to choose from


class ChoosingTesters(AnnouncementStep):
    """Who gets the test; the author does in any case."""

    step: Literal["announce:test"] = "announce:test"
    chosen: tuple[ResidentId, ...] = ()

    async def show(self, turn: Turn, found: Announcement) -> Prompt:
        t = turn.t
        rows = [
            [
                Button(
                    label=shorten(f"{'☑️' if one.resident.id in self.chosen else '⬜️'} {one.name}", 64),
                    value=f"r{one.resident.id}",
                )
            ]
            for one in await _colleagues(turn, found)
        ]
        text = t.join_lines(
            heading(turn, found),
            t("🧪 <b>Test</b>"),
            t("You will get it as residents will. Choose the colleagues who should get it too.")
            if rows
            else t("You will get it as residents will. No colleague has started the bot yet."),
            Markup(),
        )
        send = t.plain_plural("✅ Send the test to {n} person", "✅ Send the test to {n} people", len(self.chosen) + 1)
        return Prompt(text, [*rows, [Button(label=send, value="send")]], menu=False)

    async def take(self, turn: Turn, answer: Answer, found: Announcement) -> Next:
        known = {f"r{one.resident.id}": one.resident.id for one in await _colleagues(turn, found)}
        if answer.choice == "send":
            return await self._send(turn, found, tuple(one for one in known.values() if one in self.chosen))
        tapped = known.get(answer.choice)
        if tapped is None:
            return choose_a_button(turn)
        chosen = tuple(one for one in known.values() if (one in self.chosen) != (one == tapped))
        return self.at(found).model_copy(update={"chosen": chosen})

    async def _send(self, turn: Turn, found: Announcement, others: tuple[ResidentId, ...]) -> Next:
        t = turn.t
        made = await sending.send_test(
            turn.work, person_of(turn), found.id, self.version, tuple(dict.fromkeys((turn.resident.id, *others)))
        )
        if made is None:
            return denied(turn)
        if isinstance(made, tuple):
            return Reask(
                t.join_lines(t("You cannot send it yet:"), *fault_lines(t, made)),
                await card_of(turn, found, preview=False),
            )
        sent = t.plural("🧪 The test goes to {n} person.", "🧪 The test goes to {n} people.", len(made.audience.only))
        return Reask(sent, await card_of(turn, found, preview=False))

    async def back(self, turn: Turn) -> Step | None:
        found = await writing.open_for(turn.work, person_of(turn), self.announcement)
        return None if found is None else await card_of(turn, found, preview=False)


async def _colleagues(turn: Turn, found: Announcement) -> list[Colleague]:
    others = await who_may(turn.work, found.office)
    return [one for one in others if one.resident.id != turn.resident.id][:_MOST]

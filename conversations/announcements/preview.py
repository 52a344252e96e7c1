"""An announcement as each language will see it, shown to whoever writes or approves it before anybody else."""

from __future__ import annotations

from conversations.announcements import message
from conversations.engine.step import Button, NoReply, Responder, Rows, Turn
from conversations.engine.step import Next as Following
from locales import N_, Digits, Language
from services.announcements.faults import is_written_by_itself
from services.announcements.model import Announcement

#: Opened by the buttons of a preview: they look like those that are sent, and do nothing.
ROUTE = "preview_button"
_SEEN_IN = {
    Language.AR: N_("👁 In Arabic, it will look like this:"),
    Language.EN: N_("👁 In English, it will look like this:"),
}


async def say_previews(turn: Turn, found: Announcement) -> int:
    """Show it in every language it is written in, as those who read it will see it; how many those are."""
    said = 0
    for language in Language:
        if not found.texts.root.get(language.value) and not is_written_by_itself(found):
            continue
        reader = Responder(
            work=turn.work,
            links=turn.links,
            t=turn.catalogues.localizer(language, Digits(turn.resident.digits)),
        )
        shown = await message.shown(reader, found)
        if shown is None:
            continue
        turn.say(turn.t(_SEEN_IN[language]))
        reader.say(shown.text, _harmless(shown.rows), files=shown.files)
        turn.out += reader.out
        said += 1
    return said


def _harmless(rows: Rows) -> Rows:
    """The same buttons, which open nothing and stop nothing."""
    return [[Button(label=button.label, route=ROUTE) for button in row] for row in rows]


async def tapped(turn: Turn, _argument: str) -> Following:
    """A button of a preview."""
    turn.toast = turn.t.plain("This is a preview. The button works once the announcement is sent.")
    return NoReply()

"""The command list that the channel shows to one member of staff, in one chat."""

from __future__ import annotations

from conversations.engine.command_list import COMMANDS as OF_RESIDENTS
from conversations.engine.command_list import described
from conversations.staff.commands import offered
from locales import DEFAULT, Catalogues, Language
from services.offices.offices import Offices
from services.staff.command_lists import Reader

CommandMenu = tuple[tuple[str, str], ...]


def menu_for(catalogues: Catalogues, offices: Offices, reader: Reader, *, private: bool) -> CommandMenu:
    """Names and texts, in the reader's language: what their roles let them do there, in private also what residents do.

    Empty for somebody without a role, to whom the list of everybody is shown.
    """
    if reader.member is None:
        return ()
    shown = {one.name: one.description for one in offered(reader.member, reader.offices, group=not private)}
    if private:
        last = shown.pop("help")
        shown |= {name: text for name, text in OF_RESIDENTS.items() if name != "help"} | {"help": last}
    return described(catalogues.localizer(_language(offices, reader)), shown)


def _language(offices: Offices, reader: Reader) -> Language:
    """The one they chose; before they have, the one in which their office's cards are written."""
    if reader.language:
        return Language(reader.language)
    here = offices.get(reader.offices[0]) if reader.offices else None
    return Language(here.staff_language) if here is not None else DEFAULT

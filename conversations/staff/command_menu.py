"""The command list that the channel shows to one member of staff, in one chat."""

from __future__ import annotations

from conversations.engine.command_list import COMMANDS as OF_RESIDENTS
from conversations.engine.command_list import described
from conversations.staff.commands import offered
from locales import DEFAULT, Catalogues, Language
from services.offices.offices import Offices
from services.staff.command_lists import Reader

#: Names and texts, for apps in one language; None is for apps in every other.
CommandMenus = dict[str | None, tuple[tuple[str, str], ...]]


def menus_for(catalogues: Catalogues, offices: Offices, reader: Reader, *, private: bool) -> CommandMenus:
    """What somebody's roles let them do there, in private also what residents do; in the language they chose.

    Before they have chosen, each app is shown its own. Empty for somebody without a role, to whom the list of
    everybody is shown.
    """
    if reader.member is None:
        return {}
    shown = {one.name: one.description for one in offered(reader.member, reader.offices, group=not private)}
    if private:
        last = shown.pop("help")
        shown |= {name: text for name, text in OF_RESIDENTS.items() if name != "help"} | {"help": last}
    if reader.language:
        return {None: described(catalogues.localizer(Language(reader.language)), shown)}
    here = offices.get(reader.offices[0]) if reader.offices else None
    of_office = Language(here.staff_language) if here is not None else DEFAULT
    languages: dict[str | None, Language] = {None: of_office, **{language.value: language for language in Language}}
    return {code: described(catalogues.localizer(language), shown) for code, language in languages.items()}

"""From an office to what can be changed of it, with every present value.

What is changed there is asked by other modules, which these menus open by their routes.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from markupsafe import Markup

from conversations.configuration.data import is_own, value_of
from conversations.configuration.field_types import Section, Spot
from conversations.configuration.fields import OFFICE, RULE, SHARED, entry_path, listed_at, place_of, section_of
from conversations.configuration.step import ConfiguringStep, choose_a_button, in_pairs, key, offices_of
from conversations.configuration.values import entry_title, office_title, shown
from conversations.engine.messages import Kind
from conversations.engine.step import Answer, Button, Next, Prompt, Redirect, Step, Turn
from locales import N_
from services.offices.changes import Present
from services.offices.configuration import ANSWERS, value_at
from services.staff import permissions
from storage.ids import OfficeId

_ALL = "_all"  # "" is no value of a button
#: What else an office's menu opens: a route, and what its button says.
_ROUTES = {
    "config_rules": N_("🗓 Weekly Customer Day"),
    "config_sessions": N_("📅 Sessions"),
    "config_closures": N_("🚫 Closed days and holidays"),
    "config_history": N_("🕓 Recent changes"),
}


def spot_argument(spot: Spot, field: str = "") -> str:
    """A spot as a route's argument."""
    return f"{spot.office}.{spot.section}.{spot.entry}.{field}"


def spot_in(argument: str) -> tuple[Spot, str]:
    """The spot that a route's argument names, and a field of it; what is not there names nothing."""
    office, section, entry, field, *_ = (*argument.split("."), "", "", "", "")
    return Spot(office=OfficeId(office), section=section, entry=entry), field


# ---------------------------------------------------------------------------- offices


class ChoosingOffice(ConfiguringStep):
    """Which office, for one who may configure several."""

    step: Literal["offices:choose"] = "offices:choose"
    accepts: ClassVar[frozenset[Kind]] = frozenset({Kind.CHOICE})

    async def ask(self, turn: Turn) -> Prompt:
        t, mine = turn.t, await offices_of(turn)
        offices = turn.work.offices
        buttons = [key(t.pick_plain(offices.offices_by_id[one].name), one) for one in mine if one]
        rows = [[button] for button in buttons]
        if "" in mine:
            rows.append([key(t.plain("🏛 All offices"), _ALL)])
        text = t("<b>Offices</b>"), t("Which office do you want to change?")
        return Prompt(t.join_lines(*text), rows, back=False)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        office = OfficeId(answer.choice if answer.choice != _ALL else "")
        return OfficeMenu(spot=Spot(office=office)) if office in await offices_of(turn) else self


class OfficeMenu(ConfiguringStep):
    """What can be changed of an office, or of all of them together."""

    step: Literal["offices:menu"] = "offices:menu"

    async def show(self, turn: Turn, present: Present) -> Prompt:
        t, office = turn.t, self.spot.office
        sections = [key(t.plain(one.title), one.key) for one in (OFFICE if office else SHARED)]
        lists = [key(t.plain(one.title), one.key) for one in listed_at(office).values()]
        routes = [
            Button(label=t.plain(title), route=route, value=office)
            for route, title in _ROUTES.items()
            if office or route in {"config_closures", "config_history"}
        ]
        return Prompt(
            t.join_lines(
                t("<b>{office}</b>", office=office_title(turn, present, office)),
                t("What do you want to change? Every change is shown with its effect before it is made."),
            ),
            in_pairs([*routes, *sections, *lists]),
        )

    async def take(self, turn: Turn, answer: Answer, present: Present) -> Next:
        if answer.choice in listed_at(self.spot.office):
            return Redirect("config_entries", spot_argument(Spot(office=self.spot.office, section=answer.choice)))
        spot = Spot(office=self.spot.office, section=answer.choice)
        return choose_a_button(turn) if section_of(spot) is None else ShowingSection(spot=spot)

    async def back(self, turn: Turn) -> Step | None:
        return ChoosingOffice()


# ---------------------------------------------------------------------------- a section


class ShowingSection(ConfiguringStep):
    """Fields with their present values; a button for each."""

    step: Literal["offices:section"] = "offices:section"

    async def show(self, turn: Turn, present: Present) -> Prompt:
        t, section = turn.t, section_of(self.spot)
        if section is None or not self.is_there(present):
            return Prompt(t("This is no longer there."))
        buttons = [key(t.plain(one.title), one.key) for one in section.fields]
        rows = in_pairs(buttons)
        if self.spot.office and section.key == "hours" and is_own(present, place_of(self.spot, section.fields[0]).root):
            rows.append([key(t.plain("Use the usual hours"), "config_usual")])
        if section is RULE:
            rows.append([key(t.plain("🗑 Remove this sitting"), "config_drop")])
        if section.key == "templates":
            rows.append([key(t.plain("🗑 Remove this text"), "config_drop")])
        if section.key == ANSWERS:
            rows.append([key(t.plain("🗑 Remove this answer"), "config_drop")])
        lines = self._lines(turn, present, section)
        if section.key == "staff":
            linked = await permissions.chat_of(turn.work, self.spot.office)
            lines.insert(2, t("No group is linked.") if linked is None else t("A group is linked."))
        return Prompt(t.join_lines(*lines), rows)

    def is_there(self, present: Present) -> bool:
        """Whether there still is what it shows."""
        if not self.spot.entry:
            return True
        if self.spot.section in listed_at(self.spot.office):
            return value_at(present.configuration.data, entry_path(self.spot)) is not None
        if self.spot.office:
            office = present.offices.get(self.spot.office)
            return office is not None and 0 <= self.spot.index < len(office.customer_day)
        return False

    def _lines(self, turn: Turn, present: Present, section: Section) -> list[Markup]:
        t, spot = turn.t, self.spot
        title = t(section.title)
        if spot.section in listed_at(spot.office):
            title = t.own(entry_title(turn, present, spot))
        where = office_title(turn, present, spot.office)
        lines = [t("<b>{office}</b> · {section}", office=where, section=title), Markup()]
        for one in section.fields:
            value = shown(turn, present, one, value_of(present, place_of(spot, one)))
            lines.append(t("{field}: {value}", field=t(one.title), value=value))
        if spot.office and section.key == "hours" and not is_own(present, place_of(spot, section.fields[0]).root):
            lines.append(t("These are the usual hours of all offices."))
        if section.key == "staff":
            lines += self._about_staff(turn)
        return lines

    def _about_staff(self, turn: Turn) -> list[Markup]:
        t = turn.t
        return [
            Markup(),
            t("Send {link} in the group to link it to this office.", link="/link"),
            t(
                "To add a person, use {invite}. To see the team or end a person’s rights, use {staff}.",
                invite="/invite",
                staff="/staff",
            ),
        ]

    async def take(self, turn: Turn, answer: Answer, present: Present) -> Next:
        section = section_of(self.spot)
        if answer.choice in {"config_usual", "config_drop"}:
            return Redirect(answer.choice, spot_argument(self.spot))
        if section is None or section.field(answer.choice) is None:
            return choose_a_button(turn)
        return Redirect("config_field", spot_argument(self.spot, answer.choice))

    async def back(self, turn: Turn) -> Step | None:
        return OfficeMenu(spot=Spot(office=self.spot.office))

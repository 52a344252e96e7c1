"""Pages to read: how to reach an office, what this initiative is, what can be done here."""

from __future__ import annotations

from typing import Literal

from markupsafe import Markup

from conversations.engine.messages import Kind, Place
from conversations.engine.registry import Flow
from conversations.engine.step import Answer, Button, Next, NoReply, Prompt, Step, Turn
from conversations.texts.hours import hours_lines
from conversations.texts.welcome import language_buttons
from services.offices.offices import Office
from storage.ids import OfficeId

MAP = "map"


class Page(Step):
    """Something to read; what is written below it is treated as anything written at any time."""

    accepts = frozenset({Kind.CHOICE})

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        return self


# ---------------------------------------------------------------------------- contact


class ContactPage(Page):
    """How to reach an office without this bot; first the person's own."""

    step: Literal["info:contact"] = "info:contact"
    office: OfficeId

    async def ask(self, turn: Turn) -> Prompt:
        t, offices = turn.t, turn.work.offices
        office = offices.get(self.office)
        if office is None:
            return Prompt(t("This office is no longer available."), back=False)
        others = [
            Button(label=t.pick_plain(other.short_name)[:64], value=other.id)
            for other in offices.all
            if other.id != office.id
        ]
        rows = [others[start : start + 2] for start in range(0, len(others), 2)]
        links = [
            Button(label=t.plain("Website"), url=office.contacts.website) if office.contacts.website else None,
            Button(label=t.plain("Show on the map"), value=MAP) if office.place else None,
        ]
        return Prompt(_contact_text(turn, office), [[button for button in links if button], *rows], back=False)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        office = turn.work.offices.get(self.office)
        if answer.choice == MAP and office is not None and office.place is not None:
            place = office.place
            turn.say(
                Markup(),
                place=Place(latitude=place.latitude, longitude=place.longitude),
                place_title=turn.t.pick_plain(place.title),
                place_address=turn.t.pick_plain(place.address),
            )
            return NoReply()
        other = turn.work.offices.get(OfficeId(answer.choice))
        return self if other is None else ContactPage(office=other.id)


def _contact_text(turn: Turn, office: Office) -> Markup:
    t, contacts = turn.t, office.contacts
    ministry = turn.work.offices.hotline
    shared = contacts.hotline in {None, ministry}
    return t.join_lines(
        t("☎️ <b>{office}</b>", office=t.pick(office.name)),
        None if office.notice is None else t("📌 {notice}", notice=t.pick(office.notice)),
        None if office.place is None else t.pick(office.place.address),
        None if contacts.phone is None else t("Phone: {phone}", phone=t.phone(contacts.phone)),
        None if shared else t("Hotline: {phone}", phone=t.phone(contacts.hotline or "")),
        None if contacts.whatsapp is None else t("WhatsApp: {phone}", phone=t.phone(contacts.whatsapp)),
        None if contacts.email is None else t("Email: {address}", address=t.own(contacts.email)),
        None if contacts.instagram is None else t("Instagram: {address}", address=t.own(contacts.instagram)),
        t("Ministry and municipality hotline: {phone}", phone=t.phone(ministry)),
        "",
        t("<b>Working hours</b>"),
        *hours_lines(t, office.hours),
    )


async def contact(turn: Turn, argument: str) -> Next:
    """The office named, or the person's own, or the first there is."""
    offices = turn.work.offices
    named = (offices.get(OfficeId(office)) for office in (argument, turn.resident.office))
    office = next((office for office in named if office is not None), offices.all[0])
    return ContactPage(office=office.id)


# ---------------------------------------------------------------------------- about, help


class AboutPage(Page):
    step: Literal["info:about"] = "info:about"

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        text = t.join_lines(
            t("🏛 <b>Customer Day</b>"),
            t(
                "Every week, the Director General of each municipality meets citizens and residents face "
                "to face. This is the time to share complaints, observations, needs and views on how "
                "services should develop."
            ),
            "",
            t(
                "We pass what you say to the municipality's follow-up team. The team sees it through. "
                "Views that many people share help to shape the municipality's plans. This service is "
                "run by: {ministry}.",
                ministry=t.pick(turn.work.offices.ministry),
            ),
        )
        pages = turn.links.pages
        kept = ((Button(label=t.plain("🤝 Promises in numbers"), url=pages.promises()),),) if pages else ()
        rows = (
            (Button(label=t.plain("📅 Book a Customer Day appointment"), route="book"),),
            *kept,
            (Button(label=t.plain("Contact us"), route="contact"), Button(label=t.plain("Privacy"), route="privacy")),
        )
        return Prompt(text, rows, back=False)


class HelpPage(Page):
    step: Literal["info:help"] = "info:help"

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        text = t.join_lines(
            t("❓ <b>Help</b>"),
            t(
                "• Just write, or send a photo, a voice note or your location. We will then ask what you "
                "want to do with it."
            ),
            t("• Type a reference to see the status of that request or appointment."),
            t("• To add to a request, reply to one of our messages about it."),
            t("• Until you submit, you can correct a message by editing it."),
            "",
            t(
                "{menu} main menu · {cancel} cancel what you are writing · {language} language",
                menu="/menu",
                cancel="/cancel",
                language="/language",
            ),
            t(
                "{office} municipality · {settings} settings · {privacy} your data",
                office="/office",
                settings="/settings",
                privacy="/privacy",
            ),
            "",
            t("By phone: {phone}", phone=t.phone(turn.work.offices.hotline)),
        )
        rows = (
            (Button(label=t.plain("Contact us"), route="contact"), Button(label=t.plain("About"), route="about")),
            language_buttons(t),
        )
        return Prompt(text, rows, back=False)


async def about(_turn: Turn, _: str) -> Next:
    return AboutPage()


async def help_(_turn: Turn, _: str) -> Next:
    return HelpPage()


FLOW = Flow(
    steps=(ContactPage, AboutPage, HelpPage),
    routes={"contact": contact, "about": about, "help": help_},
    commands={"contact": "contact", "about": "about", "help": "help"},
)

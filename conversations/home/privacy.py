"""What is kept of a person, and their rights over it: to see it, to have it erased, to withdraw consent."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from markupsafe import Markup

from conversations.engine.messages import Emphasis, FileKind, Kind, Outgoing, OutgoingFile
from conversations.engine.registry import Flow
from conversations.engine.step import Answer, Button, EndFlow, Next, NoReply, Prompt, Step, Turn
from conversations.home.settings import number_button
from locales import DEFAULT, Language, Localizer
from services.bookings import bookings
from services.bookings.states import OPEN
from services.cases import resident_actions
from services.privacy import data_export, erasure, staff_chats
from services.privacy.erasure import Forgotten
from services.privacy.retention import Retention
from services.privacy.staff_chats import Posted

FILE = "customer-day-my-data.json"
_A_MONTH = timedelta(days=365.25 / 12)


class PrivacyPage(Step):
    step: Literal["privacy:page"] = "privacy:page"
    accepts = frozenset({Kind.CHOICE})

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        text = t.join_lines(
            t("🔒 <b>Privacy</b>"),
            t(
                "The {ministry} keeps what you send to deal with your appointments and requests, under {law}.",
                ministry=t.pick(turn.work.offices.ministry),
                law=t.pick(turn.work.offices.law),
            ),
            "",
            t(
                "<b>What we keep</b>: your name, phone number, messages, files and locations, and what "
                "we did about them."
            ),
            t(
                "When you call, we keep what staff record in the same way. To see it here, use "
                "{requests} and share your phone number.",
                requests="/my",
            ),
            t(
                "<b>Who can see it</b>: the office you write to. Staff see your name and phone number "
                "only if they ask to, and we record each time they do."
            ),
            t(
                "<b>Where we keep it</b>: with the municipality. Messages also pass through Telegram "
                "servers outside Bahrain."
            ),
            *_how_long(t, Retention()),
            t(
                "<b>Your rights</b>: you can see your data, have it corrected or erased, and withdraw "
                "your consent at any time."
            ),
        )
        rows = [
            [Button(label=t.plain("📄 My data"), route="mydata")],
            [number_button(turn)],
            [Button(label=t.plain("🗑 Erase my data"), route="forget")],
        ]
        if turn.resident.consented_at is not None:
            rows.append([Button(label=t.plain("Withdraw consent"), route="withdraw_consent")])
        return Prompt(text, rows, back=False)

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        return self


def _how_long(t: Localizer, keep: Retention) -> tuple[Markup, ...]:
    booking, cases = t.duration(keep.booking_contact), _months(t, keep.case_identity)
    return (
        t("<b>How long we keep it</b>:"),
        t("• Drafts: for {drafts}.", drafts=t.duration(keep.drafts)),
        t(
            "• Appointments: your name and phone number for {booking} after the day, and what you wrote for {cases}.",
            booking=booking,
            cases=cases,
        ),
        t(
            "• Requests: your name and phone number for {cases} after they are closed. We keep what you wrote "
            "for longer, without your name.",
            cases=cases,
        ),
        t(
            "• Files: for {files}. For files in a request, we count from the day the request is closed.",
            files=_months(t, keep.attachments),
        ),
    )


def _months(t: Localizer, span: timedelta) -> Markup:
    """A long span as people say it."""
    return t.plural("{n} month", "{n} months", round(span / _A_MONTH))


# ---------------------------------------------------------------------------- access


async def my_data(turn: Turn, _: str) -> Next:
    """Everything held on the person, as one file."""
    content = (await data_export.export(turn.work, turn.resident)).to_json()
    file = OutgoingFile(kind=FileKind.DOCUMENT, name=FILE, mime="application/json", content=content)
    turn.say(turn.t("📄 This file (JSON) has all the data we keep about you."), files=(file,))
    return NoReply()


# ---------------------------------------------------------------------------- withdrawing consent


class Withdrawing(Step):
    step: Literal["privacy:withdraw"] = "privacy:withdraw"
    accepts = frozenset({Kind.CHOICE})

    async def ask(self, turn: Turn) -> Prompt:
        t = turn.t
        text = t.join_lines(
            t("<b>Withdraw your consent?</b>"),
            t(
                "We will erase the name and phone number you gave and the municipality you chose. We "
                "will stop sending you news."
            ),
            t("Your existing requests and appointments will continue. You can withdraw or cancel each one separately."),
            t("We will ask for your consent again before you submit anything new."),
        )
        return Prompt(text, [[Button(label=t.plain("Withdraw consent"), value="yes", emphasis=Emphasis.DANGER)]])

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice != "yes":
            return self
        turn.change(
            consented_at=None,
            name=turn.said.sender.name,
            phone="",
            phone_own=False,
            office="",
            wants_news=False,
            source="",
        )
        t = turn.t
        rows = [
            [Button(label=t.plain("My requests"), route="requests"), _appointments(t)],
            [Button(label=t.plain("🗑 Erase my data"), route="forget"), _menu(t)],
        ]
        done = t.join_lines(
            t("✅ <b>You have withdrawn your consent.</b>"),
            t(
                "We have erased the name and phone number you gave and the municipality you chose. We "
                "will not send you news."
            ),
            t("Your existing requests and appointments will continue. You can withdraw or cancel them here:"),
        )
        turn.say(done, rows)
        return EndFlow(forget=True)

    async def back(self, turn: Turn) -> Step | None:
        return PrivacyPage()


async def withdraw(turn: Turn, _: str) -> Next:
    return PrivacyPage() if turn.resident.consented_at is None else Withdrawing()


# ---------------------------------------------------------------------------- being forgotten


class Forgetting(Step):
    """What is erased, and what that cancels; only then the tap that does it."""

    step: Literal["privacy:forget"] = "privacy:forget"
    accepts = frozenset({Kind.CHOICE})

    async def ask(self, turn: Turn) -> Prompt:
        t, work = turn.t, turn.work
        booked = await bookings.of_resident(work, turn.resident.id)
        live = sum(booking.status in OPEN for booking in booked)
        own = await resident_actions.open_of(work, turn.resident.id)
        joined = any(line.followed for line in await resident_actions.of_resident(work, turn.resident.id))
        text = t.join_lines(
            t("🗑 <b>Erase all the data we keep about you?</b>"),
            t(
                "We will permanently erase your name, phone number, files, drafts, and what you wrote "
                "for appointments and in closed requests."
            ),
            t.plural("We will cancel {n} appointment.", "We will cancel {n} appointments.", live) if live else None,
            t.plural(
                "{n} open request will continue without your name. You will not get updates on it.",
                "{n} open requests will continue without your name. You will not get updates on them.",
                len(own),
            )
            if own
            else None,
            t(
                "The office will keep what you wrote in open requests, and their locations. We will "
                "remove names, phone numbers and email addresses from it."
            )
            if own
            else None,
            t(
                "What you added to requests you joined will stay there. We will remove names, phone "
                "numbers and email addresses from it."
            )
            if joined
            else None,
            t(
                "We will erase your messages, photos and phone number from the offices’ chats. Where Telegram lets "
                "only people delete them, we ask the office’s team to. Messages we sent you will stay in your chat."
            ),
            t("We will keep only statistics that do not identify anyone."),
        )
        return Prompt(text, [[Button(label=t.plain("Yes, erase everything"), value="yes", emphasis=Emphasis.DANGER)]])

    async def handle_answer(self, turn: Turn, answer: Answer) -> Next:
        if answer.choice != "yes":
            return self
        forgotten = await erasure.forget(turn.work, turn.resident, turn.work.now, bookings.cancel)
        await staff_chats.take_back(
            turn.work,
            [(one, _taken_back(turn, one).model_dump_json(exclude_defaults=True)) for one in forgotten.posted],
        )
        t = turn.t
        done = t.join_lines(
            t("✅ <b>We have erased your data.</b> We will not send you any more messages."),
            _still_in_chats(t, forgotten),
            t("You can come back at any time. Use the button below to start again with no earlier data."),
        )
        turn.say(done, [[_menu(t)]])
        # What is left of them is what may be written back, not what was.
        turn.resident, turn.changed = forgotten.resident, False
        return EndFlow(forget=True)

    async def back(self, turn: Turn) -> Step | None:
        return PrivacyPage()


def _still_in_chats(t: Localizer, forgotten: Forgotten) -> Markup | None:
    """What is true of the offices' chats at this moment: nothing has been tried yet, so a count is only expected."""
    if not forgotten.posted:
        return None
    by_hand = sum(one.by_hand for one in forgotten.posted)
    return t.join_lines(
        t(
            "We are removing what the offices’ chats show about you. If Telegram does not let us delete something, we "
            "ask the office’s team to, and check that they do."
        ),
        t.plural(
            "From what we know now, this will be {n} message.",
            "From what we know now, this will be {n} messages.",
            by_hand,
        )
        if by_hand
        else None,
    )


def _taken_back(turn: Turn, posted: Posted) -> Outgoing:
    office = turn.work.offices.get(posted.office)
    t = turn.catalogues.localizer(Language(office.staff_language) if office else DEFAULT)
    text = t("🗑 Erased at the applicant's request.")
    if posted.by_others:
        return Outgoing(delete=posted.message)
    if posted.by_deleting:
        return Outgoing(delete=posted.message, text=text, held=posted.held)
    return Outgoing(text=text, edit=posted.message)


def _appointments(t: Localizer) -> Button:
    return Button(label=t.plain("My appointments"), route="appointments")


def _menu(t: Localizer) -> Button:
    return Button(label=t.plain("Main menu"), route="menu")


async def forget(_turn: Turn, _: str) -> Next:
    return Forgetting()


async def page(_turn: Turn, _: str) -> Next:
    return PrivacyPage()


FLOW = Flow(
    steps=(PrivacyPage, Withdrawing, Forgetting),
    routes={"privacy": page, "mydata": my_data, "withdraw_consent": withdraw, "forget": forget},
    commands={"privacy": "privacy", "mydata": "mydata", "forget": "forget"},
)

"""What is kept of a person, and their rights over it: to see it, to have it erased, to withdraw consent."""

from __future__ import annotations

from typing import Literal

from conversations.appointments import OPEN
from conversations.messages import FileKind, Kind, OutgoingFile
from conversations.script import Flow
from conversations.step import Answer, Button, Leave, Next, Prompt, Stay, Step, Talk
from services import bookings, cases, privacy
from services.privacy import Retention

FILE = "customer-day-my-data.json"


class PrivacyPage(Step):
    step: Literal["privacy:page"] = "privacy:page"
    accepts = frozenset({Kind.CHOICE})

    async def ask(self, talk: Talk) -> Prompt:
        t, keep = talk.t, Retention()
        text = t.join_lines(
            t("🔒 <b>Privacy</b>"),
            t(
                "The {ministry} keeps what you send in order to deal with your appointments and requests, "
                "under the Personal Data Protection Law (30/2018).",
                ministry=t.pick(talk.work.offices.ministry),
            ),
            "",
            t("<b>What</b>: your name, your number, your words, files and places, and what became of them."),
            t(
                "<b>Who sees it</b>: the office you write to. "
                "Names and numbers are shown only on request, which is recorded."
            ),
            t("<b>Where</b>: with the municipality. Messages also pass through the messenger's servers, abroad."),
            t(
                "<b>How long</b>: drafts {drafts}; names and numbers of appointments {booking}; of closed requests "
                "{cases}; files {files}.",
                drafts=t.duration(keep.drafts),
                booking=t.duration(keep.booking_contact),
                cases=t.duration(keep.case_identity),
                files=t.duration(keep.attachments),
            ),
            t("<b>Your rights</b>: to see it, to have it corrected or erased, and to withdraw consent, at any time."),
        )
        rows = [
            [Button(label=t.plain("📄 My data"), door="mydata")],
            [Button(label=t.plain("🗑 Erase my data"), door="forget")],
        ]
        if talk.resident.consented_at is not None:
            rows.append([Button(label=t.plain("Withdraw consent"), door="withdraw_consent")])
        return Prompt(text, rows, back=False)

    async def take(self, talk: Talk, answer: Answer) -> Next:
        return self


# ---------------------------------------------------------------------------- access


async def my_data(talk: Talk, _: str) -> Next:
    """Everything held on the person, as one file."""
    content = (await privacy.export(talk.work, talk.resident)).to_json()
    file = OutgoingFile(kind=FileKind.DOCUMENT, name=FILE, mime="application/json", content=content)
    talk.say(talk.t("📄 Everything that is kept about you, as a file (JSON)."), files=(file,))
    return Stay()


# ---------------------------------------------------------------------------- withdrawing consent


class Withdrawing(Step):
    step: Literal["privacy:withdraw"] = "privacy:withdraw"
    accepts = frozenset({Kind.CHOICE})

    async def ask(self, talk: Talk) -> Prompt:
        t = talk.t
        text = t.join_lines(
            t("<b>Withdraw consent?</b>"),
            t("Your number and your municipality are erased, and no more news is sent."),
            t("Requests and appointments already submitted go on; each can be withdrawn or cancelled by itself."),
            t("Before anything new is submitted, consent is asked for again."),
        )
        return Prompt(text, [[Button(label=t.plain("Withdraw consent"), value="yes")]])

    async def take(self, talk: Talk, answer: Answer) -> Next:
        if answer.choice != "yes":
            return self
        talk.change(consented_at=None, phone="", phone_own=False, office="", wants_news=False, source="")
        talk.say(talk.t("Consent was withdrawn."))
        return Leave(forget=True)

    async def back(self, talk: Talk) -> Step | None:
        return PrivacyPage()


async def withdraw(talk: Talk, _: str) -> Next:
    return PrivacyPage() if talk.resident.consented_at is None else Withdrawing()


# ---------------------------------------------------------------------------- being forgotten


class Forgetting(Step):
    """What is erased, and what that cancels; only then the tap that does it."""

    step: Literal["privacy:forget"] = "privacy:forget"
    accepts = frozenset({Kind.CHOICE})

    async def ask(self, talk: Talk) -> Prompt:
        t, work = talk.t, talk.work
        booked = await bookings.of_resident(work, talk.resident.id)
        live = sum(booking.status in OPEN for booking in booked)
        requests = len(await cases.open_of(work, talk.resident.id))
        text = t.join_lines(
            t("🗑 <b>Erase everything that is kept about you?</b>"),
            t("Your name, your number, your files and what you wrote are erased for good."),
            t.plural("{n} appointment is cancelled.", "{n} appointments are cancelled.", live) if live else None,
            t.plural(
                "{n} open request goes on without your name; you will hear no more of it.",
                "{n} open requests go on without your name; you will hear no more of them.",
                requests,
            )
            if requests
            else None,
            t("What remains are statistics that name nobody."),
        )
        return Prompt(text, [[Button(label=t.plain("Yes, erase everything"), value="yes")]])

    async def take(self, talk: Talk, answer: Answer) -> Next:
        if answer.choice != "yes":
            return self
        forgotten = await privacy.forget(talk.work, talk.resident, talk.work.now, bookings.cancel)
        talk.say(talk.t("Everything that was kept about you was erased. You are welcome back at any time."))
        # What is left of them is what may be written back, not what was.
        talk.resident, talk.changed = forgotten.resident, False
        return Leave(forget=True)

    async def back(self, talk: Talk) -> Step | None:
        return PrivacyPage()


async def forget(_talk: Talk, _: str) -> Next:
    return Forgetting()


async def page(_talk: Talk, _: str) -> Next:
    return PrivacyPage()


FLOW = Flow(
    steps=(PrivacyPage, Withdrawing, Forgetting),
    doors={"privacy": page, "mydata": my_data, "withdraw_consent": withdraw, "forget": forget},
    commands={"privacy": "privacy", "mydata": "mydata", "forget": "forget"},
)

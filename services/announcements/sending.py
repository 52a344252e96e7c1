"""From a draft to everybody who is to have it: sent, approved by a second person, paused, corrected, taken back.

What is said here takes effect in bounded batches (`services.announcements.delivery`).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from services.actors import NO_SUBJECT, announcement_subject
from services.announcements.audience import count
from services.announcements.faults import Fault, faults, needs_consent, of_content
from services.announcements.model import Announcement, Audience, StaleVersion, Status
from services.announcements.telling import tell_second_persons
from services.announcements.writing import authorised, draft
from services.notify.quiet_hours import by_day
from services.staff import permissions
from services.staff.permissions import Act, Person
from services.unit_of_work import Work
from storage import announcements as rows
from storage import audit, outbox, recipients
from storage.ids import Actor, AnnouncementId, ResidentId
from storage.translations import Translations

#: For so long a second person's consent counts, and is waited for.
CONSENT_LASTS = timedelta(hours=24)
_NOBODY = Actor("")
_S = Status


async def send(
    work: Work, person: Person, announcement: AnnouncementId, version: int, when: datetime | None = None
) -> Announcement | tuple[Fault, ...] | None:
    """Send a draft now or at `when`: it begins, is scheduled, or waits for a second person's consent.

    Its faults where it has any, None where the person may not. Raises StaleVersion.
    """
    found = await _at(work, person, announcement, version, Act.ANNOUNCE, _S.DRAFT)
    if found is None:
        return None
    # Who sends it answers for it: whose consent counts is not theirs, whoever wrote it first.
    found = found.model_copy(update={"send_at": when, "author": person.actor})
    wrong = await faults(work, found)
    if wrong:
        return wrong
    recipients = (await count(work, found.audience)).total
    if needs_consent(work, found, recipients):
        asked = found.model_copy(update={"status": _S.AWAITING_APPROVAL, "asked_at": work.now})
        asked = await _move(work, person, asked, _S.DRAFT, "asked for approval")
        await tell_second_persons(work, asked)
        return asked
    return await _move(work, person, found.model_copy(update={"status": _S.SCHEDULED}), _S.DRAFT, "scheduled")


async def send_test(
    work: Work, person: Person, announcement: AnnouncementId, version: int, only: tuple[ResidentId, ...]
) -> Announcement | tuple[Fault, ...] | None:
    """Send it as it is to a few who asked for it, as an announcement of its own; this one stays a draft."""
    found = await _at(work, person, announcement, version, Act.ANNOUNCE, None)
    if found is None:
        return None
    wrong = await of_content(work, found)
    if wrong:
        return tuple(wrong)
    copy = await draft(
        work,
        person,
        found.kind,
        found.office,
        subject=found.subject or NO_SUBJECT,
        texts=found.texts,
        files=found.files,
        buttons=found.buttons,
        language_left_out=found.language_left_out,
        audience=Audience(only=only, test=True),
    )
    if copy is None:
        return None
    return await _move(work, person, copy.model_copy(update={"status": _S.SCHEDULED}), _S.DRAFT, "tested")


async def approve(work: Work, person: Person, announcement: AnnouncementId, version: int) -> Announcement | None:
    """Consent, as a second person, to what this version says; None where the person may not, as its author never may.

    Raises StaleVersion where it has changed since, or was asked for longer ago than consent lasts.
    """
    found = await _at(work, person, announcement, version, Act.APPROVE, _S.AWAITING_APPROVAL)
    if found is None or not _is_second(work, person, found):
        return None
    if found.asked_at is None or work.now - found.asked_at > CONSENT_LASTS:
        raise StaleVersion
    send_at = None if found.send_at is None or found.send_at <= work.now else found.send_at
    if not found.emergency:
        at = send_at or work.now
        send_at = send_at if by_day(work, at) == at else by_day(work, at)
    agreed = found.model_copy(
        update={
            "status": _S.SCHEDULED,
            "send_at": send_at,
            "approved_by": person.actor,
            "approved_at": work.now,
            "approved_version": found.version + 1,
        }
    )
    return await _move(work, person, agreed, _S.AWAITING_APPROVAL, "approved")


async def reject(
    work: Work, person: Person, announcement: AnnouncementId, version: int, why: str = ""
) -> Announcement | None:
    """Send it back to its author; None where the person may not. `why` holds no personal data."""
    found = await _at(work, person, announcement, version, Act.APPROVE, _S.AWAITING_APPROVAL)
    if found is None or not _is_second(work, person, found):
        return None
    return await _move(work, person, _as_draft(found), _S.AWAITING_APPROVAL, "rejected", why)


async def withdraw(work: Work, person: Person, announcement: AnnouncementId, version: int) -> Announcement | None:
    """Take back to a draft what has not begun."""
    found = await _at(work, person, announcement, version, Act.ANNOUNCE, _S.AWAITING_APPROVAL, _S.SCHEDULED)
    return None if found is None else await _move(work, person, _as_draft(found), found.status, "withdrawn")


async def pause(work: Work, person: Person, announcement: AnnouncementId, version: int) -> Announcement | None:
    """Hold what is left; what is on its way at this moment still arrives."""
    found = await _at(work, person, announcement, version, Act.ANNOUNCE, _S.SENDING)
    if found is None:
        return None
    outbox.hold(work.tx, recipients.group(found.id), work.now + recipients.HELD)
    return await _move(work, person, found.model_copy(update={"status": _S.PAUSED}), _S.SENDING, "paused")


async def resume(work: Work, person: Person, announcement: AnnouncementId, version: int) -> Announcement | None:
    found = await _at(work, person, announcement, version, Act.ANNOUNCE, _S.PAUSED)
    if found is None:
        return None
    outbox.hold(work.tx, recipients.group(found.id), by_day(work, work.now))
    return await _move(work, person, found.model_copy(update={"status": _S.SENDING}), _S.PAUSED, "resumed")


async def cancel(work: Work, person: Person, announcement: AnnouncementId, version: int) -> Announcement | None:
    """Stop for good: whoever does not have it yet does not get it."""
    found = await _at(
        *(work, person, announcement, version, Act.ANNOUNCE),
        *(_S.DRAFT, _S.AWAITING_APPROVAL, _S.SCHEDULED, _S.SENDING, _S.PAUSED),
    )
    if found is None:
        return None
    outbox.supersede(work.tx, recipients.group(found.id))
    over = None if found.started_at is not None else work.now  # else it is once what is on its way has ended
    changed = found.model_copy(update={"status": _S.CANCELLED, "finished_at": over})
    return await _move(work, person, changed, found.status, "cancelled")


async def correct(
    work: Work, person: Person, announcement: AnnouncementId, version: int, texts: Translations
) -> Announcement | tuple[Fault, ...] | None:
    """Change the words, also where they have been delivered. Raises StaleVersion."""
    found = await _at(work, person, announcement, version, Act.ANNOUNCE, _S.SENDING, _S.PAUSED, _S.SENT, _S.CORRECTING)
    if found is None:
        return None
    changed = found.model_copy(
        update={
            "texts": texts,
            "edition": found.edition + 1,
            "walked_to": ResidentId(0),
            "finished_at": None,
            "status": _S.CORRECTING if found.status is _S.SENT else found.status,
        }
    )
    wrong = [fault for fault in await of_content(work, changed) if fault.language]
    if wrong:
        return tuple(wrong)
    return await _move(work, person, changed, found.status, "corrected")


async def recall(work: Work, person: Person, announcement: AnnouncementId, version: int) -> Announcement | None:
    """Take it back, also where it was delivered, as far as the channel still lets us."""
    found = await _at(
        *(work, person, announcement, version, Act.ANNOUNCE),
        *(_S.SENDING, _S.PAUSED, _S.SENT, _S.CORRECTING, _S.CANCELLED),
    )
    if found is None:
        return None
    outbox.supersede(work.tx, recipients.group(found.id))
    changed = found.model_copy(update={"status": _S.RECALLING, "walked_to": ResidentId(0), "finished_at": None})
    return await _move(work, person, changed, found.status, "recalled")


# ---------------------------------------------------------------------------- in common


def _is_second(work: Work, person: Person, announcement: Announcement) -> bool:
    if person.actor != announcement.author:
        return True
    permissions.deny(work, person, Act.APPROVE, announcement_subject(announcement.id))
    return False


def _as_draft(announcement: Announcement) -> Announcement:
    """A draft again, to which nobody has consented."""
    return announcement.model_copy(
        update={
            "status": _S.DRAFT,
            "asked_at": None,
            "approved_by": _NOBODY,
            "approved_at": None,
            "approved_version": None,
        }
    )


async def _at(
    work: Work, person: Person, announcement: AnnouncementId, version: int, act: Act, *statuses: Status | None
) -> Announcement | None:
    """The announcement, for whoever may; raises StaleVersion where it is no longer as they saw it."""
    found = await authorised(work, person, announcement, act)
    if found is None:
        return None
    if found.version != version or (None not in statuses and found.status not in statuses):
        raise StaleVersion
    return found


async def _move(
    work: Work, person: Person, announcement: Announcement, was: Status, what: str, detail: str = ""
) -> Announcement:
    made = await rows.move(work.tx, announcement, was, work.now)
    if made is None:
        raise StaleVersion
    action = f"announcement.{what.replace(' ', '_')}"
    audit.record(work.tx, work.now, person.actor, action, announcement_subject(made.id), detail)
    return made

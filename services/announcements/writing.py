"""Announcements as they are written: drafts, their changes, and who may make them."""

from __future__ import annotations

from datetime import datetime
from typing import TypedDict, Unpack

from services.actors import NO_SUBJECT, Subject, announcement_subject, office_subject
from services.announcements.model import Announcement, Audience, Button, Kind, Occasion, StaleVersion, Status
from services.staff import permissions
from services.staff.permissions import EVERY_OFFICE, Act, Person
from services.unit_of_work import Work
from storage import announcements as rows
from storage import audit, files
from storage.announcements import Written
from storage.ids import AnnouncementId, FileId, OfficeId
from storage.translations import Translations


class Fields(TypedDict, total=False):
    """What its author decides, besides whose it is."""

    texts: Translations
    files: tuple[FileId, ...]
    buttons: tuple[Button, ...]
    audience: Audience
    language_left_out: str
    emergency: bool
    paid: bool
    send_at: datetime | None
    expires_at: datetime | None


class Changes(Fields, total=False):
    """What may be changed of a draft."""

    office: OfficeId


def blank(kind: Kind, office: OfficeId, subject: Subject, occasion: Occasion = Occasion.NONE) -> Written:
    """An announcement of which nothing is written yet."""
    return Written(
        kind=kind,
        office=office,
        texts=Translations({}),
        files="[]",
        buttons="[]",
        audience="{}",
        language_left_out="",
        emergency=False,
        paid=False,
        send_at=None,
        expires_at=None,
        subject=subject,
        occasion=occasion,
    )


async def draft(
    work: Work,
    person: Person,
    kind: Kind,
    office: OfficeId,
    *,
    subject: Subject = NO_SUBJECT,
    **fields: Unpack[Fields],
) -> Announcement | None:
    """Begin an announcement of an office ("" is every office); None where the person may not."""
    if await permissions.guard(work, person, Act.ANNOUNCE, office) is None:
        return None
    written = blank(kind, office, subject)
    written = written.model_copy(update={"audience": Audience(offices=(office,) if office else ()), **fields})
    if not await _may_reach(work, person, written):
        return None
    made = await rows.add(work.tx, written, person.actor, work.now)
    assert made is not None  # noqa: S101 - only those of an occasion can be there already
    _keep_files(work, made)
    audit.record(work.tx, work.now, person.actor, "announcement.drafted", announcement_subject(made.id), kind.value)
    return made


async def change(
    work: Work, person: Person, announcement: AnnouncementId, version: int, **fields: Unpack[Changes]
) -> Announcement | None:
    """Change a draft; None where the person may not. Raises StaleVersion where a rival was first."""
    found = await authorised(work, person, announcement, Act.ANNOUNCE)
    if found is None:
        return None
    if found.version != version or found.status is not Status.DRAFT:
        raise StaleVersion
    changed = found.model_copy(update=dict(fields))
    if not changed.emergency:
        changed = changed.model_copy(update={"paid": False})
    if changed.office and not changed.audience.offices:
        changed = changed.model_copy(
            update={"audience": changed.audience.model_copy(update={"offices": (changed.office,)})}
        )
    if not await _may_reach(work, person, changed):
        return None
    made = await rows.change(work.tx, changed, work.now)
    if made is None:
        raise StaleVersion
    _keep_files(work, made)
    detail = ",".join(sorted(fields))
    audit.record(work.tx, work.now, person.actor, "announcement.changed", announcement_subject(made.id), detail)
    return made


async def authorised(work: Work, person: Person, announcement: AnnouncementId, act: Act) -> Announcement | None:
    """An announcement, for somebody who may do this with it; None, and a line in the audit, for anybody else."""
    found = await rows.by_id(work.tx, announcement)
    subject = announcement_subject(announcement)
    if found is None:
        permissions.deny(work, person, act, subject)
        return None
    if await permissions.guard(work, person, act, found.office, subject) is None:
        return None
    return found


async def open_for(work: Work, person: Person, announcement: AnnouncementId) -> Announcement | None:
    """An announcement, for somebody who may read it: who writes or approves those of its office."""
    found = await rows.by_id(work.tx, announcement)
    if found is None or not await may_read(work, person, found):
        permissions.deny(work, person, Act.ANNOUNCE, announcement_subject(announcement))
        return None
    return found


async def may_read(work: Work, person: Person, announcement: Announcement) -> bool:
    """Whether somebody writes or approves the announcements of its office."""
    member = await permissions.member(work, person)
    acts = (Act.ANNOUNCE, Act.APPROVE)
    return member is not None and any(member.may(act, announcement.office) for act in acts)


async def offices_of(work: Work, person: Person) -> tuple[OfficeId, ...]:
    """For which offices a person may announce; `EVERY_OFFICE` is among them where it is for all."""
    member = await permissions.member(work, person)
    if member is None:
        return ()
    return member.offices(Act.ANNOUNCE, (EVERY_OFFICE, *(office.id for office in work.offices.all)))


async def _may_reach(work: Work, person: Person, written: Written) -> bool:
    """Whether the person may announce to each office of the audience."""
    for office in (written.office, *(written.audience.offices or (written.office,))):
        if office and work.offices.get(office) is None:
            permissions.deny(work, person, Act.ANNOUNCE, office_subject(office))
            return False
        if await permissions.guard(work, person, Act.ANNOUNCE, office) is None:
            return False
    return True


def _keep_files(work: Work, announcement: Announcement) -> None:
    """They belong to something now: retention does not take them for left over."""
    for file in announcement.files:
        files.link(work.tx, file)

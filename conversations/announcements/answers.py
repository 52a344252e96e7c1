"""What is told of announcements to single people: to whoever asked for what was done, and to an author who waits."""

from __future__ import annotations

from markupsafe import Markup

from conversations.announcements.message import words
from conversations.engine.notices import Rendering
from conversations.engine.step import Button, Responder
from conversations.texts.case import office_name
from services.actors import announcement_subject, case_subject
from services.announcements import reading
from services.announcements.writing import may_read
from services.improvements import improvements
from services.notify.notices.announcements import ConsentAnswered, ImprovementMade
from services.staff.permissions import Person
from storage.records.residents import Resident

_MOST = 5  # references that one message names


async def improvement_made(responder: Responder, notice: ImprovementMade, resident: Resident) -> None:
    """What they asked for was done, with the references of their own requests. It is said before it is announced."""
    work, t = responder.work, responder.t
    found = await improvements.by_id(work, notice.improvement)
    announcement = None if found is None else await reading.by_id(work, found.announcement_id)
    theirs = () if found is None else await improvements.cases_of(work, found.id, resident.id)
    text = None if announcement is None else await words(responder, announcement)
    if announcement is None or text is None or not theirs:
        return
    references = t.join(t.ref(case.reference) for case in theirs[:_MOST])
    office = office_name(t, work.offices, theirs[0].office)
    responder.say(
        t.join_lines(
            t("🌱 <b>You said, we did</b>"),
            t("Your request: {references}", references=references)
            if len(theirs) == 1
            else t("Your requests: {references}", references=references),
            "",
            text,
            "",
            t("Thank you for telling us. {office}", office=office),
        ),
        ((Button(label=t.plain("View request"), route="case", value=theirs[0].reference),),),
        subject=case_subject(theirs[0].id),
    )


async def consent_answered(responder: Responder, notice: ConsentAnswered, resident: Resident) -> None:
    """A second administrator agreed, or did not and says why."""
    found = await reading.by_id(responder.work, notice.announcement)
    person = Person(resident.channel, resident.address)
    if found is None or not await may_read(responder.work, person, found):
        return
    t = responder.t
    lines: list[Markup | None] = [
        t("✅ {name} approved your announcement.", name=notice.by)
        if notice.approved
        else t("🚫 {name} refused your announcement. It is a draft again.", name=notice.by),
        t("Reason: “{words}”", words=t.own(notice.why)) if notice.why else None,
    ]
    open_it = Button(label=t.plain("Open announcement"), route="announcement", value=str(found.id))
    responder.say(t.join_lines(*lines), ((open_it,),), subject=announcement_subject(found.id))


RENDERINGS = (Rendering(ImprovementMade, improvement_made), Rendering(ConsentAnswered, consent_answered))

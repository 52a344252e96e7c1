"""The audit in words: what was done, who did it, and from where."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from markupsafe import Markup

from conversations.staff.context import StaffContext
from conversations.staff.office_scope import office_title
from locales import N_, Localizer
from services.actors import CLOCK, OFFICES_FILE, SYSTEM, is_resident, is_staff, staff_address
from services.offices.offices import Offices
from services.staff.audit_trail import Entry, Origin, origin_of
from storage.ids import OfficeId

#: By what the audit calls it. What begins with "denied." is in `_TRIED`.
DONE: Mapping[str, str] = MappingProxyType(
    {
        "danger.taken": N_("took the alert"),
        "danger.dismissed": N_("said that nothing is dangerous"),
        "case.submit": N_("submitted the request"),
        "street.offer": N_("offered to speak for all neighbours"),
        "street.agrees": N_("agreed that a neighbour speaks for all"),
        "street.objects": N_("objected that a neighbour speaks for all"),
        "street.left": N_("left the neighbours' appointment"),
        "street.end": N_("no longer speaks for all neighbours"),
        "street.book": N_("booked an appointment for all neighbours"),
        "delegation.ask": N_("asked to act for someone"),
        "delegation.contact": N_("saw whom to call about acting for them"),
        "delegation.active": N_("recorded that they agree to be acted for"),
        "delegation.refused": N_("recorded that nobody may act for them"),
        "delegation.end": N_("ended that someone acts for someone"),
        "delegation.act": N_("acted for someone"),
        "case.join": N_("joined the request"),
        "case.words_shown": N_("let neighbours read the description"),
        "case.words_hidden": N_("hid the description from neighbours"),
        "case.summary": N_("wrote a summary for neighbours"),
        "case.summary_removed": N_("removed the summary for neighbours"),
        "case.contact": N_("saw name and phone number"),
        "case.found": N_("found it by phone number"),
        "case.correct": N_("corrected a message"),
        "case.undo": N_("took a message back"),
        "case.take_up": N_("claimed the request"),
        "case.start_work": N_("started work"),
        "case.ask": N_("asked the applicant a question"),
        "case.reply": N_("sent an official reply"),
        "case.note": N_("added a note"),
        "case.refer": N_("referred it to another body"),
        "case.resolve": N_("marked it as solved"),
        "case.reject": N_("rejected it"),
        "case.outside_remit": N_("closed it as outside our remit"),
        "case.mark_duplicate": N_("marked it as a duplicate"),
        "case.separate": N_("took it apart from an earlier request"),
        "case.transfer": N_("transferred it to another office"),
        "case.recategorise": N_("changed the category"),
        "case.escalate": N_("escalated it"),
        "case.assign": N_("changed the owner"),
        "case.set_priority": N_("set the priority"),
        "case.inform": N_("added information"),
        "case.answer": N_("answered a question"),
        "case.take_back": N_("said that a message was not the answer"),
        "case.withdraw": N_("withdrew the request"),
        "case.confirm_fixed": N_("confirmed that it is solved"),
        "case.not_fixed": N_("said that it is not solved"),
        "case.reopen": N_("reopened the request"),
        "case.confirm_done": N_("said that it was done as promised"),
        "case.call_off": N_("closed the request of a promise that was a mistake"),
        "case.end_incident": N_("closed it together with an incident"),
        "case.lapse": N_("closed it after the time to answer had passed"),
        "near.look": N_("looked at the requests around a place"),
        "search.phone": N_("searched by phone number"),
        "booking.contact": N_("saw name and phone number"),
        "booking.found": N_("found it by phone number"),
        "booking.checked_in": N_("recorded an arrival"),
        "booking.attended": N_("recorded that the visitor attended"),
        "booking.no_show": N_("recorded that nobody came"),
        "booking.priority": N_("booked ahead of others, since a promise was not kept"),
        "booking.undone": N_("undid that nobody came"),
        "booking.no_show_reason": N_("said why they did not come"),
        "outcome.record": N_("recorded the outcome of the meeting"),
        "promise.make": N_("recorded a promise"),
        "promise.change": N_("corrected a promise"),
        "promise.kept": N_("said that the promise was kept"),
        "promise.not_kept": N_("said that the promise was not kept"),
        "promise.unconfirmed": N_("left the promise unconfirmed"),
        "promise.withdrawn": N_("withdrew a promise that was a mistake"),
        "intake.draw": N_("applied to a draw for a caller"),
        "booking.beside": N_("booked another appointment beside one that is open"),
        "booking.move": N_("moved the appointment"),
        "booking.meeting_changed": N_("changed how the appointment takes place"),
        "booking.video_link": N_("changed the link for a meeting by video"),
        "booking.cancel": N_("cancelled the appointment"),
        "booking.noted": N_("added a note"),
        "booking.answered": N_("answered before the day"),
        "booking.asked": N_("asked the visitor a question"),
        "booking.unlink": N_("said that the appointment is not about the request"),
        "visit.walk_in": N_("added a walk-in"),
        "door.renew": N_("made a new code for the entrance"),
        "visit.called": N_("called the visitor"),
        "visit.entered": N_("recorded that the visitor went in"),
        "visit.not_here": N_("recorded that the visitor did not come when called"),
        "visit.put_back": N_("let others go before the visitor"),
        "visit.returned": N_("put the visitor back in the queue"),
        "visit.undone": N_("undid the last step of a visit"),
        "visit.left": N_("recorded that the visitor left"),
        "visit.transferred": N_("moved the visitor to another queue"),
        "brief.session": N_("looked at the brief of a session"),
        "brief.visitor": N_("looked at the brief of a visitor"),
        "session.open": N_("opened a session"),
        "session.change": N_("changed a session"),
        "session.draw": N_("had the times of a session drawn"),
        "booking.answer_undone": N_("took an answer about an appointment back"),
        "session.draw_off": N_("switched off the draw of a session"),
        "session.draw_kept": N_("kept the draw of a session after all"),
        "session.link": N_("changed the link for a session’s meetings by video"),
        "session.withdraw": N_("withdrew a session"),
        "day.move": N_("moved a day"),
        "office.configured": N_("changed a setting"),
        "office.restored": N_("restored a setting"),
        "announcement.drafted": N_("drafted an announcement"),
        "announcement.outdated": N_("withdrew a draft that no longer held"),
        "announcement.changed": N_("changed an announcement"),
        "announcement.asked_for_approval": N_("asked for approval of an announcement"),
        "announcement.approved": N_("approved an announcement"),
        "announcement.rejected": N_("rejected an announcement"),
        "announcement.withdrawn": N_("took an announcement back as a draft"),
        "announcement.approval_expired": N_("ended the request to approve an announcement"),
        "announcement.tested": N_("sent an announcement to the test group"),
        "announcement.scheduled": N_("ordered an announcement to be sent"),
        "announcement.begun": N_("began to send an announcement"),
        "announcement.paused": N_("paused an announcement"),
        "announcement.resumed": N_("resumed an announcement"),
        "announcement.cancelled": N_("cancelled an announcement"),
        "announcement.sent": N_("finished sending an announcement"),
        "announcement.corrected": N_("corrected an announcement"),
        "announcement.recalled": N_("recalled an announcement"),
        "incident.opened": N_("opened an incident"),
        "incident.extended": N_("extended an incident"),
        "incident.area": N_("changed where an incident is"),
        "incident.office_out": N_("took a municipality out of an incident"),
        "incident.words": N_("changed the words of an incident"),
        "incident.told": N_("told everybody who joined an incident"),
        "incident.closed": N_("closed an incident with all its requests"),
        "incident.released": N_("undid an incident"),
        "incident.taken_back": N_("undid an order of an incident"),
        "incident.left": N_("took the request out of an incident"),
        "incident.joined_again": N_("put the request back into an incident"),
        "incident.still_here": N_("said that it is still there after the incident"),
        "improvement.begun": N_("began to describe an improvement"),
        "improvement.linked": N_("linked a request to an improvement"),
        "improvement.unlinked": N_("removed a request from an improvement"),
        "report.read": N_("read a report"),
        "report.comments": N_("read the comments of a report"),
        "line.break": N_("announced a break"),
        "line.delay": N_("announced a delay"),
        "line.resumed": N_("let the queue go on"),
        "block.correct": N_("corrected which office serves a block"),
        "intake.receive": N_("started to record a caller or visitor"),
        "intake.case": N_("recorded a request for a caller or visitor"),
        "intake.join": N_("added a caller or visitor to the request"),
        "intake.booking": N_("booked an appointment for a caller or visitor"),
        "claim.case": N_("took over a request that staff had recorded"),
        "claim.booking": N_("took over an appointment that staff had booked"),
        "claim.give_back": N_("gave back what staff had recorded"),
        "resident.bar": N_("blocked a sender for a time"),
        "resident.number": N_("gave a new phone number"),
        "resident.number_removed": N_("removed their phone number"),
        "staff.invited": N_("invited someone"),
        "staff.joined": N_("joined the staff"),
        "staff.revoked": N_("ended someone’s rights"),
        "staff.linked": N_("linked a group"),
        "staff.unlinked": N_("unlinked a group"),
        "day.close": N_("closed a day"),
        "day.reopen": N_("reopened a day"),
        "dead_letter.replay": N_("had a failed message handled again"),
        "dead_letter.drop": N_("deleted a failed message"),
        "privacy.export": N_("received a copy of their data"),
        "privacy.forget": N_("had their data erased"),
        "privacy.by_hand": N_("asked a team to delete messages by hand"),
        "privacy.deleted_by_hand": N_("said that messages were deleted by hand"),
        "privacy.still_there": N_("found a message that was said to be deleted"),
        "privacy.look": N_("looked at the data requests"),
        "privacy.request": N_("recorded a data request"),
        "privacy.done": N_("marked a data request as done"),
        "audit.look": N_("looked at the audit"),
        "audit.export": N_("exported the audit"),
    }
)
_DENIED = "denied."
TRIED: Mapping[str, str] = MappingProxyType(
    {
        "read": N_("open requests"),
        "claim": N_("claim a request"),
        "ask": N_("ask a question"),
        "reply": N_("send a reply"),
        "note": N_("add a note"),
        "status": N_("change a status"),
        "refer": N_("refer a request"),
        "priority": N_("set a priority"),
        "escalate": N_("escalate a request"),
        "assign": N_("assign a request"),
        "transfer": N_("transfer a request"),
        "mark_abuse": N_("mark abuse"),
        "see_contact": N_("see contact details"),
        "intake": N_("record for a caller or visitor"),
        "receive": N_("receive visitors on Customer Day"),
        "sessions": N_("open or change a session"),
        "brief": N_("see who comes on Customer Day"),
        "looked": N_("see who viewed contact details"),
        "list_staff": N_("list the staff"),
        "invite": N_("invite someone"),
        "revoke": N_("end someone’s rights"),
        "link": N_("link a group"),
        "announce": N_("make an announcement"),
        "approve": N_("approve an announcement"),
        "incident": N_("look after an incident"),
        "configure": N_("open the administration menu or change settings"),
        "report": N_("see reports"),
        "audit": N_("see the audit"),
        "privacy": N_("see data requests"),
    }
)
_ORIGINS: Mapping[Origin, str] = MappingProxyType(
    {
        "chat": N_("in a chat"),
        "console": N_("on the command line"),
        "web": N_("on the web"),
        "bot": N_("by the service itself"),
    }
)


def line(context: StaffContext, entry: Entry, names: Mapping[str, str]) -> Markup:
    """One line: when, who, what, about which reference, from where."""
    t = context.t
    return t.join_lines(
        t("<b>{time}</b> · {who}", time=t.near_moment(entry.at, context.work.today), who=who(t, entry.actor, names)),
        t.dotted(what(t, entry.action), _about(t, context.work.offices, entry, names), t(_ORIGINS[origin_of(entry)])),
    )


def what(t: Localizer, action: str) -> Markup:
    """What was done, in words; what a release before or after this one wrote, as it wrote it."""
    if action in DONE:
        return t(DONE[action])
    tried = action.removeprefix(_DENIED)
    if action.startswith(_DENIED) and tried in TRIED:
        return t("⛔️ refused: {what}", what=t(TRIED[tried]))
    return t.ref(action)


def who(t: Localizer, actor: str, names: Mapping[str, str]) -> Markup:
    """Staff by their names, operators by theirs; residents by nothing."""
    if is_staff(actor):
        return t.own(names.get(actor, "") or staff_address(actor), 40)
    if is_resident(actor) or actor == "resident":
        return t("a resident")
    if actor in {CLOCK, SYSTEM, OFFICES_FILE}:
        return t("this service")
    kind, _, rest = actor.partition(":")
    if kind == "console":
        return t("operator {name}", name=t.own(rest, 40)) if rest else t("an operator")
    if kind == "chat":
        return t("the group")
    return t.own(actor, 40)


def _about(t: Localizer, offices: Offices, entry: Entry, names: Mapping[str, str]) -> Markup | None:
    """A reference, an office or a colleague; of a resident nothing."""
    if entry.reference:
        return t.ref(entry.reference)
    kind, _, rest = entry.subject.partition(":")
    if kind == "staff":
        return who(t, entry.subject, names)
    if kind == "office":
        found = [office_title(t, offices, OfficeId("" if name == "*" else name)) for name in rest.split(",")]
        return t.join(found)
    return t("block {number}", number=t.ref(rest)) if kind == "block" else None

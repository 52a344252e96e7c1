"""The one card of an incident in an office's group, with its map; and what its administrators hear of its end."""

from __future__ import annotations

import hashlib

from markupsafe import Markup

from conversations.engine.messages import FileKind, OutgoingFile
from conversations.engine.notices import Rendering
from conversations.engine.step import Button, NotYet, Responder
from conversations.incidents.words import left_out, title, what, where
from locales import Localizer
from services.actors import offices_subject
from services.incidents import incidents, joining, maps, showing
from services.incidents.cards import EVERY
from services.incidents.incidents import Incident, IncidentStatus, State
from services.incidents.showing import Seen
from services.notify.notices.incidents import IncidentCard, IncidentEnds
from services.staff import permissions
from services.unit_of_work import Work
from storage.ids import OfficeId
from storage.records.residents import Resident

_WORDS = 300  # characters of what people are told


async def show(responder: Responder, notice: IncidentCard) -> None:
    """Show or edit an office's card of an incident."""
    work = responder.work
    incident = await showing.by_id(work, notice.incident)
    chat = await permissions.chat_of(work, notice.office)
    if incident is None or chat is None:
        return
    seen = await showing.look(work, incident.id, notice.office)
    picture = _map_of(responder, incident, seen)
    drawn = await work.prepare(("incident map", picture), lambda: maps.draw_or_none(picture))
    card = await showing.place(work, incident.id, chat)
    if card.message is None and await showing.is_on_its_way(work, incident.id, notice.office):
        raise NotYet  # which message it is, is known once it was sent
    out = notice.office not in incident.offices
    if out and card.message is None:
        return  # there is no card to correct
    text = _taken_out(responder, incident, notice.office) if out else await _text(responder, incident, seen)
    shown = hashlib.sha256(f"{text}\n{picture.model_dump_json()}".encode()).hexdigest()[:16]
    if card.message is not None and card.shown == shown:
        return
    showing.shows(work, incident.id, notice.office, shown)
    files = () if drawn is None else (_png(drawn),)
    subject = offices_subject((notice.office,))
    responder.say(
        text, files=files, edit=card.message, supersedes=showing.card_group(incident.id, notice.office), subject=subject
    )


def _taken_out(responder: Responder, incident: Incident, office: OfficeId) -> Markup:
    """At a municipality that is no longer part of it."""
    t, offices = responder.t, responder.work.offices
    return t.join_lines(
        t("🌧 <b>Incident {n}: {what}</b>", n=incident.id, what=what(t, offices, incident)),
        where(t, offices, incident),
        left_out(t, offices, office),
        t("⚪️ Requests from here that had joined are looked at on their own, each with a card."),
    )


def _png(drawn: bytes) -> OutgoingFile:
    return OutgoingFile(kind=FileKind.PHOTO, name="map.png", mime="image/png", content=drawn)


async def _text(responder: Responder, incident: Incident, seen: Seen) -> Markup:
    t, work = responder.t, responder.work
    news = await joining.newest_news(work, incident.id)
    words = (incident.texts if news is None else news.texts).get(t.language.value)
    reports = seen.count(State.JOINED, State.CLOSED, State.STILL)
    names = await permissions.names(work)
    return t.join_lines(
        t("🌧 <b>Incident {n}: {what}</b>", n=incident.id, what=what(t, work.offices, incident)),
        where(t, work.offices, incident),
        _state(t, work, incident),
        "",
        t.plural("📍 {n} report has joined", "📍 {n} reports have joined", reports),
        t("In all municipalities: {n}", n=seen.everywhere) if len(incident.offices) > 1 else None,
        t.plural("🔄 {n} is still there", "🔄 {n} are still there", seen.count(State.STILL))
        if seen.count(State.STILL)
        else None,
        t("🔀 Turned out to be something else: {n}", n=seen.count(State.LEFT)) if seen.count(State.LEFT) else None,
        "",
        t("People were told: “{words}”", words=t.own(words, _WORDS)) if words else None,
        t("Opened by {name}", name=t.own(names.get(incident.opened_by, ""), 40))
        if names.get(incident.opened_by)
        else None,
        t("This card is updated at most once in {span}.", span=t.duration(EVERY))
        if incident.ended_at is None
        else None,
    )


def _state(t: Localizer, work: Work, incident: Incident) -> Markup:
    match incident.status:
        case IncidentStatus.OPEN if incident.ends_at <= work.now:
            return t("⏰ Its time is over: nothing joins it any more, and it has not been closed.")
        case IncidentStatus.OPEN:
            until = t.near_moment(incident.ends_at, work.today)
            return t("🔴 Under way. Matching reports join it until {moment}.", moment=until)
        case IncidentStatus.CLOSING:
            return t("🟡 Being closed, together with the requests that joined")
        case IncidentStatus.RELEASING:
            return t("🟡 Being undone: each request gets a card of its own")
        case IncidentStatus.CLOSED:
            return t("🟢 Closed, together with the requests that joined")
        case IncidentStatus.RELEASED:
            return t("⚪️ Undone: the requests are looked at on their own")


def _map_of(responder: Responder, incident: Incident, seen: Seen) -> maps.Map:
    t, offices = responder.t, responder.work.offices
    names = {one.id: t.pick_plain(one.short_name) for one in offices.all}
    placed = sum(place.latitude is not None for place in seen.places)
    return maps.Map(
        title=t.plain(
            "Incident {n}: {what}",
            n=incident.id,
            what=", ".join(
                t.pick_plain(found.name) for one in incident.categories if (found := offices.category(one)) is not None
            ),
        ),
        subtitle=t.plain("{n} reports, {placed} with a point on the map", n=len(seen.places), placed=placed),
        outlines=maps.outlines(offices, incident.offices, names),
        dots=maps.dots(seen.places),
        circles=maps.circles(incident.circles),
        blocks=tuple(
            maps.BlockCount(label=str(block), reports=n, shown=str(t.number(n)))
            for block, n in maps.by_block(seen.places)
        ),
        rtl=t.rtl,
    )


# ---------------------------------------------------------------------------- to its administrators


async def ends(responder: Responder, notice: IncidentEnds, _: Resident) -> None:
    """It ends soon, or has ended."""
    incident = await showing.by_id(responder.work, notice.incident)
    if incident is None or incident.status is not IncidentStatus.OPEN:
        return
    t, work = responder.t, responder.work
    counted = await incidents.counts(work, incident.id)
    when = t.near_moment(incident.ends_at, work.today)
    text = t.join_lines(
        t("⏰ <b>Incident {n} is still open</b>", n=incident.id),
        title(t, work.offices, incident),
        t("It has ended ({moment}), and no more reports join it. Close it, or let it go on.", moment=when)
        if incident.ends_at <= work.now
        else t("No more reports join it after {moment}. Close it by then, or let it go on.", moment=when),
        t.plural("{n} request waits in it", "{n} requests wait in it", counted.get(State.JOINED, 0)),
    )
    rows_ = ((Button(label=t.plain("Open the incident"), route="incident", value=str(incident.id)),),)
    responder.say(text, rows_, subject=offices_subject(incident.offices))


RENDERINGS = (Rendering(IncidentCard, to_staff=show), Rendering(IncidentEnds, to_resident=ends))

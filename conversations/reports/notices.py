"""The reports that come by themselves, put into words when they are sent."""

from __future__ import annotations

from markupsafe import Markup

from conversations.engine.notices import Rendering
from conversations.engine.step import Responder, Rows
from conversations.reports.scopes import Asked, Want, open_button, to
from conversations.reports.summary import is_empty, summary
from locales import Localizer
from services.actors import office_subject
from services.notify.notices.reports import Audience, PeriodReport
from services.reports import access, counting, scheduled
from services.reports.access import View
from services.reports.figures import Scope
from services.reports.periods import Period
from storage.ids import OfficeId
from storage.records.residents import Resident

#: To whom counts are shown that could be single cases.
_WHOLE = frozenset({Audience.OFFICE})


async def to_chat(responder: Responder, notice: PeriodReport) -> None:
    """The figures; nothing where nothing happened and nothing is open."""
    work, t = responder.work, responder.t
    office = OfficeId(notice.office) if notice.office else None
    asked = Asked(Period(notice.first, notice.last), office)
    scope: Scope = asked.scope(counting.everywhere(work))
    report = await access.counted(work, scope)
    if is_empty(report):
        return
    text = t.join_lines(
        _title(t, notice.audience), summary(t, work.offices, report, View(whole=notice.audience in _WHOLE))
    )
    responder.say(text, _buttons(t, asked), subject=office_subject(notice.office))


async def to_director(responder: Responder, notice: PeriodReport, resident: Resident) -> None:
    """The same, to whoever is still a director there."""
    if await scheduled.is_director(responder.work, notice.office, resident.address):
        await to_chat(responder, notice)


def _title(t: Localizer, audience: Audience) -> Markup:
    return t("🗓 Monthly report") if audience is Audience.MINISTRY else t("🗓 Weekly report")


def _buttons(t: Localizer, asked: Asked) -> Rows:
    return (
        (open_button(t, asked), to(t.plain("📈 Charts"), Want.CHARTS, asked)),
        (to(t.plain("📗 Excel"), Want.SPREADSHEET, asked),),
    )


RENDERINGS = (Rendering(PeriodReport, to_resident=to_director, to_staff=to_chat),)

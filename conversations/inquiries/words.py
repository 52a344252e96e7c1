"""How a ready answer reads: filled in with what holds for the office, and with who says so."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from conversations.engine.step import Turn
from conversations.inquiries.dates import date_lines
from conversations.texts.hours import hours_lines
from services.offices.answers import CUSTOMER_DAY, HOURS, Answer, AnswerId
from storage.ids import OfficeId

QUOTED = 200  # characters of a question that are shown again


async def answer_lines(turn: Turn, office: OfficeId, answer: Answer) -> list[Markup]:
    """The question as the bank has it, the answer, and its source."""
    t, offices, known = turn.t, turn.work.offices, turn.work.offices.get(office)
    speaker = offices.ministry if known is None else known.name
    dates = await date_lines(turn, office) if answer.names_dates else []
    return [
        Markup("<b>{}</b>").format(t.pick(answer.question)),
        Markup(),
        *_text_lines(turn, office, answer.text.get(t.language.value), dates),
        Markup(),
        t("Source: {source}", source=t.pick(answer.source or speaker)),
    ]


def _text_lines(turn: Turn, office: OfficeId, text: str, dates: Sequence[Markup]) -> list[Markup]:
    t, offices, known = turn.t, turn.work.offices, turn.work.offices.get(office)
    hours = offices.hours if known is None else known.hours
    contacts = None if known is None else known.contacts
    values = {
        "office": t("The municipality") if known is None else t.pick(known.name),
        "hotline": t.phone((contacts.hotline if contacts is not None else None) or offices.hotline),
    }
    lines: list[Markup] = []
    for line in text.splitlines():
        if line.strip() == HOURS:
            lines += [t("• {line}", line=one) for one in hours_lines(t, hours)]
        elif line.strip() == CUSTOMER_DAY:
            lines += dates
        else:
            lines.append(t.own(line).format_map(values))
    return lines


def label(turn: Turn, answers: dict[AnswerId, Answer], id_: AnswerId) -> str:
    """What a button calls an answer: its question."""
    return turn.t.pick_plain(answers[id_].question)

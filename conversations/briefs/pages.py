"""A session's brief as pages for a printer."""

from __future__ import annotations

from dataclasses import replace

from conversations.briefs.words import PREPARE, counted, heading, lines, plain, title, when
from locales import Localizer
from services.briefs.briefs import SessionBrief, VisitorBrief
from services.printing.printing import Document, Facts, Heading, Kept, Line, Part, Size, Text
from services.unit_of_work import Work

_WORDS = 600  # of what a visitor wrote


def document(work: Work, t: Localizer, brief: SessionBrief) -> Document:
    """One part for the session: on one page where it fits."""
    name = plain(title(work, t, brief.session))
    blocks = (
        Text(text=t.plain("Customer Day brief"), size=Size.LARGE, bold=True),
        Text(text=name, bold=True),
        Text(text=plain(t.dotted(when(t, brief.session), counted(t, brief))), faint=True),
        *(_visitor(work, t, one) for one in brief.visitors),
    )
    footer = plain(t("{session} · Confidential", session=title(work, t, brief.session)))
    return Document(title=name, parts=(Part(blocks=blocks, footer=footer),), rtl=t.rtl, language=t.language.value)


def _visitor(work: Work, t: Localizer, one: VisitorBrief) -> Kept:
    """Who it is stands in the heading, and what is to be prepared in one paragraph, so that more fits on a page."""
    (_, name), *others = lines(work, t, replace(one, phone=None), _WORDS)
    phone = t.phone(one.phone) if one.phone else None
    prepare = " ".join(plain(t(PREPARE[part])) for part in one.preparations)
    rows = [(label, plain(text)) for label, text in others]
    if prepare:
        rows[-1] = (rows[-1][0], prepare)
    about = plain(t.dotted(heading(work, t, one), name, phone))
    return Kept(blocks=(Line(), Heading(text=about), Facts(rows=tuple(rows))))

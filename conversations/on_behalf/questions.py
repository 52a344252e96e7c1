"""The questions of requests and bookings as they are asked of a caller, who stands in the resident's place."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from pydantic import BeforeValidator, SerializeAsAny, TypeAdapter

from conversations.booking import start as booking_start
from conversations.booking.draft import BookingDraft
from conversations.engine.drafts import FormDraft
from conversations.engine.form import FormStep, question_of
from conversations.engine.registry import forms_of, union_of
from conversations.engine.step import Step, Turn
from conversations.on_behalf.step import Call, stand_in
from conversations.requests import start as request_start
from conversations.requests.draft import RequestDraft
from storage.records.cases import CaseKind

_FLOWS = (request_start.FLOW, booking_start.FLOW)
FORMS = forms_of(_FLOWS)
_QUESTIONS: TypeAdapter[Step] = union_of(step for flow in _FLOWS for step in flow.all_steps)


def _question(value: object) -> object:
    return _QUESTIONS.validate_python(value) if isinstance(value, dict) else value


Question = Annotated[SerializeAsAny[FormStep], BeforeValidator(_question)]


def new_draft(call: Call, kind: CaseKind | None) -> FormDraft:
    """A request of that kind, or where there is none a booking, with what is known of the caller."""
    if kind is None:
        return BookingDraft(office=call.office, name=call.name, phone=call.phone, without_phone=call.no_phone)
    return RequestDraft(kind=kind, office=call.office, anonymous=False, name=call.name, phone=call.phone)


def acting_for(turn: Turn, call: Call) -> Turn:
    """The same turn, with the caller in the resident's place. What is said goes to staff."""
    return replace(turn, resident=stand_in(turn, call), on_behalf=True)


async def question_before(inner: Turn, question: Step) -> Step | None:
    """The question before one of a residents' flow; None before the first."""
    earlier = await question.back(inner)
    return None if earlier is None else await question_of(FORMS, inner, earlier)

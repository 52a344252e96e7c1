"""All kinds of notices, and how a stored one is read back."""

from __future__ import annotations

import functools
import operator
from typing import Annotated

from pydantic import Field, TypeAdapter

from services.notify.notices import (
    Notice,
    administration,
    announcements,
    bookings,
    cases,
    delegations,
    incidents,
    line,
    promises,
    reports,
)

_MODULES = (administration, announcements, bookings, cases, delegations, incidents, line, promises, reports)

#: Every kind of notice there is; `conversations.notice_texts` says each of them.
KINDS: tuple[type[Notice], ...] = tuple(
    kind
    for module in _MODULES
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, Notice) and kind is not Notice
)

ANY_NOTICE: TypeAdapter[Notice] = TypeAdapter(
    Annotated[functools.reduce(operator.or_, KINDS), Field(discriminator="about")]
)

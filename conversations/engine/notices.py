"""How notices are put into words: each package of the dialogue lists its own, beside the functions that say them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from conversations.engine.step import Responder
from services.notify.notices import Notice
from storage.records.residents import Resident

N = TypeVar("N", bound=Notice)


class AnyRendering(Protocol):
    """A rendering, whatever its notice is."""

    @property
    def notice(self) -> type[Notice]: ...

    async def render(self, responder: Responder, notice: Notice, resident: Resident | None) -> None:
        """Say the notice. Raises ValueError where it was addressed to those whom it is not for."""
        ...


@dataclass(frozen=True, slots=True)
class Rendering(Generic[N]):
    """What says one kind of notice to a resident, and what says it in a staff chat. Saying nothing drops it."""

    notice: type[N]
    to_resident: Callable[[Responder, N, Resident], Awaitable[None]] | None = None
    to_staff: Callable[[Responder, N], Awaitable[None]] | None = None

    async def render(self, responder: Responder, notice: Notice, resident: Resident | None) -> None:
        assert isinstance(notice, self.notice)  # noqa: S101 - it was found by its class
        if resident is None:
            if self.to_staff is None:
                raise ValueError(f"a resident's notice ({notice.about}) was addressed to a staff chat")
            await self.to_staff(responder, notice)
        else:
            if self.to_resident is None:
                raise ValueError(f"a notice for staff ({notice.about}) was addressed to resident {resident.id}")
            await self.to_resident(responder, notice, resident)


def by_notice(renderings: Iterable[AnyRendering]) -> dict[type[Notice], AnyRendering]:
    """Renderings by what they say. Two of one kind of notice are a defect, and said so."""
    found: dict[type[Notice], AnyRendering] = {}
    for one in renderings:
        if one.notice in found:
            raise ValueError(f"rendered twice: {one.notice.__name__}")
        found[one.notice] = one
    return found

"""What is said of a draw, before it and after."""

from __future__ import annotations

from markupsafe import Markup

from locales import Localizer
from services.bookings.draws import Draw, commitment

_HASH = "SHA-256"


def draw_lines(t: Localizer, draw: Draw) -> tuple[Markup, ...]:
    """When it is drawn, and the code by which the draw can be checked afterwards."""
    return (
        t("Draw: {moment}. Everyone who applies before then has the same chance.", moment=t.moment(draw.draws_at)),
        t("After the draw we publish its key. You can check it against this code:"),
        t.ref(commitment(draw.seed)),
    )


def drawn_lines(t: Localizer, draw: Draw) -> tuple[Markup, ...]:
    """The key of a draw that was made: with it and the references anybody can work out the order."""
    return (
        t("The key of the draw:"),
        t.ref(draw.seed),
        t(
            "The code we published is the {hash} of the key. The order is by the {hash} of the key, a colon and the "
            "reference.",
            hash=_HASH,
        ),
    )

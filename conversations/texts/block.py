"""What is said of the block that somebody typed to find their municipality."""

from __future__ import annotations

from markupsafe import Markup

from conversations.engine.step import Turn
from services.offices.offices import Office


def serves_block(turn: Turn, block: int, office: Office, *, sure: bool) -> Markup:
    """Ask whether the office that serves the block is the one that is meant."""
    t = turn.t
    words = {"block": str(block), "office": t.pick(office.name)}
    if sure:
        return t("Block {block} is served by <b>{office}</b>. Do you want to choose it?", **words)
    return t("Block {block} is probably served by <b>{office}</b>. Is that right?", **words)


def unknown_block(turn: Turn, block: int) -> Markup:
    return turn.t(
        "We do not know which municipality serves block {block}. Choose it from the list.",
        block=str(block),
    )

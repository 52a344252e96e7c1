"""The door's side of the dialogue: the routes of its links and buttons."""

from __future__ import annotations

from conversations.door import checkin_link, entrance, walk_in
from conversations.engine.registry import Flow

FLOW = Flow(
    steps=walk_in.STEPS,
    routes={
        "checkin": checkin_link.opened,
        "door": entrance.opened,
        "here": entrance.here,
        "walkin": walk_in.walkin,
    },
    commands={"walkin": "walkin"},
)

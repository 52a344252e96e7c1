"""How many wait, were met and are still to come: the one count of a line, for the queue, the door and the page."""

from __future__ import annotations

from dataclasses import dataclass

from services.visits.hall import Lane


@dataclass(frozen=True, slots=True)
class Counts:
    """Everybody of a line once: the sum of the fields is all who came or were to come."""

    waiting: int  # here and not called, also who asked for more time
    called: int
    inside: int
    absent: int  # not there when called
    to_come: int  # with an appointment whose time has not passed
    to_call: int  # met by phone or video
    missed: int  # with an appointment whose time has passed
    met: int
    left: int


def count(lane: Lane) -> Counts:
    remote = sum(one.remote for one in lane.to_come)
    missed = sum(one.missed for one in lane.to_come)
    return Counts(
        waiting=len(lane.waiting),
        called=len(lane.called),
        inside=len(lane.inside),
        absent=len(lane.absent),
        to_come=len(lane.to_come) - remote - missed,
        to_call=remote,
        missed=missed,
        met=lane.done + lane.met_unseen,
        left=lane.left,
    )

"""Entries that are added to the configuration's lists: the ids they get, also where several are added at once."""

from __future__ import annotations

import json

from services.offices.changes import Proposal
from services.offices.configuration import GROWING, Configuration, Fields, Path, value_at

_OWN = 4  # keys of a path that leads to an office's own entry: `offices`, `capital`, `answers`, `own3`


def free_id(configuration: Configuration, path: Path) -> str:
    """An id for an entry of the list at `path`. Of a removed entry none is used again."""
    taken = _ids_of_all(configuration.data, path)
    number = configuration.version + 1
    while f"own{number}" in taken:
        number += 1
    return f"own{number}"


def beside(configuration: Configuration, proposal: Proposal) -> Proposal:
    """An entry that is to be added, under another id where somebody else's was added under its own meanwhile."""
    if not _adds(proposal) or proposal.path[-1] not in _ids_of_all(configuration.data, proposal.path[:-1]):
        return proposal
    path = (*proposal.path[:-1], free_id(configuration, proposal.path[:-1]))
    return proposal.model_copy(update={"path": path})


def _adds(proposal: Proposal) -> bool:
    """Whether it adds an entry, and does not bring one back."""
    path = proposal.path
    return (
        proposal.before is None
        and proposal.undoes is None
        and len(path) in {2, _OWN}
        and path[-2] in GROWING
        and path[-1].startswith("own")
    )


def _ids_of_all(data: Fields, path: Path) -> set[str]:
    """The ids of this list and of those that are read with it: an office's entry hides the shared one of its id."""
    name = path[-1]
    lists = [(name,), *(("offices", office, name) for office in _ids(data, ("offices",)))]
    return {id_ for one in lists for id_ in _ids(data, one)}


def _ids(data: Fields, path: Path) -> list[str]:
    found = json.loads(value_at(data, path) or "null")
    return list(found) if isinstance(found, dict) else []

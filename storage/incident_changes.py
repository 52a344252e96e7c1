"""What is changed of an incident while it is open: where it is, and what whoever joins is told."""

from __future__ import annotations

import json
from collections.abc import Sequence

from storage.database import Transaction
from storage.ids import IncidentId, OfficeId
from storage.incidents import Circle, Incident
from storage.translations import Translations


async def change_area(
    tx: Transaction, before: Incident, offices: Sequence[OfficeId], blocks: Sequence[int], circles: Sequence[Circle]
) -> bool:
    """Compare and set on the version: False where somebody was first."""
    changed = await tx.run(
        """
        UPDATE incidents SET offices = :offices, blocks = :blocks, circles = :circles, version = version + 1
        WHERE id = :id AND version = :version
        """,
        id=before.id,
        version=before.version,
        offices=json.dumps(list(offices)),
        blocks=json.dumps(list(blocks)),
        circles=json.dumps([one.model_dump() for one in circles]),
    )
    return changed == 1


async def drop_areas(tx: Transaction, incident: IncidentId, office: OfficeId) -> None:
    """Nothing at an office joins it any more."""
    await tx.run(
        "DELETE FROM incident_areas WHERE incident_id = :incident AND office = :office",
        incident=incident,
        office=office,
    )


async def change_texts(tx: Transaction, before: Incident, texts: Translations) -> bool:
    """The same for what whoever joins is told."""
    sql = "UPDATE incidents SET texts = :texts, version = version + 1 WHERE id = :id AND version = :version"
    return await tx.run(sql, id=before.id, version=before.version, texts=texts.as_json) == 1


async def gather_again(tx: Transaction, incident: Incident) -> None:
    """Have all reports since the incident began looked at once more."""
    await tx.run(
        "UPDATE incident_areas SET gathered_to = :since, gathered_id = 0 WHERE incident_id = :incident AND live",
        incident=incident.id,
        since=incident.since,
    )

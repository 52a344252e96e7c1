"""Links by which a phone's calendar fetches an appointment, without asking who is there.

Whoever has the link has the appointment's file, and nobody can make one up: beside the reference, which staff and
posters may show, it carries a code (HMAC-SHA256) that only holders of the key can compute.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from services.text.references import parse_reference
from storage.ids import Reference

FOLDER = "/calendar/"
_SUFFIX = ".ics"
_CODE_BYTES = 15  # 120 bits: 20 characters, without padding
_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class CalendarLinks:
    """Links below a public address, made and recognised with one key."""

    public_url: str  # https://…, without a slash at its end
    key: bytes = field(repr=False)

    def link(self, reference: Reference) -> str:
        return f"{self.public_url}{FOLDER}{reference}.{self._code(reference)}{_SUFFIX}"

    def reference_in(self, name: str) -> Reference | None:
        """The reference that a link's last part is for; None for any that `link` did not make."""
        written, _, code = name.removesuffix(_SUFFIX).partition(".")
        reference = parse_reference(written)
        if reference is None or reference != written or not name.endswith(_SUFFIX):
            return None
        return reference if hmac.compare_digest(code.encode(), self._code(reference).encode()) else None

    def _code(self, reference: Reference) -> str:
        mac = hmac.new(self.key, f"calendar:{reference}".encode(), hashlib.sha256).digest()
        return base64.urlsafe_b64encode(mac[:_CODE_BYTES]).decode()


def kept_key(file: Path) -> bytes:
    """The key in `file`, which is made where there is none, readable by its owner alone. Raises OSError.

    Of two processes that make one at the same moment, both get the same.
    """
    if not file.exists():
        draft = file.with_name(f"{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as writing:
            writing.write(secrets.token_urlsafe(_KEY_BYTES))
            writing.flush()
            os.fsync(writing.fileno())
        try:
            os.link(draft, file)  # whole or not at all, and never over one that is there
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_bytes()

"""Runs `sanitiser.prepare` in a process of its own, with limits of memory and time.

A picture of 173 KB can take 600 MB to decode, and a library that reads what strangers send may have a defect. What
happens there costs that file and nothing else: the process has no network address, no database and no secret to give
away, and ends with its one file.
"""

from __future__ import annotations

import json
import resource
import sys
from dataclasses import asdict

from services.child_process import ChildFailed, run_child
from services.files.kinds import Limits, Prepared, Refusal, Unacceptable

SECONDS = 20.0  # for one file; the largest accepted picture takes two
_MEMORY = 900 * 1024 * 1024  # of addresses, of which the libraries take a third
_LARGEST_ANSWER = 64 * 1024 * 1024


class DecoderDied(Exception):
    """The process ended without an answer, or took too long: killed by its limits, or by a defect."""


async def prepare_apart(
    kind: str, name: str, mime: str, content: bytes, limits: Limits | None = None, seconds: float = SECONDS
) -> Prepared | Unacceptable:
    """`prepare` in a process of its own. Raises DecoderDied."""
    asked = json.dumps({"kind": kind, "name": name, "mime": mime, "limits": asdict(limits or Limits())})
    try:
        answer = await run_child(__name__, asked.encode() + b"\n" + content, seconds=seconds)
    except ChildFailed as failure:
        raise DecoderDied(str(failure)) from None
    if len(answer) > _LARGEST_ANSWER:
        raise DecoderDied("its answer is too long")
    head, _, made = answer.partition(b"\n")
    said = json.loads(head)
    return Unacceptable(Refusal(said["refused"])) if "refused" in said else Prepared(made, said["mime"], said["name"])


def main() -> None:
    """Read one file from standard input, write what became of it to standard output."""
    from services.files.sanitiser import prepare  # noqa: PLC0415 - its libraries are for this process alone

    _limit()
    asked = json.loads(sys.stdin.buffer.readline())
    limits = Limits(**asked["limits"])
    made = prepare(asked["kind"], asked["name"], asked["mime"], sys.stdin.buffer.read(), limits)
    if isinstance(made, Unacceptable):
        sys.stdout.buffer.write(json.dumps({"refused": made.reason}).encode() + b"\n")
        return
    sys.stdout.buffer.write(json.dumps({"mime": made.mime, "name": made.name}).encode() + b"\n" + made.content)


def _limit() -> None:
    """Memory, processor time, and no file written."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (int(SECONDS), int(SECONDS)))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()

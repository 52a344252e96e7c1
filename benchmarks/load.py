"""A stand-in for the Bot API, and people who write to the bot through its webhook.

Each person does one thing after the reply to the one before, so `at_once` of them are under way at any
moment. Run as `python -m benchmarks.load PORT HOOK SECRET PEOPLE AT_ONCE SCRIPT BOT_PID`; prints JSON.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl

from aiohttp import ClientSession, TCPConnector, web

_FIRST_PERSON = 10_000

#: What a person of each script does; "tap:x" taps the button whose label holds x, on the newest message.
SCRIPTS = {
    # A form of five messages, of the peers alone: each is answered by one short message.
    "form": ["/start", "Northern", "Waste", "There is rubbish behind the shops. " * 3, "Confirm"],
    # A complaint from its command to its reference number: seven updates, answered by ten messages and edits.
    "complaint": [
        "/complain",
        "tap:Northern",
        "tap:Bins",
        "There is rubbish behind the shops. " * 3,
        "Block 502 Road {n}",  # nobody at the same place: near-duplicates are another question
        "tap:Without my name",
        "tap:Submit",
    ],
}


@dataclass
class Person:
    number: int
    messages: list[dict] = field(default_factory=list)
    waiting: asyncio.Future | None = None
    wanted: str = ""

    def got(self, message: dict) -> None:
        self.messages.append(message)
        if self.waiting is not None and not self.waiting.done() and self.find(self.wanted) is not None:
            self.waiting.set_result(time.perf_counter())

    def find(self, wanted: str) -> tuple[int, str] | None:
        """Message and data of the button wanted; of the newest message, where any will do."""
        if not self.messages:
            return None
        if not wanted:
            return self.messages[-1]["id"], ""
        for message in reversed(self.messages):
            for label, data in message["buttons"]:
                if wanted in label:
                    return message["id"], data
        return None


class Town:
    """The Bot API that the bot under test calls."""

    def __init__(self) -> None:
        self.people: dict[int, Person] = {}
        self.ids = itertools.count(1)

    async def method(self, request: web.Request) -> web.Response:
        name = request.match_info["method"].lower()
        if name in {"sendmessage", "editmessagetext"}:
            return web.json_response({"ok": True, "result": self._message(await request.read(), request.content_type)})
        if name == "getme":
            result: object = {"id": 1, "is_bot": True, "first_name": "b", "username": "b_bot"}
        elif name == "getmyname":
            result = {"name": ""}
        elif name == "getwebhookinfo":
            result = {"url": "", "has_custom_certificate": False, "pending_update_count": 0}
        else:
            result = True
        return web.json_response({"ok": True, "result": result})

    def _message(self, body: bytes, content_type: str) -> dict:
        data = json.loads(body) if content_type == "application/json" else dict(parse_qsl(body.decode()))
        if content_type == "multipart/form-data":
            data = _multipart(body)
        person = self.people[int(data["chat_id"])]
        markup = data.get("reply_markup") or {}
        markup = json.loads(markup) if isinstance(markup, str) else markup
        rows = markup.get("inline_keyboard") or markup.get("keyboard") or []
        buttons = [
            (button, button) if isinstance(button, str) else (button["text"], button.get("callback_data", ""))
            for row in rows
            for button in row
        ]
        number = int(data["message_id"]) if data.get("message_id") else next(self.ids)
        message = {"message_id": number, "date": 1, "chat": {"id": person.number, "type": "private"}, "text": "x"}
        asyncio.get_running_loop().call_soon(person.got, {"id": number, "buttons": buttons})
        return message


def _multipart(body: bytes) -> dict[str, str]:
    fields = {}
    boundary = body.split(b"\r\n", 1)[0]
    for part in body.split(boundary):
        head, _, value = part.partition(b"\r\n\r\n")
        if b'name="' in head:
            fields[head.split(b'name="')[1].split(b'"')[0].decode()] = value.rstrip(b"\r\n").decode()
    return fields


class Load:
    def __init__(self, town: Town, session: ClientSession, hook: str, secret: str, script: list[str]) -> None:
        self.town, self.session, self.hook, self.script = town, session, hook, script
        self.headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
        self.update_ids = itertools.count(1)
        self.latencies: list[float] = []

    async def play(self, number: int) -> None:
        person = self.town.people[number] = Person(number)
        for position, act in enumerate(self.script):
            following = self.script[position + 1] if position + 1 < len(self.script) else ""
            person.wanted = following.removeprefix("tap:") if following.startswith("tap:") else ""
            update = self._update(person, act.replace("{n}", str(number)))
            person.messages.clear()
            person.waiting = asyncio.get_running_loop().create_future()
            began = time.perf_counter()
            async with self.session.post(self.hook, json=update, headers=self.headers) as response:
                await response.read()
                assert response.status == 200, response.status
            try:
                self.latencies.append(await asyncio.wait_for(person.waiting, 30) - began)
            except TimeoutError:
                raise SystemExit(f"no reply to {act!r} with {person.wanted!r}; got {person.messages}") from None

    def _update(self, person: Person, act: str) -> dict:
        who = {"id": person.number, "is_bot": False, "first_name": "Ahmed", "last_name": "Ali", "language_code": "en"}
        chat = {"id": person.number, "type": "private", "first_name": "Ahmed"}
        update: dict = {"update_id": next(self.update_ids)}
        found = person.find(act.removeprefix("tap:")) if act.startswith("tap:") else None
        if found is not None and found[1]:
            message = {"message_id": found[0], "date": int(time.time()), "chat": chat, "text": "x"}
            update["callback_query"] = {
                "id": str(update["update_id"]),
                "from": who,
                "chat_instance": "1",
                "data": found[1],
                "message": message,
            }
            return update
        text = act.removeprefix("tap:")
        if found is not None:  # a keyboard of plain words: what is tapped is said
            text = next(label for message in person.messages for label, _ in message["buttons"] if text in label)
        message = {"message_id": next(self.town.ids), "date": int(time.time()), "chat": chat, "from": who, "text": text}
        if text.startswith("/"):
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
        update["message"] = message
        return update


async def main(port: int, hook: str, secret: str, people: int, at_once: int, script: str, bot: int) -> None:
    town = Town()
    app = web.Application()
    app.router.add_route("*", "/bot{token}/{method}", town.method)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, backlog=1024).start()
    async with ClientSession(connector=TCPConnector(limit=0)) as session:
        load = Load(town, session, hook, secret, SCRIPTS[script])
        await _up(session, hook)
        await asyncio.gather(*(load.play(_FIRST_PERSON + number) for number in range(8)))  # warm
        load.latencies.clear()
        waiting = iter(range(_FIRST_PERSON + 1000, _FIRST_PERSON + 1000 + people))

        async def hand() -> None:
            for number in waiting:
                await load.play(number)

        began, spent = time.perf_counter(), cpu_seconds(bot)
        await asyncio.gather(*(hand() for _ in range(at_once)))
        seconds, spent = time.perf_counter() - began, cpu_seconds(bot) - spent
    took = sorted(load.latencies)
    print(
        json.dumps(
            {
                "updates": len(took),
                "per_s": round(len(took) / seconds, 1),
                "cpu_ms": round(spent / len(took) * 1e3, 3),
                "p50_ms": round(took[len(took) // 2] * 1e3, 1),
                "p99_ms": round(took[int(len(took) * 0.99)] * 1e3, 1),
            }
        )
    )
    await runner.cleanup()


def cpu_seconds(process: int) -> float:
    """What all threads of a process have spent, in user and in system mode."""
    # The name in brackets may hold anything; utime and stime are the 14th and 15th field (man 5 proc_pid_stat).
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _up(session: ClientSession, hook: str) -> None:
    for _ in range(300):
        try:
            async with session.get(hook):
                await asyncio.sleep(1)
                return
        except OSError:
            await asyncio.sleep(0.1)
    raise SystemExit(f"nothing answers at {hook}")


if __name__ == "__main__":
    _port, _hook, _secret, _people, _at_once, _script, _bot = sys.argv[1:]
    asyncio.run(main(int(_port), _hook, _secret, int(_people), int(_at_once), _script, int(_bot)))

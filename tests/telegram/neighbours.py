"""Updates like those that have gone wrong somewhere: the neighbours of each kind of fault, drawn at random.

A seed gives the same updates again. `benchmarks.intake` throws many at the intake, `test_neighbours` a few.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from random import Random
from typing import Final

from bot.telegram.json_text import Json
from tests.services import file_samples as samples

SENT: Final = 1_772_614_800
Wire = dict[str, Json]
BOT: Final[Wire] = {"id": 12345, "is_bot": True, "first_name": "Customer Day", "username": "desk_bot"}
_PEOPLE: Final = 400


#: Characters that nobody sees, that turn others round, that no database keeps, or that are many bytes long.
_ODD: Final = (
    *(
        "\u200b",
        "\u200f",
        "\u202e",
        "\u2066",
        "\u00ad",
        "\ufeff",
        "\u3164",
        "\u115f",
        "\ue000",
        "\U0001f468\u200d\U0001f469",
    ),
    *(
        "\0",
        "\ud83d",
        "\udc00",
        "\ufffe",
        "\x1b[31m",
        "\r",
        "\u2028",
        "\u0301" * 40,
        "\U0010ffff",
        "<b>",
        "&amp;",
        "{name}",
        "%s",
    ),
)
_TEXTS: Final = (
    *("hello", "الحاويات طافحة منذ الأحد", "Block 338 Road 12", "مجمع 338", "33123456", "+973 3312 3456", "no", "لا"),
    *("next Wednesday", "غداً ٢ عصراً", "25/11", "99/99/9999", "C-7K3M-2QF", "B-4M7K-9QA", "С-7К3М-2QF", "w" * 4096),
    *("👍", "?", "…", "1", "٣", "' OR 1=1 --", "=cmd()", "https://example.org/" + "a" * 300),
)
_COMMANDS: Final = (
    *("start", "menu", "help", "book", "complain", "suggest", "my", "track", "privacy", "mydata", "language", "cancel"),
    *(
        "start book_capital",
        "start C-7K3M-2QF",
        "start \u200b",
        "track C-7K3M-2QF",
        "queue",
        "undo",
        "whoami",
        "nothing",
    ),
)
_ENTITIES: Final = (
    *("mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bold", "italic", "underline"),
    *("strikethrough", "spoiler", "blockquote", "expandable_blockquote", "code", "pre", "text_link", "text_mention"),
    *("custom_emoji", "date_time", "newer_than_us", ""),
)
_MIMES: Final = (
    *(
        "image/jpg",
        "IMAGE/JPEG",
        "image/jpeg; charset=binary",
        "text/plain; charset=utf-8",
        "application/pdf ",
        "",
        "/",
    ),
    *("video/quicktime", "audio/mpeg3", "application/x-msdownload", "application/octet-stream", "image/heic", "ملف"),
)
_NAMES: Final = (
    "photo.jpg",
    "../../etc/passwd",
    "a" * 300,
    "صورة.jpeg",
    "x.pdf.exe",
    "\u202egpj.exe",
    "",
    ".",
    "a\0b.pdf",
)
_BRANDS: Final = (b"isom", b"iso5", b"mp41", b"mp42", b"qt  ", b"M4V ", b"3gp4", b"dash", b"heic", b"avif", b"\0\0\0\0")
_FILES: Final = (
    *(samples.OGG, samples.PDF, samples.MP3, samples.DOCX, samples.MACROS, samples.XLSX, samples.FILM),
    *(b"\xef\xbb\xbf" + samples.PDF, b"\xff\xf3" + bytes(400), b"MZ" + bytes(200), b"", b"\0", b"%PDF-1.7", b"<html>"),
)


@dataclass(frozen=True, slots=True)
class Sent:
    """One update as it comes over the network, and what is owed for it."""

    number: int
    raw: bytes
    answered: bool  # whoever sent it has to hear something
    spoilt: bool  # it lacks or has what Telegram says it has or lacks
    what: str
    files: dict[str, bytes]  # by the ids under which they are fetched
    sender: int = 0  # 0: nobody in private


def draw(random: Random, number: int, *, whole: bool = False) -> Sent:
    """The update with this number; a `whole` one lacks nothing that Telegram says it has."""
    files: dict[str, bytes] = {}
    kind = random.choice(_KINDS)
    update, answered = kind(random, number, files)
    sender = _sender(update)
    spoilt = not whole and random.random() < 0.4
    if spoilt:
        answered = _spoil(random, update) and answered
    update["update_id"] = number
    raw = json.dumps(update).encode()
    if random.random() < 0.02:
        raw = raw.replace(b"hello", random.choice((b"\\ud83d", b"\xff\xfe", b"\\u0000")))
    return Sent(number, raw, answered, spoilt, kind.__name__.strip("_"), files, sender)


def tap(random: Random, number: int, person: int, data: str) -> Sent:
    """The tap of somebody on what they were offered, whole."""
    who: Wire = {"id": person, "is_bot": False, "first_name": "Ali"}
    query: Wire = {"id": str(number), "from": who, "chat_instance": "1", "data": data}
    query["message"] = _message(random, {"text": "x"}, who)
    raw = json.dumps({"update_id": number, "callback_query": query}).encode()
    return Sent(number, raw, answered=True, spoilt=False, what=f"offered {data}", files={}, sender=person)


def _sender(update: Wire) -> int:
    """Who said it in private, or tapped."""
    match update:
        case {"message": {"chat": {"type": "private"}, "from": {"id": int(person)}}}:
            return person
        case {"callback_query": {"from": {"id": int(person)}}}:
            return person
        case _:
            return 0


# ---------------------------------------------------------------------------- messages


def _person(random: Random) -> Wire:
    number = 50_000 + random.randrange(_PEOPLE)
    name = random.choice(("Fatima", "علي", "\u3164", "\u200b", "A" * 64, "😀", "Robert'); DROP TABLE residents;--"))
    return {"id": number, "is_bot": False, "first_name": name, "language_code": random.choice(("ar", "en", "fr", "x"))}


def _message(random: Random, content: Wire, sender: Wire | None = None) -> Wire:
    person = deepcopy(sender) if sender else _person(random)
    chat = {"id": person["id"], "type": "private", "first_name": "A"}
    return {"message_id": random.randrange(1, 1 << 31), "date": SENT, "chat": chat, "from": person, **content}


def _words(random: Random) -> str:
    text = random.choice(_TEXTS)
    for _ in range(random.choice((0, 0, 1, 3))):
        place = random.randrange(len(text) + 1)
        text = text[:place] + random.choice(_ODD) + text[place:]
    return text


def _text(random: Random, _number: int, _files: dict[str, bytes]) -> tuple[Wire, bool]:
    text = _words(random)
    content: Wire = {"text": text}
    if random.random() < 0.5:
        content["entities"] = [_entity(random, text) for _ in range(random.randrange(1, 4))]
    return {"message": _message(random, content)}, True


def _entity(random: Random, text: str) -> Wire:
    kind = random.choice(_ENTITIES)
    entity: Wire = {
        "type": kind,
        "offset": random.randrange(-1, len(text) + 2),
        "length": random.choice((0, 1, 5, 9999)),
    }
    if kind == "text_link":
        entity["url"] = random.choice(("https://example.org", "javascript:alert(1)", ""))
    if kind == "text_mention":
        entity["user"] = _person(random)
    return entity


def _command(random: Random, _number: int, _files: dict[str, bytes]) -> tuple[Wire, bool]:
    text = "/" + random.choice(_COMMANDS)
    entity: Wire = {"type": "bot_command", "offset": 0, "length": len(text.split()[0])}
    return {"message": _message(random, {"text": text, "entities": [entity]})}, True


def _reply(random: Random, _number: int, _files: dict[str, bytes]) -> tuple[Wire, bool]:
    replied = _message(random, {"text": _words(random)}, random.choice((BOT, None)))
    content: Wire = {"text": _words(random), "reply_to_message": replied}
    if random.random() < 0.3:
        content |= {"quote": {"text": "part", "position": random.randrange(5)}}
    return {"message": _message(random, content)}, True


def _forward(random: Random, _number: int, _files: dict[str, bytes]) -> tuple[Wire, bool]:
    origins: tuple[Wire, ...] = (
        {"type": "user", "date": SENT, "sender_user": _person(random)},
        {"type": "hidden_user", "date": SENT, "sender_user_name": "\u3164"},
        {"type": "chat", "date": SENT, "sender_chat": {"id": -5, "type": "group", "title": "T"}},
        {"type": "channel", "date": SENT, "chat": {"id": -100_5, "type": "channel", "title": "C"}, "message_id": 1},
        {"type": "newer", "date": SENT},
    )
    return {"message": _message(random, {"text": "hello", "forward_origin": random.choice(origins)})}, True


def _held(random: Random, files: dict[str, bytes], content: bytes) -> Wire:
    name = f"f{random.randrange(1 << 60)}"
    files[name] = content
    return {"file_id": name, "file_unique_id": f"u{name}", "file_size": len(content)}


def _content(random: Random) -> bytes:
    if random.random() < 0.3:
        brand = random.choice(_BRANDS)
        return samples.FILM.replace(b"ftypisom", b"ftyp" + brand, 1)
    return random.choice(_FILES)


def _media(random: Random, _number: int, files: dict[str, bytes]) -> tuple[Wire, bool]:
    kind = random.choice(("photo", "voice", "audio", "video", "video_note", "animation", "document", "live_photo"))
    held = _held(random, files, _content(random))
    sized: Wire = {**held, "width": 90, "height": 60}
    named: Wire = {**held, "mime_type": random.choice(_MIMES), "file_name": random.choice(_NAMES)}
    bodies: dict[str, Json] = {
        "photo": [sized, {**sized, "width": random.choice((1280, -1, "wide", 1 << 70))}],
        "voice": {**held, "duration": 3, "mime_type": random.choice(_MIMES)},
        "audio": {**named, "duration": 3},
        "video": {**named, "width": 4, "height": 3, "duration": 3},
        "video_note": {**held, "length": 240, "duration": 3},
        "animation": {**named, "width": 4, "height": 3, "duration": 3},
        "document": named,
        "live_photo": {"photo": [sized], "video": {**named, "width": 4, "height": 3, "duration": 3}},
    }
    content: Wire = {kind: bodies[kind]}
    if random.random() < 0.5:
        content["caption"] = _words(random)[:1024]
    return {"message": _message(random, content)}, True


def _special(random: Random, _number: int, _files: dict[str, bytes]) -> tuple[Wire, bool]:
    """What people send beside words and files: each has to be answered."""
    place: Wire = {"latitude": random.choice((26.2, 0, -91, 1e300)), "longitude": random.choice((50.5, 181))}
    contents: tuple[Wire, ...] = (
        {"location": place},
        {"venue": {"location": place, "title": _words(random)[:64], "address": "Road 12"}, "location": place},
        {"contact": {"phone_number": random.choice(("33123456", "+97333123456", "", "x")), "first_name": "A"}},
        {
            "poll": {
                "id": "1",
                "question": "?",
                "options": [{"text": "a", "voter_count": 0}],
                "type": "regular",
                "total_voter_count": 0,
                "is_closed": False,
                "is_anonymous": True,
                "allows_multiple_answers": False,
            }
        },
        {"dice": {"emoji": "🎲", "value": random.choice((1, 6, 99))}},
        {
            "sticker": {
                "file_id": "s",
                "file_unique_id": "s",
                "type": "regular",
                "width": 1,
                "height": 1,
                "is_animated": False,
                "is_video": False,
            }
        },
        {"game": {"title": "g", "description": "", "photo": []}},
        {"story": {"chat": {"id": 5, "type": "private"}, "id": 1}},
        {"web_app_data": {"data": "{", "button_text": "x"}},
        {"users_shared": {"request_id": 1, "users": [{"user_id": 7}]}},
        {"chat_shared": {"request_id": 1, "chat_id": -5}},
        {"newer_than_this_bot": {"any": "thing"}},
    )
    return {"message": _message(random, deepcopy(random.choice(contents)))}, True


def _service(random: Random, _number: int, _files: dict[str, bytes]) -> tuple[Wire, bool]:
    """What happened to a chat: nobody waits for an answer."""
    contents: tuple[Wire, ...] = (
        {"new_chat_title": "T"},
        {"pinned_message": _message(random, {"text": "x"})},
        {"message_auto_delete_timer_changed": {"message_auto_delete_time": 86400}},
        {"write_access_allowed": {}},
        {"chat_background_set": {"type": {"type": "newer"}}},
        {"delete_chat_photo": True},
    )
    return {"message": _message(random, dict(random.choice(contents)))}, False


def _edited(random: Random, number: int, files: dict[str, bytes]) -> tuple[Wire, bool]:
    update, _ = random.choice((_text, _media, _special))(random, number, files)
    message = update.pop("message")
    assert isinstance(message, dict)
    return {"edited_message": {**message, "edit_date": random.choice((SENT + 5, 0, 1 << 62))}}, False


# ---------------------------------------------------------------------------- taps, groups, everything else

_DATA: Final = (
    *(
        "home:menu:book:1",
        "do:book::0",
        "do:requests::0",
        "do:case:C-7K3M-2QF:0",
        "do:neighbours:C-7K3M-2QF:0",
        ":::",
        "do:",
    ),
    *(
        "desk:claim:1:0:",
        "desk:queue:0:0:mine",
        "desk::1:1:",
        "desk:claim:99999999999999999999:0:",
        "a",
        "\0",
        "\ud83d",
    ),
    *("booking:day:2026-11-25:3", "request:category:bins:2", "x" * 64, "do:rate:C-7K3M-2QF.9:0", "do:doorpage:1:1"),
)


def _tap(random: Random, number: int, _files: dict[str, bytes]) -> tuple[Wire, bool]:
    person = _person(random)
    query: Wire = {"id": str(number), "from": person, "chat_instance": "1", "data": random.choice(_DATA)}
    shape = random.randrange(4)
    if shape < 2:
        query["message"] = _message(random, {"text": "x"}, person)
    elif shape == 2:
        chat: Wire = {"id": person["id"], "type": "private"}
        query["message"] = {"message_id": 1, "date": 0, "chat": chat}  # one that Telegram no longer shows
    return {"callback_query": query}, True


def _group(random: Random, number: int, files: dict[str, bytes]) -> tuple[Wire, bool]:
    update, _ = random.choice((_text, _command, _media, _special, _reply))(random, number, files)
    message = update["message"]
    assert isinstance(message, dict)
    message["chat"] = {
        "id": random.choice((-1001, -500, -1 << 60)),
        "type": random.choice(("group", "supergroup")),
        "title": "G",
    }
    if random.random() < 0.2:
        message["sender_chat"] = message["chat"]
    return update, False


def _membership(random: Random, _number: int, _files: dict[str, bytes]) -> tuple[Wire, bool]:
    statuses = ("creator", "administrator", "member", "restricted", "left", "kicked", "newer")
    person = _person(random)
    chats: tuple[Wire, ...] = (
        {"id": person["id"], "type": "private"},
        {"id": -500, "type": "supergroup", "title": "G"},
        {"id": -7, "type": "channel", "title": "C"},
    )
    mine = random.random() < 0.5
    who = deepcopy(BOT) if mine else _person(random)
    change: Wire = {
        "chat": random.choice(chats),
        "from": person,
        "date": SENT,
        "old_chat_member": {"user": who, "status": random.choice(statuses), "until_date": 0},
        "new_chat_member": {"user": who, "status": random.choice(statuses), "until_date": 0},
    }
    return {"my_chat_member" if mine else "chat_member": change}, False


def _unasked(random: Random, _number: int, _files: dict[str, bytes]) -> tuple[Wire, bool]:
    """Every other kind of update there is, and one that there is not."""
    kind = random.choice(
        (
            *("channel_post", "edited_channel_post", "inline_query", "chosen_inline_result", "shipping_query", "poll"),
            *("pre_checkout_query", "poll_answer", "chat_join_request", "message_reaction_count"),
            *("chat_boost", "removed_chat_boost", "business_connection", "business_message", "edited_business_message"),
            *("deleted_business_messages", "purchased_paid_media", "newer_than_this_bot"),
        )
    )
    bodies: tuple[Json, ...] = (
        {},
        None,
        [],
        "x",
        _message(random, {"text": "x"}),
        {"id": "1", "from": _person(random)},
    )
    return {kind: random.choice(bodies)}, False


_KINDS: Final[tuple[Callable[[Random, int, dict[str, bytes]], tuple[Wire, bool]], ...]] = (
    *(_text,) * 5, *(_command,) * 2, *(_tap,) * 3, _reply, _forward, *(_media,) * 2, *(_special,) * 2,
    _service, _edited, _group, _membership, _unasked,
)  # fmt: skip

# ---------------------------------------------------------------------------- spoiling

#: Without these nobody knows who said it, or that anything was said.
_ESSENTIAL: Final = frozenset({"id", "chat", "from", "type", "message", "callback_query", "is_bot"})
_SAID: Final = frozenset((
    *("text", "photo", "voice", "audio", "video", "video_note", "animation", "document", "live_photo", "location"),
    *("venue", "contact", "poll", "dice", "sticker", "game", "story", "web_app_data", "users_shared", "chat_shared"),
    *("newer_than_this_bot", "data"),
))  # fmt: skip
_WRONG: Final[tuple[Json, ...]] = (None, "", "x", 0, -1, 1 << 62, 1 << 70, 1.5, [], {}, [None], True)


def _spoil(random: Random, update: Wire) -> bool:
    """Leave a field out, give it another type, or add one that is newer. Whether whoever sent it can still be told."""
    holders = list(_holders(update, ()))
    path, holder = random.choice(holders)
    if not holder or random.random() < 0.2:
        holder[f"newer_{random.randrange(9)}"] = deepcopy(random.choice(_WRONG))
        return True
    name = random.choice(sorted(holder))
    if random.random() < 0.5:
        del holder[name]
    else:
        holder[name] = deepcopy(random.choice(_WRONG))
    if len(path) < 2:
        return len(path) == 1 and name not in _ESSENTIAL and name not in _SAID
    return not (path[1] in {"chat", "from"} and name in _ESSENTIAL)


def _holders(value: Json, path: tuple[str, ...]) -> list[tuple[tuple[str, ...], Wire]]:
    found: list[tuple[tuple[str, ...], Wire]] = []
    if isinstance(value, dict):
        found.append((path, value))
        for name, one in value.items():
            found += _holders(one, (*path, name))
    elif isinstance(value, list):
        for one in value:
            found += _holders(one, path)
    return found

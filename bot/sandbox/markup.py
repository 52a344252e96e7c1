"""Keyboards: what Telegram takes for one."""

from __future__ import annotations

from dataclasses import dataclass

import orjson

from bot.sandbox.wire import ApiError, Wire, bad_request

_ACTIONS = ("url", "callback_data", "web_app", "login_url", "switch_inline_query", "copy_text", "pay", "callback_game")
_ACTIONS_TOO = ("switch_inline_query_current_chat", "switch_inline_query_chosen_chat")
_PRIVATELY_ASKED = {"request_contact": "phone number", "request_location": "location", "request_poll": "poll"}
_MAX_BUTTONS, _MAX_IN_ROW, _MAX_DATA = 100, 8, 64
_MAX_PLACEHOLDER = 64
_MAX_COPIED = 256
_STYLES = ("danger", "success", "primary")


@dataclass(frozen=True, slots=True)
class Markup:
    """`inline` belongs to the message; `keyboard` is what the chat shows instead of letters."""

    inline: Wire | None = None
    keyboard: Wire | None = None


NO_MARKUP = Markup()


def read_markup(raw: object, *, private: bool = True) -> Markup:
    """Check `reply_markup` for a private chat or a group, and tell which kind it is."""
    if raw is None or raw == "":
        return NO_MARKUP
    if isinstance(raw, str):
        try:
            raw = orjson.loads(raw)
        except orjson.JSONDecodeError as error:
            raise bad_request("can't parse reply keyboard markup JSON object") from error
    if not isinstance(raw, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in raw:
        rows = _inline_rows(raw["inline_keyboard"], private=private)
        return Markup(inline={"inline_keyboard": rows}) if rows else NO_MARKUP
    if "keyboard" in raw:
        return Markup(keyboard={**raw, "keyboard": _keyboard_rows(raw["keyboard"], private=private)})
    if raw.get("force_reply") is True and len(str(raw.get("input_field_placeholder") or "")) > _MAX_PLACEHOLDER:
        raise bad_request("input field placeholder is too long")
    if raw.get("remove_keyboard") is True or raw.get("force_reply") is True:
        return Markup(keyboard=raw)
    return NO_MARKUP


def read_inline(raw: object, *, private: bool) -> Wire | None:
    """The inline keyboard of an edit; no other kind may go there."""
    markup = read_markup(raw, private=private)
    if markup.keyboard is not None:
        raise bad_request("inline keyboard expected")
    return markup.inline


def _inline_rows(rows: object, *, private: bool) -> list[list[Wire]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    count = 0
    for row in rows:
        for button in row:
            _check_inline(button, private=private)
        count += len(row)
        if len(row) > _MAX_IN_ROW or count > _MAX_BUTTONS:
            raise bad_request("reply markup is too long")
    return [row for row in rows if row]


def _check_inline(button: object, *, private: bool) -> None:
    if not isinstance(button, dict):
        raise _unparsable("inline keyboard button", "InlineKeyboardButton must be an Object")
    text = button.get("text")
    if not isinstance(text, str):
        raise _unparsable("inline keyboard button", 'Can\'t find field "text"')
    if not text.strip():
        raise bad_request("inline keyboard button text must be non-empty")
    _check_style(button, "inline keyboard button")
    _check_copied(button)
    if button.get("web_app") is not None and not private:
        raise bad_request("BUTTON_TYPE_INVALID")
    data = button.get("callback_data")
    if isinstance(data, str) and data:
        if len(data.encode()) > _MAX_DATA:
            raise bad_request("BUTTON_DATA_INVALID")
    elif url := button.get("url"):
        _check_url(str(url))
    elif not any(button.get(action) is not None for action in _ACTIONS[2:] + _ACTIONS_TOO):
        raise _unparsable("inline keyboard button", "Text buttons are unallowed in the inline keyboard")


def _check_style(button: Wire, what: str) -> None:
    """A colour; what else an object says that Telegram does not know, it does not read."""
    if button.get("style") not in (None, "", *_STYLES):
        raise _unparsable(what, "Invalid button style specified")


def _check_copied(button: Wire) -> None:
    copied = button.get("copy_text")
    if copied is None:
        return
    if not isinstance(copied, dict) or not isinstance(copied.get("text"), str):
        raise _unparsable("inline keyboard button", 'Field "copy_text" must be of type Object')
    if not 1 <= len(copied["text"]) <= _MAX_COPIED:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")


def _check_url(url: str) -> None:
    scheme, separator, rest = url.partition("://")
    if separator and scheme.lower() not in ("http", "https", "tg", "ton"):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol")
    host = (rest if separator else url).partition("/")[0]
    if " " in url or not host or (scheme in ("http", "https") and "." not in host):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def _keyboard_rows(rows: object, *, private: bool) -> list[list[Wire]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request('field "keyboard" must be an Array of Arrays')
    read: list[list[Wire]] = []
    for row in rows:
        buttons = [{"text": button} if isinstance(button, str) else button for button in row]
        for button in buttons:
            if not isinstance(button, dict):
                raise _unparsable("keyboard button", "KeyboardButton must be a String or an Object")
            if not isinstance(button.get("text"), str) or not button["text"].strip():
                raise bad_request("keyboard button text must be non-empty")
            _check_style(button, "keyboard button")
            for asks, what in _PRIVATELY_ASKED.items():
                if button.get(asks) and not private:
                    raise bad_request(f"{what} can be requested in private chats only")
        if buttons:
            read.append(buttons)
    if not read or sum(map(len, read)) > 300 or any(len(row) > 12 for row in read):
        raise bad_request("reply markup is too long" if read else "reply keyboard must be non-empty")
    return read


def _unparsable(what: str, reason: str) -> ApiError:
    return bad_request(f"can't parse {what}: {reason}")

"""What a caller sent: query string, form, JSON or multipart, read the same way."""

from __future__ import annotations

from urllib.parse import parse_qsl

import orjson
from aiohttp import BodyPartReader, web

from bot.sandbox.files import Upload
from bot.sandbox.wire import ApiError, Wire, bad_request


class Params:
    """A call's parameters. Reading one of the wrong shape raises the error Telegram gives."""

    __slots__ = ("files", "values")

    def __init__(self, values: Wire, files: dict[str, Upload] | None = None) -> None:
        self.values = values
        self.files = files or {}

    def has(self, key: str) -> bool:
        return self.values.get(key) not in (None, "")

    def text(self, key: str, default: str = "") -> str:
        value = self.values.get(key)
        if value is None:
            return default
        return value if isinstance(value, str) else orjson.dumps(value).decode()

    def integer(self, key: str, default: int = 0) -> int:
        value = self.values.get(key)
        if value is None or value == "":
            return default
        try:
            return int(value)
        except (TypeError, ValueError) as error:
            raise bad_request(f"{key} must be an Integer") from error

    def number(self, key: str) -> float:
        value = self.values.get(key)
        if value is None or value == "":
            raise bad_request(f"{key} is empty")
        try:
            return float(value)
        except (TypeError, ValueError) as error:
            raise bad_request(f'can\'t parse "{key}" as Number') from error

    def flag(self, key: str) -> bool:
        value = self.values.get(key)
        return value is True or (isinstance(value, str) and value.lower() in ("true", "yes", "1")) or value == 1

    def json(self, key: str) -> object:
        """A nested value, which forms carry as text. None where it was not sent."""
        value = self.values.get(key)
        if not isinstance(value, str):
            return value
        if value == "":
            return None
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError as error:
            raise bad_request(f"can't parse {key} JSON object") from error

    def upload(self, key: str) -> Upload | str | None:
        """A file sent along, or the file_id or URL given in its place."""
        if key in self.files:
            return self.files[key]
        return self.attached(self.values.get(key))

    def attached(self, value: object) -> Upload | str | None:
        if isinstance(value, str) and value.startswith("attach://"):
            return self.files.get(value.removeprefix("attach://"))
        return value if isinstance(value, str) and value else None


async def read_params(request: web.Request) -> Params:
    """Read a request's parameters, whichever of Telegram's four ways they came."""
    kind = request.content_type if request.body_exists else ""
    if kind == "application/x-www-form-urlencoded":
        values: Wire = dict(parse_qsl((await request.read()).decode(), keep_blank_values=True))
    elif kind == "application/json":
        values = _json_object(await request.read())
    elif kind == "multipart/form-data":
        return await _multipart(request)
    else:
        values = {}
    if request.query_string:
        values = {**request.query, **values}
    return Params(values)


def _json_object(body: bytes) -> Wire:
    try:
        value = orjson.loads(body) if body else {}
    except orjson.JSONDecodeError as error:
        raise bad_request("can't parse JSON object") from error
    if not isinstance(value, dict):
        raise bad_request("request must be a JSON object")
    return value


async def _multipart(request: web.Request) -> Params:
    values: Wire = dict(request.query)
    files: dict[str, Upload] = {}
    left = request.app.get(MAX_UPLOAD, 64 * 1024 * 1024)
    reader = await request.multipart()
    async for part in reader:
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        content = bytearray()
        while chunk := await part.read_chunk(1 << 16):
            content += chunk
            left -= len(chunk)
            if left < 0:
                raise ApiError(413, "Request Entity Too Large")
        if part.filename is None:
            values[part.name] = content.decode()
        else:
            mime = part.headers.get("Content-Type", "application/octet-stream").partition(";")[0]
            files[part.name] = Upload(part.filename, mime, bytes(content))
    return Params(values, files)


MAX_UPLOAD = web.AppKey("max_upload", int)

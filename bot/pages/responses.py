"""What every page's answer carries, and the files that pages are made of."""

from __future__ import annotations

from pathlib import Path

import orjson
from aiohttp import web
from markupsafe import escape

_FOLDER = Path(__file__).parent / "static"
_TYPES = {".css": "text/css", ".js": "text/javascript"}
_HTML = "text/html"


def headers(*, framed_by: str = "'none'") -> dict[str, str]:
    """Nothing is kept, told to others or taken from elsewhere. `framed_by`: whose pages may show it in a frame."""
    policy = (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        f"base-uri 'none'; form-action 'none'; frame-ancestors {framed_by}"
    )
    return {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "no-store",
    }


PLAIN = headers()


def files() -> tuple[web.RouteDef, ...]:
    """`GET /pages/<name>`: the scripts and styles, which are the same for everybody."""
    known = {path.name: path.read_bytes() for path in _FOLDER.iterdir() if path.suffix in _TYPES}

    async def serve(request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in known:
            return not_found()
        return web.Response(body=known[name], content_type=_TYPES[Path(name).suffix], charset="utf-8", headers=PLAIN)

    return (web.get("/pages/{name}", serve),)


def shell(name: str, given: object, **values: str) -> bytes:
    """A page's HTML with what it is given: `given` as JSON for its script, `values` as text."""
    page = (_FOLDER / name).read_text(encoding="utf-8")
    filled = {"given": orjson.dumps(given).decode(), **values}
    for key, value in filled.items():
        page = page.replace(f"{{{{{key}}}}}", str(escape(value)))
    return page.encode()


def html(page: bytes, more: dict[str, str] = PLAIN) -> web.Response:
    return web.Response(body=page, content_type=_HTML, charset="utf-8", headers=more)


def json(value: object, status: int = 200, more: dict[str, str] = PLAIN) -> web.Response:
    body = orjson.dumps(value)
    return web.Response(body=body, status=status, content_type="application/json", charset="utf-8", headers=more)


def not_found() -> web.Response:
    return web.Response(status=404, text="Not found", headers=PLAIN)

"""The public ledger of promises: `GET /promises` and `GET /promises/<office>`, in `?lang=ar` or `en`.

It is counted at most once a minute, whoever looks how often, by a connection that only reads.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import timedelta

from aiohttp import web
from markupsafe import Markup

from bot.context import AppContext
from bot.pages.responses import PLAIN, html, not_found, shell
from locales import DEFAULT, N_, Catalogues, Language, Localizer
from locales.html import to_plain
from services.promises import ledger
from services.promises.ledger import Ledger, Numbers
from services.visits.page_links import PROMISES
from storage.ids import OfficeId

_LASTS = timedelta(minutes=1)
_HEADERS = {**PLAIN, "Cache-Control": "public, max-age=60"}
_HEADERS.pop("X-Robots-Tag")  # anybody may find it

#: What each number is called; with the class of its card.
_NUMBERS = (
    ("kept", N_("Kept")),
    ("open", N_("Open, not due yet")),
    ("overdue", N_("Overdue promises")),
    ("not_kept", N_("Not kept")),
    ("unconfirmed", N_("Not confirmed")),
)


class PublicLedger:
    """Promises in numbers, for anybody."""

    def __init__(self, context: AppContext) -> None:
        self._context = context
        self._reading = asyncio.Lock()
        self._known: Ledger | None = None
        self._pages: dict[tuple[str, OfficeId], bytes] = {}  # of that ledger: as many as languages and offices

    def routes(self) -> tuple[web.RouteDef, ...]:
        return (web.get(PROMISES, self._serve), web.get(PROMISES + "/{office}", self._serve))

    async def _serve(self, request: web.Request) -> web.Response:
        office = OfficeId(request.match_info.get("office", ""))
        known = {one.id for one in self._context.offices.with_customer_day}
        if office and office not in known:  # nothing is counted for what is not there
            return not_found()
        t = _localizer(self._context.catalogues, request.query.get("lang", ""))
        now, key = await self._now(), (t.language, office)
        if key not in self._pages:
            self._pages[key] = _page(self._context, t, now, office)
        return html(self._pages[key], _HEADERS)

    async def _now(self) -> Ledger:
        async with self._reading:  # of many who ask at once, one counts
            now = self._context.clock()
            if self._known is None or not timedelta() <= now - self._known.as_of < _LASTS:
                async with self._context.read() as work:
                    self._known = await ledger.read(work)
                self._pages.clear()
            return self._known


def _localizer(catalogues: Catalogues, wanted: str) -> Localizer:
    return catalogues.localizer(Language(wanted) if wanted in set(Language) else DEFAULT)


def _page(context: AppContext, t: Localizer, now: Ledger, office: OfficeId) -> bytes:
    name = _name(context, t, office)
    title = (
        t.plain("Promises of Customer Day: {office}", office=name) if office else t.plain("Promises of Customer Day")
    )
    numbers = now.offices.get(office, Numbers()) if office else now.total
    main = Markup().join(
        (
            _cards(t, numbers),
            _back(t) if office else _table(context, t, now),
        )
    )
    language = Language(t.language)
    return shell(
        "ledger.html",
        None,
        lang=language.value,
        dir=language.direction,
        title=title,
        languages=t.plain("Language"),
        tongues=_tongues(office, language),
        about=t.plain(
            "What municipalities promised residents in meetings, and whether it was done. Residents say whether a "
            "promise was kept. The page names nobody."
        ),
        main=main,
        foot=to_plain(
            t(
                "Promises that ended since {since}, and all that are open. Counted on {moment}.",
                since=t.date(now.since),
                moment=t.moment(now.as_of),
            ),
        ),
    )


def _name(context: AppContext, t: Localizer, office: OfficeId) -> str:
    found = context.offices.get(office)
    return t.pick_plain(found.name) if found else ""


def _cards(t: Localizer, numbers: Numbers) -> Markup:
    cards = [_card(name, t.plain(label), _number(t, int(getattr(numbers, name)))) for name, label in _NUMBERS]
    if numbers.share is not None:
        share = t.plain("{n}%", n=round(100 * numbers.share))
        cards.append(_card("share", t.plain("Kept, of those answered"), share))
    if numbers.median_age is not None:
        age = to_plain(t.duration(timedelta(days=max(numbers.median_age, 1))))
        cards.append(_card("age", t.plain("Median age of open promises"), age))
    return Markup('<dl class="numbers">{}</dl>').format(Markup().join(cards))


def _card(kind: str, label: str, value: str) -> Markup:
    return Markup('<div class="{}"><dt>{}</dt><dd>{}</dd></div>').format(kind, label, value)


def _table(context: AppContext, t: Localizer, now: Ledger) -> Markup:
    heads = [t.plain("Office"), *(t.plain(label) for _, label in _NUMBERS)]
    rows = [
        Markup('<tr><th scope="row"><a href="{}/{}?lang={}">{}</a></th>{}</tr>').format(
            PROMISES,
            office,
            t.language,
            _name(context, t, office),
            _cells(_number(t, int(getattr(numbers, name))) for name, _ in _NUMBERS),
        )
        for office, numbers in now.offices.items()
    ]
    head = Markup().join(Markup('<th scope="col">{}</th>').format(one) for one in heads)
    table = Markup("<table><caption>{}</caption><thead><tr>{}</tr></thead><tbody>{}</tbody></table>")
    filled = table.format(t.plain("Promises by office"), head, Markup().join(rows))
    return Markup('<div class="wide">{}</div>').format(filled)


def _cells(values: Iterable[str]) -> Markup:
    return Markup().join(Markup("<td>{}</td>").format(one) for one in values)


def _back(t: Localizer) -> Markup:
    return Markup('<p><a href="{}?lang={}">{}</a></p>').format(PROMISES, t.language, t.plain("All offices"))


def _tongues(office: OfficeId, current: Language) -> Markup:
    """The other languages are links, each in its own name."""
    address = f"{PROMISES}/{office}" if office else PROMISES
    link = Markup('<a href="{}?lang={}" hreflang="{}" lang="{}">{}</a>')
    here = Markup('<span lang="{}" aria-current="true">{}</span>')
    return Markup().join(
        here.format(one.value, one.own_name)
        if one is current
        else link.format(address, one.value, one.value, one.value, one.own_name)
        for one in Language
    )


def _number(t: Localizer, n: int) -> str:
    return to_plain(t.number(n))

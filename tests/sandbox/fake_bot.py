"""A bot small enough to read at a glance, that does a little of everything a page can show."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram import (
    Bot,
    BotCommand,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    Update,
)

from bot.sandbox import Sandbox, samples
from tests.sandbox.running import CAPITAL, ptb

WORDS = {
    "ar": {
        "welcome": "<b>أهلاً بكم في يوم العميل</b>\n\n"
        "يوم في كل أسبوع يلتقي فيه المدير العام المواطنين والمقيمين وجهاً لوجه. "
        "يُرجى اختيار ما ترغبون فيه، أو كتابة طلبكم مباشرة.",
        "book": "📅 حجز موعد في يوم العميل",
        "complaint": "تقديم شكوى",
        "suggestion": "تقديم مقترح",
        "requests": "متابعة طلباتي",
        "help": "المساعدة",
        "day": "يُرجى اختيار اليوم في <b>أمانة العاصمة</b>:",
        "days": "الأربعاء 12 نوفمبر|الأربعاء 19 نوفمبر",
        "booked": "✅ <b>تم تأكيد موعدكم</b>\n\nالأربعاء 12 نوفمبر، \u206609:15\u2069\n"
        "أمانة العاصمة، مكتب المدير العام\n"
        "الرقم المرجعي: <code>\u2066B-4M7K-9QX\u2069</code>",
        "taken": "تم الحجز",
        "where": "للوصول إلى مكان الشكوى، يُرجى مشاركة الموقع.",
        "share": "مشاركة الموقع",
        "skip": "تخطٍّ",
        "thanks": "تم استلام شكواكم، ورقمها \u2066C-7K3M-2QX\u2069. سيصلكم الرد خلال خمسة أيام عمل.",
        "place": "أمانة العاصمة",
        "address": "المنامة، شارع الحكومة",
    },
    "en": {
        "welcome": "<b>Welcome to Customer Day</b>\n\n"
        "One day a week, the Director General meets citizens and residents face to face. "
        "Choose what you need, or just write it.",
        "book": "📅 Book a Customer Day appointment",
        "complaint": "Submit a complaint",
        "suggestion": "Make a suggestion",
        "requests": "My requests",
        "help": "Help",
        "day": "Choose a day at <b>Capital Municipality</b>:",
        "days": "Wed 12 November|Wed 19 November",
        "booked": "✅ <b>Your appointment is confirmed</b>\n\nWednesday 12 November, 09:15\n"
        "Capital Municipality, Director General’s office\nReference: <code>B-4M7K-9QX</code>",
        "taken": "Booked",
        "where": "Where is it? Please share the location.",
        "share": "Share location",
        "skip": "Skip",
        "thanks": "We have your complaint, number C-7K3M-2QX. You will hear from us within five working days.",
        "place": "Capital Municipality",
        "address": "Manama, Government Avenue",
    },
}


class FakeBot:
    """Answers updates one at a time."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    async def prepare(self) -> None:
        await self.bot.set_my_name("يوم العميل", language_code="ar")
        await self.bot.set_my_description("احجزوا موعداً، أو قدّموا شكوى أو مقترحاً إلى بلديتكم.", language_code="ar")
        await self.bot.set_my_description("Book an appointment, complain or suggest: your municipality is listening.")
        for language, words in (("ar", WORDS["ar"]), ("", WORDS["en"])):
            commands = [BotCommand("book", words["book"]), BotCommand("complain", words["complaint"])]
            await self.bot.set_my_commands(commands, language_code=language)

    async def run(self) -> None:
        offset = 0
        while True:
            for update in await self.bot.get_updates(offset=offset, timeout=30):
                offset = update.update_id + 1
                await self.take(update)

    async def take(self, update: Update) -> None:
        if update.callback_query:
            await self.tapped(update.callback_query, _words(update))
        elif update.message and update.message.chat.type == "private":
            await self.said(update.message, _words(update))

    async def said(self, message: Message, words: dict[str, str]) -> None:
        text = message.text or ""
        if text.startswith("/start"):
            await message.reply_html(words["welcome"], reply_markup=_menu(words))
        elif text == "/complain":
            await self.ask_where(message, words)
        elif message.location or text == words["skip"]:
            await message.reply_text(words["thanks"], reply_markup=ReplyKeyboardRemove())
            await self.alert_staff(message)
        else:
            await message.reply_text(f"<{text}>" if text else "…", reply_to_message_id=message.message_id)

    async def ask_where(self, message: Message, words: dict[str, str]) -> None:
        rows = [[KeyboardButton(words["share"], request_location=True)], [KeyboardButton(words["skip"])]]
        await message.reply_text(words["where"], reply_markup=ReplyKeyboardMarkup(rows, resize_keyboard=True))

    async def alert_staff(self, message: Message) -> None:
        rows = [[InlineKeyboardButton("استلام المهمة", callback_data="claim")]]
        rows += [
            [InlineKeyboardButton("طلب معلومات", callback_data="ask"), InlineKeyboardButton("إحالة", callback_data="x")]
        ]
        await self.bot.send_photo(
            CAPITAL,
            samples.photo(),
            "🗑 <b>شكوى</b> · النظافة العامة · مجمع 310\n\n<blockquote>الحاوية ممتلئة منذ ثلاثة أيام.</blockquote>\n"
            "<code>\u2066C-7K3M-2QX\u2069</code> · خلال 5 أيام عمل",
            parse_mode="HTML",
            reply_markup=InlineKeyboardMarkup(rows),
        )

    async def tapped(self, query: CallbackQuery, words: dict[str, str]) -> None:
        message = query.message
        assert isinstance(message, Message)
        if query.data == "book":
            await query.answer()
            rows = [[InlineKeyboardButton(day, callback_data="day")] for day in words["days"].split("|")]
            await message.edit_text(words["day"], parse_mode="HTML", reply_markup=InlineKeyboardMarkup(rows))
        elif query.data == "day":
            await query.answer(words["taken"])
            await message.edit_text(words["booked"], parse_mode="HTML")
            await message.reply_venue(26.2285, 50.5812, words["place"], words["address"])
            await message.reply_document(b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n" * 12, filename="customer-day.ics")
        elif query.data == "complaint":
            await query.answer()
            await self.ask_where(message, words)
        elif query.data == "claim":
            await query.answer()
            await message.edit_caption(f"{message.caption_html}\n\n👤 {query.from_user.full_name}", parse_mode="HTML")
        else:
            await query.answer(words["help"], show_alert=True)


def _words(update: Update) -> dict[str, str]:
    language = (update.effective_user.language_code or "en") if update.effective_user else "en"
    return WORDS["ar" if language.startswith("ar") else "en"]


def _menu(words: dict[str, str]) -> InlineKeyboardMarkup:
    pairs = (("complaint", "suggestion"), ("requests", "help"))
    rows = [[InlineKeyboardButton(words["book"], callback_data="book")]]
    for pair in pairs:
        ordered = reversed(pair) if words is WORDS["ar"] else pair
        rows.append([InlineKeyboardButton(words[key], callback_data=key) for key in ordered])
    return InlineKeyboardMarkup(rows)


@asynccontextmanager
async def answering(sandbox: Sandbox) -> AsyncIterator[FakeBot]:
    """The fake bot, polling `sandbox` until the block ends."""
    async with ptb(sandbox) as client:
        fake = FakeBot(client)
        await fake.prepare()
        task = asyncio.create_task(fake.run())
        try:
            yield fake
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

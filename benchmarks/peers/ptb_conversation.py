"""python-telegram-bot's ConversationHandler, serial as it is by default, without persistence."""

import sys
from collections.abc import Sequence
from html import escape

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    Update,
)
from telegram.ext import (
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    Defaults,
    MessageHandler,
    filters,
)

from benchmarks.peers import complaint as told

api, port, secret = sys.argv[1], int(sys.argv[2]), sys.argv[3]
OFFICE, CATEGORY, WORDS, PLACE, NAME, REVIEW = range(6)
Context = ContextTypes.DEFAULT_TYPE


def buttons(rows: Sequence[Sequence[str]]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=label) for label in row] for row in rows])


# ---------------------------------------------------------------------------- a form of five messages


def step(number: int):
    async def handle(update: Update, context: Context) -> int:
        context.user_data[str(number)] = update.message.text
        await update.message.reply_text(f"step {number}", reply_markup=buttons((("a", "b"),)))
        return number if number < 5 else ConversationHandler.END

    return handle


# ---------------------------------------------------------------------------- a complaint


async def begin(update: Update, _: Context) -> int:
    await update.message.reply_text(told.WELCOME)
    await update.message.reply_text(told.WHICH_OFFICE, reply_markup=buttons(told.OFFICES))
    return OFFICE


async def office(update: Update, context: Context) -> int:
    tap = update.callback_query
    await tap.answer()
    context.user_data["office"] = tap.data
    text = told.WHICH_CATEGORY.format(office=escape(tap.data))
    await tap.edit_message_text(text, reply_markup=buttons(told.CATEGORIES))
    return CATEGORY


async def category(update: Update, context: Context) -> int:
    tap = update.callback_query
    await tap.answer()
    context.user_data["category"] = tap.data
    context.user_data["question"] = tap.message.message_id
    await tap.edit_message_text(told.WHAT, reply_markup=buttons(told.BACK))
    return WORDS


async def words(update: Update, context: Context) -> int:
    context.user_data["words"] = update.message.text
    await context.bot.edit_message_reply_markup(update.effective_chat.id, context.user_data["question"])
    back = [KeyboardButton(label) for label in told.BACK[0]]
    keyboard = [[KeyboardButton(told.SHARE, request_location=True)], back]
    share = ReplyKeyboardMarkup(keyboard, resize_keyboard=True, one_time_keyboard=True)
    await update.message.reply_text(told.WHERE, reply_markup=share)
    return PLACE


async def place(update: Update, context: Context) -> int:
    context.user_data["place"] = update.message.text
    known = told.PLACE.format(place=escape(update.message.text))
    await update.message.reply_text(known, reply_markup=ReplyKeyboardRemove())
    said = {key: escape(str(value)) for key, value in context.user_data.items()}
    await update.message.reply_text(told.WHO.format(**said), reply_markup=buttons(told.NAMES))
    return NAME


async def name(update: Update, context: Context) -> int:
    tap = update.callback_query
    await tap.answer()
    context.user_data["who"] = tap.data
    said = {key: escape(str(value)) for key, value in context.user_data.items()}
    await tap.edit_message_text(told.SUMMARY.format(**said), reply_markup=buttons(told.REVIEW))
    return REVIEW


async def review(update: Update, context: Context) -> int:
    tap = update.callback_query
    await tap.answer()
    received = told.RECEIVED.format(reference=f"C-{tap.from_user.id}", office=escape(context.user_data["office"]))
    context.user_data.clear()
    await tap.edit_message_text(received, reply_markup=buttons(told.DONE))
    return ConversationHandler.END


application = (
    ApplicationBuilder()
    .token("1:a")
    .base_url(api + "/bot")
    .defaults(Defaults(parse_mode="HTML"))
    .connection_pool_size(256)
    .pool_timeout(30)
    .build()
)
form = {number: [MessageHandler(filters.TEXT, step(number + 1))] for number in range(1, 5)}
states = {
    OFFICE: [CallbackQueryHandler(office)],
    CATEGORY: [CallbackQueryHandler(category)],
    WORDS: [MessageHandler(filters.TEXT, words)],
    PLACE: [MessageHandler(filters.TEXT, place)],
    NAME: [CallbackQueryHandler(name)],
    REVIEW: [CallbackQueryHandler(review)],
}
application.add_handler(ConversationHandler([CommandHandler("start", step(1))], form, []))
application.add_handler(ConversationHandler([CommandHandler("complain", begin)], states, []), 1)
application.run_webhook(
    "127.0.0.1",
    port,
    url_path="telegram",
    webhook_url="https://bot.example.org/telegram",
    secret_token=secret,
    bootstrap_retries=50,
)

"""python-telegram-bot's ConversationHandler, serial as it is by default, without persistence."""

import sys

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    ApplicationBuilder,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    filters,
)

api, port, secret = sys.argv[1], int(sys.argv[2]), sys.argv[3]
buttons = InlineKeyboardMarkup([[InlineKeyboardButton(text, callback_data=text) for text in ("a", "b")]])


def step(number: int):
    async def handle(update: Update, context: ContextTypes.DEFAULT_TYPE) -> int:
        context.user_data[str(number)] = update.message.text
        await update.message.reply_text(f"step {number}", reply_markup=buttons)
        return number if number < 5 else ConversationHandler.END

    return handle


application = (
    ApplicationBuilder().token("1:a").base_url(api + "/bot").connection_pool_size(256).pool_timeout(30).build()
)
states = {number: [MessageHandler(filters.TEXT, step(number + 1))] for number in range(1, 5)}
application.add_handler(ConversationHandler([CommandHandler("start", step(1))], states, []))
application.run_webhook(
    "127.0.0.1",
    port,
    url_path="telegram",
    webhook_url="https://bot.example.org/telegram",
    secret_token=secret,
    bootstrap_retries=50,
)

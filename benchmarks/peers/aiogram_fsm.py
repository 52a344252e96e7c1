"""Aiogram's finite state machine with its in-memory storage, on aiohttp: nothing survives a restart."""

import sys

from aiogram import Bot, Dispatcher, types
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.fsm.context import FSMContext
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web

api, port, secret = sys.argv[1], int(sys.argv[2]), sys.argv[3]
bot = Bot("1:a", session=AiohttpSession(api=TelegramAPIServer.from_base(api), limit=256))
dispatcher = Dispatcher(storage=MemoryStorage())
buttons = types.InlineKeyboardMarkup(
    inline_keyboard=[[types.InlineKeyboardButton(text=text, callback_data=text) for text in ("a", "b")]]
)


@dispatcher.message()
async def step(message: types.Message, state: FSMContext) -> None:
    data = await state.get_data()
    number = data.get("number", 0) + 1
    await state.update_data(number=number, **{f"answer{number}": message.text})
    await state.set_state(f"step{number}")
    await message.answer(f"step {number}", reply_markup=buttons)


app = web.Application()
SimpleRequestHandler(dispatcher, bot, secret_token=secret).register(app, "/telegram")
setup_application(app, dispatcher, bot=bot)
web.run_app(app, host="127.0.0.1", port=port, print=None, access_log=None)

"""Aiogram's finite state machine with its in-memory storage, on aiohttp: nothing survives a restart."""

import sys
from collections.abc import Sequence
from html import escape

from aiogram import Bot, Dispatcher, F, types
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import Command, StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.memory import MemoryStorage
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web

from benchmarks.peers import complaint as told

api, port, secret = sys.argv[1], int(sys.argv[2]), sys.argv[3]
bot = Bot(
    "1:a",
    session=AiohttpSession(api=TelegramAPIServer.from_base(api), limit=256),
    default=DefaultBotProperties(parse_mode="HTML"),
)
dispatcher = Dispatcher(storage=MemoryStorage())


class Complaint(StatesGroup):
    office = State()
    category = State()
    words = State()
    place = State()
    name = State()
    review = State()


def buttons(rows: Sequence[Sequence[str]]) -> types.InlineKeyboardMarkup:
    keyboard = [[types.InlineKeyboardButton(text=label, callback_data=label) for label in row] for row in rows]
    return types.InlineKeyboardMarkup(inline_keyboard=keyboard)


# ---------------------------------------------------------------------------- a form of five messages


@dispatcher.message(StateFilter(None), ~Command("complain"))
@dispatcher.message(StateFilter("step1", "step2", "step3", "step4"))
async def step(message: types.Message, state: FSMContext) -> None:
    data = await state.get_data()
    number = data.get("number", 0) + 1
    await state.update_data(number=number, **{f"answer{number}": message.text})
    await state.set_state(f"step{number}")
    await message.answer(f"step {number}", reply_markup=buttons((("a", "b"),)))


# ---------------------------------------------------------------------------- a complaint


@dispatcher.message(Command("complain"))
async def begin(message: types.Message, state: FSMContext) -> None:
    await state.set_state(Complaint.office)
    await message.answer(told.WELCOME)
    await message.answer(told.WHICH_OFFICE, reply_markup=buttons(told.OFFICES))


@dispatcher.callback_query(Complaint.office)
async def office(tap: types.CallbackQuery, state: FSMContext) -> None:
    await tap.answer()
    await state.update_data(office=tap.data)
    await state.set_state(Complaint.category)
    await tap.message.edit_text(
        told.WHICH_CATEGORY.format(office=escape(tap.data)), reply_markup=buttons(told.CATEGORIES)
    )


@dispatcher.callback_query(Complaint.category)
async def category(tap: types.CallbackQuery, state: FSMContext) -> None:
    await tap.answer()
    await state.update_data(category=tap.data)
    await state.set_state(Complaint.words)
    await state.update_data(question=tap.message.message_id)
    await tap.message.edit_text(told.WHAT, reply_markup=buttons(told.BACK))


@dispatcher.message(Complaint.words, F.text)
async def words(message: types.Message, state: FSMContext) -> None:
    data = await state.update_data(words=message.text)
    await state.set_state(Complaint.place)
    await bot.edit_message_reply_markup(chat_id=message.chat.id, message_id=data["question"])
    share = types.KeyboardButton(text=told.SHARE, request_location=True)
    back = [types.KeyboardButton(text=label) for label in told.BACK[0]]
    keyboard = types.ReplyKeyboardMarkup(keyboard=[[share], back], resize_keyboard=True, one_time_keyboard=True)
    await message.answer(told.WHERE, reply_markup=keyboard)


@dispatcher.message(Complaint.place, F.text)
async def place(message: types.Message, state: FSMContext) -> None:
    data = await state.update_data(place=message.text)
    await state.set_state(Complaint.name)
    await message.answer(told.PLACE.format(place=escape(message.text)), reply_markup=types.ReplyKeyboardRemove())
    said = {key: escape(str(value)) for key, value in data.items()}
    await message.answer(told.WHO.format(**said), reply_markup=buttons(told.NAMES))


@dispatcher.callback_query(Complaint.name)
async def name(tap: types.CallbackQuery, state: FSMContext) -> None:
    await tap.answer()
    data = await state.update_data(who=tap.data)
    await state.set_state(Complaint.review)
    said = {key: escape(str(value)) for key, value in data.items()}
    await tap.message.edit_text(told.SUMMARY.format(**said), reply_markup=buttons(told.REVIEW))


@dispatcher.callback_query(Complaint.review)
async def review(tap: types.CallbackQuery, state: FSMContext) -> None:
    await tap.answer()
    data = await state.get_data()
    await state.clear()
    received = told.RECEIVED.format(reference=f"C-{tap.from_user.id}", office=escape(data["office"]))
    await tap.message.edit_text(received, reply_markup=buttons(told.DONE))


app = web.Application()
SimpleRequestHandler(dispatcher, bot, secret_token=secret).register(app, "/telegram")
setup_application(app, dispatcher, bot=bot)
web.run_app(app, host="127.0.0.1", port=port, print=None, access_log=None)

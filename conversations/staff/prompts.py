"""The one way in which the desk asks a member to write: their app opens a reply to the message by itself.

An app that does not still lets them reply, and what they write without replying is not lost either (`unreplied`).
"""

from __future__ import annotations

from markupsafe import Markup

from conversations.engine.messages import Outgoing
from conversations.engine.step import OutboundMessage
from conversations.staff.context import StaffContext
from locales import clean
from locales.bidi import shorten
from services.actors import Subject
from services.staff import prompts
from services.staff.prompts import StaffPrompt, WordsFor

_NAME = 60  # characters


def named(context: StaffContext) -> Markup:
    """The member's name. In a group it is a mention: whoever is mentioned is whose app opens the reply."""
    name = shorten(clean(context.person.name), _NAME)
    mention = context.links.channel.mention(context.person.address, name) if context.said.group else None
    return mention or context.t.own(name)


async def ask(context: StaffContext, words_for: WordsFor, subject: Subject, text: Markup, hint: str) -> None:
    """Ask for words in a message of its own; `hint` stands in the field in which they are typed."""
    prompt = await expect(context, words_for, subject)
    context.say(
        text,
        subject=subject,
        reply_to=context.said.message,
        reply_hint=hint,
        supersedes=prompts.prompt_group(prompt.mark),
    )


async def expect(context: StaffContext, words_for: WordsFor, subject: Subject) -> StaffPrompt:
    """Words may be typed, though a message with buttons asks: its buttons are the shorter way."""
    await close(context)
    said = context.said
    return prompts.open_one(context.work, context.person, said.chat, said.topic, words_for, subject)


async def close(context: StaffContext, about: Subject | None = None) -> None:
    """Ask for nothing any more (where `about` says so, only for nothing about that): the words came, or are not wanted.

    The prompt stays in the chat where they replied to it. Anywhere else it goes, or apps would go on asking.
    """
    said = context.said
    closed = await prompts.close(context.work, context.person, said.chat, about)
    if closed is None:
        return
    for message in (closed.message, closed.offer):
        if message is not None and message != said.reply_to:
            context.out.append(OutboundMessage(Outgoing(delete=message), closed.subject))

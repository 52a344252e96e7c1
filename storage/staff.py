"""Who works at the desks: rights, invitations, chats, and what each member is in the middle of."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from storage.columns import columns_of, upsert_into
from storage.database import Dialect, Transaction
from storage.ids import CaseId, ChatId, MessageId, OfficeId
from storage.records.cases import CaseEvent
from storage.records.staff import Role, StaffChat, StaffInvite, StaffRole, StaffTalk

# ---------------------------------------------------------------------------- rights


async def roles_of(tx: Transaction, channel: str, address: str) -> list[StaffRole]:
    """The live rights of one person."""
    sql = "SELECT * FROM staff_roles WHERE channel = :channel AND address = :address AND revoked_at IS NULL ORDER BY id"
    return [StaffRole.of(row) for row in await tx.all(sql, channel=channel, address=address)]


async def roles_at(tx: Transaction, office: OfficeId) -> list[StaffRole]:
    """All live rights at an office, those over every office too, in the order they were given."""
    sql = "SELECT * FROM staff_roles WHERE (office = :office OR office = '') AND revoked_at IS NULL ORDER BY id"
    return [StaffRole.of(row) for row in await tx.all(sql, office=office)]


async def people(tx: Transaction, channel: str) -> list[str]:
    """The addresses of all who have a right somewhere."""
    sql = "SELECT DISTINCT address FROM staff_roles WHERE channel = :channel AND revoked_at IS NULL ORDER BY address"
    return [str(row["address"]) for row in await tx.all(sql, channel=channel)]


async def names(tx: Transaction, channel: str) -> dict[str, str]:
    """The name of everybody who ever acted as staff, by address."""
    rows = await tx.all("SELECT address, name FROM staff_names WHERE channel = :channel", channel=channel)
    return {str(row["address"]): str(row["name"]) for row in rows}


async def grant(
    tx: Transaction,
    *,
    channel: str,
    address: str,
    name: str,
    office: OfficeId,
    role: Role,
    granted_by: str,
    at: datetime,
) -> bool:
    """Give a right; False where they had it."""
    changed = await tx.run(
        """
        INSERT INTO staff_roles (channel, address, name, office, role, granted_by, granted_at)
        VALUES (:channel, :address, :name, :office, :role, :granted_by, :at)
        ON CONFLICT (channel, address, office, role) WHERE revoked_at IS NULL DO NOTHING
        """,
        channel=channel,
        address=address,
        name=name,
        office=office,
        role=role.value,
        granted_by=granted_by,
        at=at,
    )
    return changed == 1


async def revoke(
    tx: Transaction, channel: str, address: str, office: OfficeId, role: Role | None, at: datetime
) -> list[StaffRole]:
    """Take one right at an office, or (None) all they have there; what was taken."""
    rows = await tx.all(
        """
        UPDATE staff_roles SET revoked_at = :at
        WHERE channel = :channel AND address = :address AND office = :office AND revoked_at IS NULL
            AND (CAST(:role AS TEXT) = '' OR role = CAST(:role AS TEXT))
        RETURNING *
        """,
        channel=channel,
        address=address,
        office=office,
        role="" if role is None else role.value,
        at=at,
    )
    return [StaffRole.of(row) for row in rows]


def rename(tx: Transaction, channel: str, address: str, name: str) -> None:
    """They call themselves so now."""
    tx.later(
        """
        INSERT INTO staff_names (channel, address, name) VALUES (:channel, :address, :name)
        ON CONFLICT (channel, address) DO UPDATE SET name = excluded.name WHERE staff_names.name <> excluded.name
        """,
        channel=channel,
        address=address,
        name=name,
    )


# ---------------------------------------------------------------------------- invitations


def add_invite(
    tx: Transaction, code: str, office: OfficeId, role: Role, made_by: str, made_at: datetime, expires_at: datetime
) -> None:
    tx.later(
        """
        INSERT INTO staff_invites (code, office, role, made_by, made_at, expires_at)
        VALUES (:code, :office, :role, :made_by, :made_at, :expires_at)
        """,
        code=code,
        office=office,
        role=role.value,
        made_by=made_by,
        made_at=made_at,
        expires_at=expires_at,
    )


async def invite(tx: Transaction, code: str) -> StaffInvite | None:
    return StaffInvite.maybe(await tx.one("SELECT * FROM staff_invites WHERE code = :code", code=code))


async def use_invite(tx: Transaction, code: str, used_by: str, at: datetime) -> bool:
    """Take an invitation; False where somebody has."""
    sql = "UPDATE staff_invites SET used_by = :used_by, used_at = :at WHERE code = :code AND used_by = ''"
    return await tx.run(sql, code=code, used_by=used_by, at=at) == 1


# ---------------------------------------------------------------------------- chats


async def chat_of(tx: Transaction, office: OfficeId) -> StaffChat | None:
    """The chat that was linked to an office."""
    return StaffChat.maybe(await tx.one("SELECT * FROM staff_chats WHERE office = :office", office=office))


async def chats(tx: Transaction) -> list[StaffChat]:
    """Every chat that was linked."""
    return [StaffChat.of(row) for row in await tx.all("SELECT * FROM staff_chats ORDER BY office")]


async def moved_to(tx: Transaction, channel: str, chat: ChatId) -> ChatId:
    """A group's present address: its own, or where it moved."""
    row = await tx.one(
        "SELECT new FROM moved_chats WHERE channel = :channel AND old = :chat", channel=channel, chat=chat
    )
    return chat if row is None else ChatId(str(row["new"]))


_LINK_CHAT = upsert_into("staff_chats", (*columns_of(StaffChat), "linked_by", "linked_at"), key=("office",))


def link_chat(tx: Transaction, chat: StaffChat, linked_by: str, at: datetime) -> None:
    """Make it the office's chat from now on."""
    tx.later(
        _LINK_CHAT,
        **chat.model_dump(),
        linked_by=linked_by,
        linked_at=at,
    )


async def unlink_chat(tx: Transaction, office: OfficeId) -> bool:
    return await tx.run("DELETE FROM staff_chats WHERE office = :office", office=office) == 1


def move_chat(tx: Transaction, channel: str, old: ChatId, new: ChatId) -> None:
    """A group has a new address. Its old messages cannot be edited there, so cards are shown anew."""
    for sql in (
        "UPDATE staff_chats SET chat = :new WHERE channel = :channel AND chat = :old",
        "UPDATE cards SET chat = :new, message = NULL WHERE channel = :channel AND chat = :old",
        "DELETE FROM staff_messages WHERE channel = :channel AND chat = :old AND chat <> :new",
        "DELETE FROM staff_conversations WHERE channel = :channel AND chat = :old AND chat <> :new",
        "DELETE FROM staff_searches WHERE channel = :channel AND chat = :old AND chat <> :new",
        "DELETE FROM staff_prompts WHERE channel = :channel AND chat = :old AND chat <> :new",
        """
        INSERT INTO command_lists (channel, address, chat, not_before)
        SELECT channel, address, :new, not_before FROM command_lists WHERE channel = :channel AND chat = :old
        ON CONFLICT (channel, address, chat) DO NOTHING
        """,
        "DELETE FROM command_lists WHERE channel = :channel AND chat = :old AND chat <> :new",
    ):
        tx.later(sql, channel=channel, old=old, new=new)


# ---------------------------------------------------------------------------- what a member is in the middle of


async def talk(tx: Transaction, channel: str, chat: ChatId, address: str) -> StaffTalk | None:
    """One at a time until the commit: of two taps on one button one finds it, and an album's parts find each other."""
    if tx.dialect is Dialect.POSTGRES:  # also where there is no row yet to be locked
        await tx.one("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))", key=f"talk {channel} {chat} {address}")
    sql = "SELECT * FROM staff_conversations WHERE channel = :channel AND chat = :chat AND address = :address"
    return StaffTalk.maybe(await tx.one(sql, channel=channel, chat=chat, address=address))


async def talks_in(tx: Transaction, channel: str, chat: ChatId) -> list[tuple[str, StaffTalk]]:
    """What each member (by address) is in the middle of in a chat."""
    sql = "SELECT * FROM staff_conversations WHERE channel = :channel AND chat = :chat ORDER BY address"
    return [(str(row["address"]), StaffTalk.of(row)) for row in await tx.all(sql, channel=channel, chat=chat)]


def put_talk(tx: Transaction, channel: str, chat: ChatId, address: str, state: str, at: datetime) -> None:
    tx.later(
        """
        INSERT INTO staff_conversations (channel, chat, address, state, updated_at)
        VALUES (:channel, :chat, :address, :state, :at)
        ON CONFLICT (channel, chat, address) DO UPDATE SET state = excluded.state, updated_at = excluded.updated_at
        """,
        channel=channel,
        chat=chat,
        address=address,
        state=state,
        at=at,
    )


def drop_talk(tx: Transaction, channel: str, chat: ChatId, address: str) -> None:
    tx.later(
        "DELETE FROM staff_conversations WHERE channel = :channel AND chat = :chat AND address = :address",
        channel=channel,
        chat=chat,
        address=address,
    )


def keep_search(tx: Transaction, channel: str, chat: ChatId, mark: str, words: str, at: datetime) -> None:
    """Keep what a message searched for. `mark` is what the buttons of the answer call that message by."""
    tx.later(
        """
        INSERT INTO staff_searches (channel, chat, message, words, asked_at)
        VALUES (:channel, :chat, :message, :words, :at)
        ON CONFLICT (channel, chat, message) DO UPDATE SET words = excluded.words, asked_at = excluded.asked_at
        """,
        channel=channel,
        chat=chat,
        message=mark,
        words=words,
        at=at,
    )


async def searched(tx: Transaction, channel: str, chat: ChatId, mark: str) -> str | None:
    """What a message searched for; None where that is not kept any more."""
    sql = "SELECT words FROM staff_searches WHERE channel = :channel AND chat = :chat AND message = :message"
    row = await tx.one(sql, channel=channel, chat=chat, message=mark)
    return None if row is None else str(row["words"])


# ---------------------------------------------------------------------------- which message said what


@dataclass(frozen=True, slots=True)
class Part:
    """Which line of an album's words is whose: an item's place among the others, and how long its caption is."""

    message: MessageId
    number: int
    length: int


def remember_words(
    tx: Transaction, channel: str, chat: ChatId, message: MessageId, event: int, part: Part | None = None
) -> None:
    """Keep that a message became a question, a reply or a note, or which part of it."""
    tx.later(
        """
        INSERT INTO staff_messages (channel, chat, message, event_id, part, length)
        VALUES (:channel, :chat, :message, :event, :part, :length)
        ON CONFLICT (channel, chat, message)
        DO UPDATE SET event_id = excluded.event_id, part = excluded.part, length = excluded.length
        """,
        channel=channel,
        chat=chat,
        message=message,
        event=event,
        part=None if part is None else part.number,
        length=None if part is None else part.length,
    )


async def parts_of(tx: Transaction, event: int) -> list[Part]:
    """The items of the album that became an event's words, in their order."""
    rows = await tx.all(
        """
        SELECT message, part, length FROM staff_messages WHERE event_id = :event AND part IS NOT NULL
        ORDER BY part, message
        """,
        event=event,
    )
    return [Part(MessageId(str(row["message"])), int(str(row["part"])), int(str(row["length"]))) for row in rows]


async def event_of(tx: Transaction, channel: str, chat: ChatId, message: MessageId) -> CaseEvent | None:
    """What a member's message became."""
    row = await tx.one(
        """
        SELECT e.* FROM staff_messages w JOIN case_events e ON e.id = w.event_id
        WHERE w.channel = :channel AND w.chat = :chat AND w.message = :message
        """,
        channel=channel,
        chat=chat,
        message=message,
    )
    return CaseEvent.maybe(row)


async def messages_of(tx: Transaction, event: int) -> int:
    """How many messages became these words, the preview that was sent from among them."""
    row = await tx.one("SELECT count(*) AS n FROM staff_messages WHERE event_id = :event", event=event)
    return int(str(row["n"])) if row is not None else 0


async def last_words(tx: Transaction, case: CaseId, actor: str) -> CaseEvent | None:
    """The newest of a member's words in a case that they have not taken back."""
    row = await tx.one(
        """
        SELECT * FROM case_events e WHERE case_id = :id AND actor = :actor
            AND what IN ('asked', 'replied', 'noted', 'resolved', 'rejected') AND substr(detail, 1, 7) <> 'undoes:'
            AND NOT EXISTS (SELECT 1 FROM case_events u WHERE u.case_id = :id AND u.detail = 'undoes:' || e.id)
        ORDER BY id DESC LIMIT 1
        """,
        id=case,
        actor=actor,
    )
    return CaseEvent.maybe(row)


async def last_words_in(tx: Transaction, channel: str, chat: ChatId, actor: str) -> CaseEvent | None:
    """The newest of a member's words in a chat that they have not taken back."""
    row = await tx.one(
        """
        SELECT e.* FROM staff_messages w JOIN case_events e ON e.id = w.event_id
        WHERE w.channel = :channel AND w.chat = :chat AND e.actor = :actor
            AND NOT EXISTS (
                SELECT 1 FROM case_events u WHERE u.case_id = e.case_id AND u.detail = 'undoes:' || e.id
            )
        ORDER BY e.id DESC LIMIT 1
        """,
        channel=channel,
        chat=chat,
        actor=actor,
    )
    return CaseEvent.maybe(row)


def keep_text(tx: Transaction, event: int, language: str, words: str) -> None:
    """What an event says in a language."""
    tx.later(
        "INSERT INTO event_texts (event_id, language, words) VALUES (:event, :language, :words)",
        event=event,
        language=language,
        words=words,
    )


async def texts_of(tx: Transaction, events: Collection[int], language: str) -> dict[int, str]:
    """By event: what it says in a language, where it was written in that one beside the one its row holds."""
    if not events:
        return {}
    rows = await tx.all(
        "SELECT event_id, words FROM event_texts WHERE language = :language AND event_id BETWEEN :first AND :last",
        language=language,
        first=min(events),
        last=max(events),
    )
    found = {int(str(row["event_id"])): str(row["words"]) for row in rows}
    return {event: found[event] for event in events if event in found}


def hide_event(tx: Transaction, event: int) -> None:
    """It was taken back before anybody was told: it is staff's alone."""
    tx.later("UPDATE case_events SET public = FALSE WHERE id = :id", id=event)


async def drop_unsent(tx: Transaction, keys: Collection[str]) -> bool:
    """Drop the notices with these keys where none of them was sent yet; whether that was so."""
    sql = "SELECT status FROM outbox WHERE key = :key"
    if tx.dialect is Dialect.POSTGRES:
        sql += " FOR NO KEY UPDATE"
    found = [await tx.one(sql, key=key) for key in keys]
    if any(row is not None and row["status"] not in {"pending", "dropped", "unreachable"} for row in found):
        return False
    for key in keys:
        tx.later("UPDATE outbox SET status = 'dropped' WHERE key = :key AND status = 'pending'", key=key)
    return True


def move_files(tx: Transaction, source: int, target: int) -> None:
    """What came with one event came with another."""
    tx.later("UPDATE case_files SET event_id = :target WHERE event_id = :source", source=source, target=target)

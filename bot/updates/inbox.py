"""An update is one transaction: seen, understood, answered, all committed together or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from bot import logs
from bot.context import AppContext
from bot.delivery.enqueue import Recipient, enqueue
from bot.metrics import Metrics
from bot.updates.apology import ask_again, handled_late, may_have_missed, missed
from bot.updates.throttle import GroupRateLimiter, Heard, ask_to_wait
from conversations.engine import engine
from conversations.engine.engine import ALBUM_QUIET, Conversation
from conversations.engine.form import FormStep
from conversations.engine.messages import Incoming, Kind, Outgoing, TapAnswer
from conversations.engine.step import OutboundMessage, Responder, Turn, localizer_of
from conversations.home.reactions import reacted
from conversations.staff.group_chat import in_group
from conversations.staff.private_chat import in_private
from locales import language_of
from services.notify.reply_subject import replied_subject
from services.privacy import consent
from services.residents import renamed
from services.staff import command_lists as staff_command_lists
from services.staff import permissions
from services.unit_of_work import Work
from storage import outbox, residents, updates
from storage import staff as staff_rows
from storage.database import Transaction, is_passing
from storage.ids import UpdateId
from storage.records.residents import ConversationRow, Resident
from storage.residents import Arrival

TRIES = 3  # of an update that fails, before it is a dead letter
_HANDLED, _IGNORED = "handled", "ignored"
# Somebody waits for an answer to these.
_SENT = frozenset({Kind.TEXT, Kind.COMMAND, Kind.CHOICE, Kind.MEDIA, Kind.LOCATION, Kind.CONTACT})
_SEEN_EVERY = timedelta(hours=1)  # how exactly the last visit is known


@dataclass(frozen=True, slots=True)
class OutboundPorts:
    """The ways out of a committed transaction: there are messages to send; a tap is to be answered."""

    wake: Callable[[], None]
    answer: Callable[[str, TapAnswer], None]  # channel, answer
    split: Callable[[str, Outgoing], tuple[Outgoing, ...]]  # channel, message → one part for each call


class Inbox:
    """Where the channels hand in what people did."""

    def __init__(
        self,
        context: AppContext,
        ports: OutboundPorts,
        metrics: Metrics | None = None,
        fetch: Callable[[], None] = lambda: None,
    ) -> None:
        self._context = context
        self._ports = ports
        self._metrics = metrics or Metrics()
        self._fetch = fetch  # files were sent and wait to be fetched
        self._group_limiter = GroupRateLimiter(context.pace)
        self._failed: dict[
            tuple[str, UpdateId], Incoming
        ] = {}  # by channel and update, until `count_failure` is told of it

    async def receive(self, said: Incoming, raw: bytes = b"") -> None:
        """Handle an update; it is committed when this returns. Raises where it could not be handled."""
        del raw  # whoever keeps a dead letter needs it
        with self._metrics.update_seconds.time():
            try:
                outcome = await self._context.attempt(lambda work: self._handle(work, said))
            except Exception:
                self._failed[said.channel, said.update_id] = said
                raise
        self._metrics.updates.labels(said.channel, outcome).inc()

    async def count_failure(self, channel: str, update_id: UpdateId, raw: bytes, error: BaseException) -> bool:
        """Count a failed try of an update; True once it is set aside and must not be delivered again.

        Where the machine was at fault nothing is counted: the update is as good as any, and comes again. Whoever sent
        one that is set aside is asked to send it again.
        """
        said = self._failed.pop((channel, update_id), None)
        if is_passing(error):
            self._metrics.updates.labels(channel, "failed").inc()
            return False
        async with self._context.begin() as work:
            text = raw.decode(errors="replace")
            why = _reason(error, words=said is None or not said.group)  # a group's talk is kept nowhere
            dead = await updates.failed(work.tx, channel, update_id, text, why, TRIES, work.now)
            if dead and said is not None and _is_awaiting(said):
                await self._tell(work, said, ask_again)
        self._metrics.updates.labels(channel, "dead" if dead else "failed").inc()
        return dead

    async def replay(self, channel: str, update_id: UpdateId, said: Incoming | None) -> None:
        """Handle an update that was set aside and given back; it is committed, and gone, when this returns.

        Nothing is done of one that is not there any more (another worker has taken it, it was discarded, its sender
        asked to be forgotten), or that concerns nobody (None). Raises where it could not be handled.
        """
        with self._metrics.update_seconds.time():
            outcome = await self._context.attempt(lambda work: self._handle_again(work, channel, update_id, said))
        self._metrics.updates.labels(channel, outcome).inc()

    async def count_failed_replay(self, channel: str, update_id: UpdateId, error: BaseException) -> bool:
        """Leave one that failed once more set aside; False where the machine was at fault: it is to be tried again."""
        self._metrics.updates.labels(channel, "failed").inc()
        if is_passing(error):
            return False
        async with self._context.database.transaction() as tx:
            updates.failed_again(tx, channel, update_id, _reason(error))
        return True

    async def _handle_again(self, work: Work, channel: str, update_id: UpdateId, said: Incoming | None) -> str:
        if said is not None:
            # First the resident, then the row, as erasure does: in the other order each would wait for the other.
            await residents.lock(work.tx, channel, said.sender.address)
        dead_letters = await updates.take_for_replay(work.tx, channel, update_id)
        if dead_letters is None or said is None or await updates.seen(work.tx, channel, update_id):
            return _IGNORED
        if _is_awaiting(said) and said.kind is not Kind.CHOICE and not said.album:
            # They were asked to send it again, so a late answer has to say what it answers.
            await self._tell(work, said, partial(handled_late, since=dead_letters.first_at))
        return await self._handle(work, said)

    async def _tell(self, work: Work, said: Incoming, what: Callable[[Responder], None]) -> None:
        """Say something about an update, in the language whoever sent it has chosen."""
        arrival = await residents.arrive(work.tx, said.channel, said.sender.address, said.update_id)
        resident = None if arrival is None else arrival.resident
        catalogues = self._context.catalogues
        t = catalogues.localizer(language_of(said.sender.language))
        responder = Responder(
            work=work, links=self._context.links, t=t if resident is None else localizer_of(catalogues, resident)
        )
        what(responder)
        # Not as an answer to its album: what was said of the photos that were read still holds.
        self._owe(work.tx, said.model_copy(update={"album": "", "files": ()}), responder.out, work.now, resident)

    async def _handle(self, work: Work, said: Incoming) -> str:
        """What became of it, for the metrics."""
        tx = work.tx
        if said.group:
            await self._handle_group(work, said)
            return _HANDLED
        if said.kind is Kind.REACTION and await residents.id_of(tx, said.channel, said.sender.address) is None:
            return _IGNORED  # nobody whom we ever told anything
        arrival = await self._arrive(work, said)
        if arrival.seen:
            self._answer(tx, said, "")
            return _HANDLED
        resident, row = arrival.resident, arrival.conversation
        updates.mark_seen(tx, said.channel, said.update_id, work.now)
        if said.kind in {Kind.BLOCKED, Kind.UNBLOCKED}:
            residents.save(tx, resident.model_copy(update={"reachable": said.kind is Kind.UNBLOCKED}))
            if said.kind is Kind.UNBLOCKED:
                staff_command_lists.again(work, said.channel, said.sender.address)
            return _HANDLED
        heard = self._context.pace.hear(row, said.at)
        if row is not None and heard.count > self._context.pace.most:
            self._hold_off(work, said, resident, row, heard)
            return _IGNORED
        if said.kind is Kind.REACTION:
            await self._react(work, said, resident, row, heard)
            return _HANDLED
        await self._converse(work, said, resident, row, heard)
        return _HANDLED

    async def _arrive(self, work: Work, said: Incoming) -> Arrival:
        channel, sender = said.channel, said.sender
        arrival = await residents.arrive(work.tx, channel, sender.address, said.update_id)
        if arrival is None:
            language = language_of(sender.language).value
            await residents.add(work.tx, channel, sender.address, sender.name, language, work.now)
            # Read again: another worker may have met the same newcomer a moment before.
            arrival = await residents.arrive(work.tx, channel, sender.address, said.update_id)
            assert arrival is not None  # noqa: S101 - it has just been added
        return arrival

    def _hold_off(self, work: Work, said: Incoming, resident: Resident, row: ConversationRow, heard: Heard) -> None:
        """Say once that it is too much; the rest is neither read nor answered, and costs next to nothing."""
        if row.counted > self._context.pace.most:
            return
        residents.save_conversation(work.tx, row.model_copy(update={"counted": heard.count}))
        responder = Responder(work=work, links=self._context.links, t=localizer_of(self._context.catalogues, resident))
        ask_to_wait(responder, self._context.pace.span)
        # Not as an answer to its album: what was said of the photos that were read still holds.
        self._owe(work.tx, said.model_copy(update={"album": "", "files": ()}), responder.out, work.now, resident)
        self._answer(work.tx, said, "")

    def _turn(self, work: Work, said: Incoming, resident: Resident, row: ConversationRow | None) -> Turn:
        context = self._context
        return Turn(
            work=work,
            links=context.links,
            t=localizer_of(context.catalogues, resident),
            resident=resident,
            catalogues=context.catalogues,
            said=said,
            heard_before=None if row is None else row.updated_at,
        )

    async def _converse(
        self, work: Work, said: Incoming, resident: Resident, row: ConversationRow | None, heard: Heard
    ) -> None:
        context, tx = self._context, work.tx
        turn = self._turn(work, said, resident, row)
        if said.reply_to is not None:
            turn.about = await replied_subject(work, said.channel, said.chat, said.reply_to, said.reply_text)
        if row is None:
            before = Conversation(context.registry.home(), fresh=True)
        else:
            stored = row.model_dump(exclude={"resident_id", "counted_since", "counted"})
            before = engine.read(context.registry, now=work.now, **stored)
        if changed := renamed(resident, said.sender.name):
            turn.change(**changed)
        outage = context.outage
        helped = may_have_missed(outage, row, said, work.now)
        if outage is not None and helped:
            missed(turn, outage)
        idle = row is None or before.step.step == context.registry.home().step
        asked_at = None if idle or row is None else row.updated_at
        for_words = isinstance(before.step, FormStep) or Kind.TEXT in before.step.accepts
        answered_as_staff = await in_private(turn, context.templates, asked_at=asked_at, asked_for_words=for_words)
        after = before if answered_as_staff else await engine.play(context.registry, turn, before)
        if engine.is_answered(before, after):
            await _take_buttons_away(work, resident, before, turn)
        if not resident.reachable or work.now - resident.seen_at > _SEEN_EVERY:
            turn.change(reachable=True, seen_at=work.now)
        if turn.changed:
            residents.save(tx, turn.resident)
            consent.count(work, resident, turn.resident)
        if row is None or (resident.language, resident.reachable) != (turn.resident.language, turn.resident.reachable):
            staff_command_lists.again(work, said.channel, said.sender.address)
        counted = {"counted_since": heard.since, "counted": heard.count}
        if after is not before or row is None:
            stands = ConversationRow.model_validate(
                {**engine.write(after), "resident_id": resident.id, "updated_at": work.now, **counted}
            )
        else:
            stands = row.model_copy(update=counted | ({"updated_at": work.now} if helped else {}))
        residents.save_conversation(tx, stands)
        self._owe(tx, said, turn.out, work.now, turn.resident)
        self._answer(tx, said, turn.toast)

    async def _react(
        self, work: Work, said: Incoming, resident: Resident, row: ConversationRow | None, heard: Heard
    ) -> None:
        """An emoji under a message moves no conversation on."""
        turn = self._turn(work, said, resident, row)
        await reacted(turn)
        if row is not None:
            counted = {"counted_since": heard.since, "counted": heard.count}
            residents.save_conversation(work.tx, row.model_copy(update=counted))
        self._owe(work.tx, said, turn.out, work.now, resident)

    async def _handle_group(self, work: Work, said: Incoming) -> None:
        if await updates.seen(work.tx, said.channel, said.update_id):
            self._answer(work.tx, said, "")
            return
        if said.kind in _SENT | {Kind.JOINED} and self._group_limiter.is_too_much(said.sender.address, said.at):
            who = permissions.Person(said.channel, said.sender.address, said.sender.name)
            if await permissions.member(work, who) is None:  # anybody can add the bot to groups; a team may hurry
                self._answer(work.tx, said, "")
                return
        updates.mark_seen(work.tx, said.channel, said.update_id, work.now)
        if said.kind is Kind.MIGRATED:
            outbox.move_chat(work.tx, said.channel, said.chat, said.new_chat, work.now)
            staff_rows.move_chat(work.tx, said.channel, said.chat, said.new_chat)
            return
        responder = Responder(
            work=work,
            links=self._context.links,
            t=self._context.catalogues.localizer(language_of(said.sender.language)),
        )
        toast = await in_group(responder, self._context.catalogues, self._context.templates, said)
        self._owe(work.tx, said, responder.out, work.now, None)
        self._answer(work.tx, said, toast)

    def _owe(
        self, tx: Transaction, said: Incoming, messages: list[OutboundMessage], now: datetime, resident: Resident | None
    ) -> None:
        recipient = Recipient(
            said.channel, said.chat, topic=said.topic, resident=None if resident is None else resident.id
        )
        if said.album:  # one answer for an album, after its last photo
            album = f"album:{said.channel}:{said.chat}:{said.album}"
            outbox.supersede(tx, album)
            recipient = replace(recipient, group=album, not_before=now + ALBUM_QUIET)
        enqueue(tx, messages, recipient, partial(self._ports.split, said.channel), now)
        if messages:
            tx.after_commit(self._ports.wake)
        if said.files:
            tx.after_commit(self._fetch)

    def _answer(self, tx: Transaction, said: Incoming, text: str) -> None:
        """End the spinner of a tap. Not owed like a message: after a crash the app ends it itself."""
        if said.tap:
            answer = TapAnswer(tap=said.tap, text=text[:200])
            tx.after_commit(lambda: self._ports.answer(said.channel, answer))


async def _take_buttons_away(work: Work, resident: Resident, before: Conversation, turn: Turn) -> None:
    """The question was answered: its buttons would do nothing any more. The answer itself goes first."""
    edited = {one.message.edit for one in turn.out}
    if turn.said.message in edited and turn.said.kind is Kind.CHOICE:
        return  # the question has become what follows it
    message = await outbox.sent_under(work.tx, engine.question_key(resident.id, before.turn))
    if message is not None and message not in edited:
        turn.out.append(OutboundMessage(Outgoing(edit=message)))


def _is_awaiting(said: Incoming) -> bool:
    """Whether somebody waits for an answer in a private chat."""
    return not said.group and said.kind in _SENT


def _reason(error: BaseException, *, words: bool = True) -> str:
    """Of which kind and from where, for everybody; and after the first colon with a space, its `words`."""
    place = logs.place(error)
    return f"{type(error).__name__}{place and f' at {place}'}{f': {error}' if words else ''}"

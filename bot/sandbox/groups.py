"""What people do with a group: who is in it, what the bot is in it, its topics, its move to a supergroup."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.sandbox.acts import Acts, Impossible, Place
from bot.sandbox.events import GroupChanged, TopicChanged
from bot.sandbox.methods_chat import member_wire, membership_wire, topic_opened
from bot.sandbox.world import BotStatus, Group


class GroupActs(Acts):
    """What people do in chats, and what they make of a group. The bot is told as much as Telegram would tell it."""

    # ------------------------------------------------------------------ the bot

    def set_bot_status(self, by: int, group_id: int, status: BotStatus) -> None:
        """Add the bot to a group, promote it, or throw it out."""
        group, person = self._group(group_id), self.world.people[by]
        if group.bot is status:
            return
        self.world.commit(GroupChanged(replace(group, bot=status)))
        self.bot_changed(group.wire(), person, group.bot, status)
        if status.inside and not group.bot.inside:
            self.post(Place(by, group_id), {"new_chat_members": [self.exchange.bot_wire]})

    # ------------------------------------------------------------------ people

    def add(self, by: int, group_id: int, people: Sequence[int]) -> None:
        """Add people, or (`by` themselves) join."""
        before = self._group(group_id)
        after = replace(
            before,
            members=tuple(dict.fromkeys((*before.members, *people))),
            banned=tuple(one for one in before.banned if one not in people),
        )
        self.world.commit(GroupChanged(after))
        users = [self.world.people[one].wire() for one in people]
        self.post(Place(by, group_id), {"new_chat_members": users})
        for one in people:
            self._changed(by, one, before, after)

    def leave(self, person: int, group_id: int, *, silently: bool = False) -> None:
        """Leave. `silently` without the service message, which Telegram leaves out of large groups."""
        self._ends(person, person, group_id, silently=silently)

    def remove(self, by: int, group_id: int, person: int, *, silently: bool = False) -> None:
        """Remove somebody: from a supergroup they stay banned until they are added again."""
        self._ends(by, person, group_id, silently=silently)

    def _ends(self, by: int, person: int, group_id: int, *, silently: bool) -> None:
        before = self._group(group_id)
        if person not in before.members:
            raise Impossible(f"person {person} is not a member of {before.title}")
        if by != person and by not in before.administrators:
            raise Impossible(f"person {by} is no administrator of {before.title}")
        if not silently:
            self.post(Place(by, group_id), {"left_chat_member": self.world.people[person].wire()})
        after = replace(
            before,
            members=tuple(one for one in before.members if one != person),
            administrators=tuple(one for one in before.administrators if one != person),
            banned=(*before.banned, person) if by != person and before.supergroup else before.banned,
        )
        self.world.commit(GroupChanged(after))
        self._changed(by, person, before, after)

    def promote(self, by: int, group_id: int, person: int, *, administrator: bool = True) -> None:
        """Make a member an administrator of the group, or an ordinary member again."""
        before = self._group(group_id)
        rest = tuple(one for one in before.administrators if one != person)
        after = replace(before, administrators=(*rest, person) if administrator else rest)
        self.world.commit(GroupChanged(after))
        self._changed(by, person, before, after)

    def _changed(self, by: int, person: int, before: Group, after: Group) -> None:
        """Tell the bot what somebody is in the group: only as an administrator does it hear so."""
        account = self.world.people[person]
        old, new = member_wire(before, account), member_wire(after, account)
        if after.bot is not BotStatus.ADMINISTRATOR or old["status"] == new["status"]:
            return
        told = membership_wire(after.wire(), self.world.people[by], self.exchange.now(), old, new)
        self.exchange.delivery.enqueue("chat_member", told)

    # ------------------------------------------------------------------ what the group is

    def set_forum(self, group_id: int, *, forum: bool) -> None:
        """Turn a supergroup's topics on or off."""
        group = self._group(group_id)
        if not group.supergroup:
            raise Impossible(f"{group.title} is no supergroup, and only those have topics")
        self.world.commit(GroupChanged(replace(group, forum=forum)))

    def forbid(self, group_id: int, *what: str) -> None:
        """Let ordinary members not send "photos", say, or any "messages"; with nothing named they may send all."""
        self.world.commit(GroupChanged(replace(self._group(group_id), forbids=what)))

    def open_topic(self, by: int, group_id: int, name: str) -> int:
        """Open a topic in a forum. Returns its id: that of the message which says so."""
        group = self._group(group_id)
        chat = self.world.chat(group_id)
        if not group.forum or chat is None:
            raise Impossible(f"{group.title} is no forum")
        thread = self.world.next_message_id(chat)
        self.world.commit(TopicChanged(group_id, thread, name))
        return self.post(Place(by, group_id), topic_opened(thread, name))

    def migrate(self, by: int, group_id: int, new_id: int) -> None:
        """Turn a group into a supergroup: it gets a new id, and the old one is refused from now on."""
        old = self._group(group_id)
        self.post(Place(by, group_id), {"migrate_to_chat_id": new_id})
        self.world.commit(GroupChanged(replace(old, migrated_to=new_id)))
        self.world.commit(GroupChanged(replace(old, id=new_id, migrated_to=0)))
        self.post(Place(by, new_id), {"migrate_from_chat_id": group_id})

    def _group(self, group_id: int) -> Group:
        group = self.world.groups.get(group_id)
        if group is None:
            raise Impossible(f"there is no group {group_id}")
        return group

"""What a person may do on the page, as the page says it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, TypeAdapter

from bot.sandbox import samples
from bot.sandbox.acts import Place
from bot.sandbox.files import Upload
from bot.sandbox.groups import GroupActs
from bot.sandbox.people import STICKER


class _Act(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    person: int
    chat: int
    topic: int = 0
    reply_to: int | None = None

    @property
    def place(self) -> Place:
        return Place(self.person, self.chat, self.topic, self.reply_to)

    async def run(self, acts: GroupActs) -> None:
        """Do it. Raises Impossible where the person's Telegram could not."""
        raise NotImplementedError


class Say(_Act):
    act: Literal["say"]
    text: str = Field(max_length=50_000)

    async def run(self, acts: GroupActs) -> None:
        acts.say(self.place, self.text)


class Edit(_Act):
    act: Literal["edit"]
    message: int
    text: str = Field(min_length=1, max_length=4096)

    async def run(self, acts: GroupActs) -> None:
        acts.edit(self.place, self.message, self.text)


class Forward(_Act):
    act: Literal["forward"]
    source: int
    message: int

    async def run(self, acts: GroupActs) -> None:
        acts.pass_on(self.place, self.source, self.message)


class PressButton(_Act):
    act: Literal["tap"]
    message: int
    data: str

    async def run(self, acts: GroupActs) -> None:
        acts.tap(self.place, self.message, self.data)


class ShareLocation(_Act):
    act: Literal["location"]
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)

    async def run(self, acts: GroupActs) -> None:
        acts.share_location(self.place, self.latitude, self.longitude)


class ShareContact(_Act):
    act: Literal["contact"]

    async def run(self, acts: GroupActs) -> None:
        acts.share_contact(self.place)


class SendSample(_Act):
    """Something made on the spot."""

    act: Literal["sample"]
    what: Literal["photo", "album", "voice", "document", "sticker", "video"]
    scene: samples.Scene = samples.Scene.BIN
    caption: str = Field(default="", max_length=1024)

    async def run(self, acts: GroupActs) -> None:
        if self.what in ("photo", "album"):
            count = 3 if self.what == "album" else 1
            photos = [samples.photo(self.scene, number) for number in range(count)]
            await acts.send_photos(self.place, photos, self.caption)
        elif self.what == "voice":
            upload = Upload("voice.oga", "audio/ogg", samples.voice())
            acts.send_file(self.place, "voice", upload, extra={"duration": 3})
        elif self.what == "sticker":
            acts.send_file(self.place, "sticker", Upload("palm.webp", "image/webp", samples.sticker()), extra=STICKER)
        elif self.what == "video":
            upload = Upload("video.mp4", "video/mp4", samples.video())
            acts.send_file(self.place, "video", upload, self.caption, {"duration": 4, "width": 320, "height": 240})
        else:
            upload = Upload("sample.pdf", "application/pdf", samples.document())
            acts.send_file(self.place, "document", upload, self.caption)


class Block(_Act):
    act: Literal["block"]
    blocked: bool

    async def run(self, acts: GroupActs) -> None:
        acts.block(self.person, blocked=self.blocked)


class Speak(_Act):
    act: Literal["language"]
    language: str = Field(pattern=r"^[a-z]{2}(-[A-Za-z]{2,4})?$")

    async def run(self, acts: GroupActs) -> None:
        acts.speak(self.place, self.language)


class React(_Act):
    act: Literal["react"]
    message: int
    emoji: str = Field(max_length=8)

    async def run(self, acts: GroupActs) -> None:
        acts.react(self.place, self.message, self.emoji)


class Look(_Act):
    act: Literal["saw"]
    message: int

    async def run(self, acts: GroupActs) -> None:
        acts.saw(self.place, self.message)


class Delete(_Act):
    act: Literal["delete"]
    message: int

    async def run(self, acts: GroupActs) -> None:
        acts.delete(self.place, self.message)


class AddMember(_Act):
    act: Literal["add"]
    member: int

    async def run(self, acts: GroupActs) -> None:
        acts.add(self.person, self.chat, [self.member])


class RemoveMember(_Act):
    """Also leaving, where one removes oneself."""

    act: Literal["remove"]
    member: int

    async def run(self, acts: GroupActs) -> None:
        if self.member == self.person:
            acts.leave(self.person, self.chat)
        else:
            acts.remove(self.person, self.chat, self.member)


class OpenTopic(_Act):
    """In a group without topics, these are turned on first."""

    act: Literal["open_topic"]
    name: str = Field(min_length=1, max_length=128)

    async def run(self, acts: GroupActs) -> None:
        acts.set_forum(self.chat, forum=True)
        acts.open_topic(self.person, self.chat, self.name)


PageAct = (
    Say
    | Edit
    | Delete
    | Forward
    | PressButton
    | ShareLocation
    | ShareContact
    | SendSample
    | Block
    | Speak
    | Look
    | React
    | AddMember
    | RemoveMember
    | OpenTopic
)
PAGE_ACT: TypeAdapter[PageAct] = TypeAdapter(Annotated[PageAct, Discriminator("act")])

"""What the questions of a request share: the draft that each carries, and the way to the next and to the one before."""

from __future__ import annotations

from conversations.engine.drafts import DraftStep
from conversations.engine.step import Reask, Step, Turn
from conversations.requests.draft import RequestDraft, add_said
from conversations.texts.case import KINDS


class RequestStep(DraftStep):
    """A question of this flow."""

    draft: RequestDraft

    async def back(self, turn: Turn) -> Step | None:
        from conversations.requests.review import before  # noqa: PLC0415 - see `following`

        return before(turn.work.offices, self)

    async def absorb_unexpected(self, turn: Turn) -> Step | Reask | None:
        added = await add_said(turn, self.draft)
        return Reask(added.trouble or turn.t("We have added this to your request."), self.with_draft(added.draft))

    def draft_title(self, turn: Turn) -> str:
        if self.draft.empty:
            return ""
        kind = turn.t.plain(KINDS[self.draft.kind])
        category = turn.work.offices.category(self.draft.category)
        return f"{kind}: {turn.t.pick_plain(category.name)}" if category else kind


async def following(turn: Turn, draft: RequestDraft) -> RequestStep:
    """The first question that is not answered yet; the summary once all are."""
    # The course knows every question, and every question leads back to the course: one must look later.
    from conversations.requests.review import first_open  # noqa: PLC0415

    return await first_open(turn, draft)

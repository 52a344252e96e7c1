"""What the questions of a request share: the draft that each carries, and the way to the next and to the one before."""

from __future__ import annotations

from conversations.engine.drafts import DraftStep
from conversations.engine.step import Again, Step, Talk
from conversations.requests.draft import RequestDraft, add_said
from conversations.texts.case import KINDS


class RequestStep(DraftStep):
    """A question of this flow."""

    draft: RequestDraft

    async def back(self, talk: Talk) -> Step | None:
        from conversations.requests.review import before  # noqa: PLC0415 - see `following`

        return before(talk.work.offices, self)

    async def keep(self, talk: Talk) -> Step | Again | None:
        added = await add_said(talk, self.draft)
        return Again(added.trouble or talk.t("This was added to your request."), self.with_draft(added.draft))

    def draft_title(self, talk: Talk) -> str:
        if self.draft.empty:
            return ""
        kind = talk.t.plain(KINDS[self.draft.kind])
        category = talk.work.offices.category(self.draft.category)
        return f"{kind}: {talk.t.pick_plain(category.name)}" if category else kind


async def following(talk: Talk, draft: RequestDraft) -> RequestStep:
    """The first question that is not answered yet; the summary once all are."""
    # The course knows every question, and every question leads back to the course: one must look later.
    from conversations.requests.review import first_open  # noqa: PLC0415

    return await first_open(talk, draft)

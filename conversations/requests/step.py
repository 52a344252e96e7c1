"""What the questions of a request share: the draft that each carries."""

from __future__ import annotations

from conversations.engine.form import FormStep
from conversations.engine.step import Continue, Reask, Step, Turn
from conversations.requests.adding import add_said, reread
from conversations.requests.draft import RequestDraft
from conversations.texts.case import KINDS


class RequestStep(FormStep):
    """A question of this flow."""

    draft: RequestDraft

    async def absorb_unexpected(self, turn: Turn) -> Step | Continue | Reask | None:
        added = await add_said(turn, self.draft)
        return Reask(added.trouble or turn.t("We have added this to your request."), self.with_draft(added.draft))

    def amend(self, turn: Turn) -> Step | None:
        message = turn.said.message
        before = next((one.text for one in self.draft.pieces if message is not None and one.message == message), None)
        amended = super().amend(turn)
        if before is None or not isinstance(amended, RequestStep):
            return amended
        return amended.with_draft(reread(turn, amended.draft, before, turn.said.text))

    def draft_title(self, turn: Turn) -> str:
        if self.draft.empty:
            return ""
        kind = turn.t.plain(KINDS[self.draft.kind])
        category = turn.work.offices.category(self.draft.category)
        return f"{kind}: {turn.t.pick_plain(category.name)}" if category else kind

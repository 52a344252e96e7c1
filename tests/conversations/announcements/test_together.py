"""Several administrators at one announcement: conflicts, a second person's consent, what is done while it is sent."""

from __future__ import annotations

import pytest

from locales import without_marks
from tests.conversations.announcements.news_town import SEND, Administrator, NewsTown
from tests.conversations.announcements.test_composing import ARABIC, ENGLISH, begins, sends, writes


@pytest.fixture
async def bader(town: NewsTown, language: str) -> Administrator:
    return await town.administrator("9001", "Bader", language)


async def opens(who: Administrator, text: str = ARABIC) -> None:
    await who.says("/announce")
    await who.touches(text[:20])


class TestConflict:
    async def test_both_texts_are_shown_and_neither_is_lost(
        self, town: NewsTown, amal: Administrator, bader: Administrator
    ) -> None:
        await writes(amal)
        await opens(bader, ARABIC if amal.t.rtl else ENGLISH)
        await bader.presses("✏️ Edit text")
        await amal.presses("✏️ Edit text")
        await bader.says("نص بدر")
        await amal.says("نص أمل")
        amal.reads("⚠️ <b>Another administrator has changed this announcement</b>")
        assert "نص بدر" in amal.card
        assert "نص أمل" in amal.card
        await amal.presses("Use mine")
        assert "نص أمل" in amal.card
        [row] = await town.rows("SELECT texts FROM announcements")
        assert "نص أمل" in str(row["texts"])
        assert ENGLISH in str(row["texts"])

    async def test_theirs_may_be_kept(self, town: NewsTown, amal: Administrator, bader: Administrator) -> None:
        await writes(amal)
        await opens(bader, ARABIC if amal.t.rtl else ENGLISH)
        await bader.presses("✏️ Edit text")
        await amal.presses("✏️ Edit text")
        await bader.says("نص بدر")
        await amal.says("نص أمل")
        await amal.presses("Keep theirs")
        assert "نص بدر" in amal.card
        await amal.says(ARABIC)
        assert ARABIC in amal.card

    async def test_a_tap_on_an_older_version_shows_the_newer_one(
        self, town: NewsTown, amal: Administrator, bader: Administrator
    ) -> None:
        await town.living()
        await writes(amal)
        await amal.presses("👥 Audience")
        await opens(bader, ARABIC if amal.t.rtl else ENGLISH)
        await bader.presses("🔘 Buttons")
        await bader.presses("📅 Book now")
        await amal.touches(amal.labels[1])
        amal.reads(
            "⚠️ Another administrator has changed this announcement. This is the newer version. "
            "Check it and choose again."
        )
        await amal.touches(amal.labels[1])  # the same tap, on what is shown now
        await amal.presses("Done")
        assert without_marks(amal.t.plain("📅 Book now")) in amal.card

    async def test_what_was_confirmed_is_what_was_seen(
        self, town: NewsTown, amal: Administrator, bader: Administrator
    ) -> None:
        await town.living()
        await writes(amal)
        await amal.presses("✅ Send …")
        await opens(bader, ARABIC if amal.t.rtl else ENGLISH)
        await bader.presses("✏️ Edit text")
        await bader.says("نص بدر")
        await amal.presses_count(SEND, 1)
        assert await town.statuses() == ["draft"]
        amal.reads(
            "⚠️ Another administrator has changed this announcement. This is the newer version. "
            "Check it and choose again."
        )


class TestConsent:
    async def test_a_second_administrator_sees_it_and_approves(
        self, town: NewsTown, amal: Administrator, bader: Administrator
    ) -> None:
        town.asks_above(1)
        fatima, _ = await town.living("1001"), await town.living("1002")
        await writes(amal)
        amal.reads("🤝 A second administrator must approve it before it is sent.")
        await sends(amal, 2)
        assert await town.statuses() == ["awaiting_approval"]
        await amal.taps_data("do:announcement_act:approve.1.4:0")
        assert await town.statuses() == ["awaiting_approval"]

        await bader.presses("Open announcement")
        bader.reads("👁 In English, it will look like this:")
        bader.sees(ENGLISH)
        await bader.presses("✅ Approve …")
        await bader.presses_count(SEND, 2)
        await town.passes()
        fatima.sees(ENGLISH)
        assert "Bader" in without_marks(amal.reads("✅ {name} approved your announcement.").text)

    async def test_the_author_cannot_approve(self, town: NewsTown, amal: Administrator) -> None:
        town.asks_above(0)
        await town.living()
        await writes(amal)
        await sends(amal, 1)
        await opens(amal, ARABIC if amal.t.rtl else ENGLISH)
        assert without_marks(amal.t.plain("✅ Approve …")) not in amal.labels
        [row] = await town.rows("SELECT version FROM announcements")
        await amal.taps_data(f"do:announcement_act:approve.1.{row['version']}:0")
        await amal.presses_count(SEND, 1)
        assert await town.statuses() == ["awaiting_approval"]
        assert ("staff:9000", "denied.approve") in [
            (row["actor"], row["action"]) for row in await town.rows("SELECT actor, action FROM audit")
        ]

    async def test_whoever_sends_another_ones_draft_is_not_the_second_person(
        self, town: NewsTown, amal: Administrator, bader: Administrator
    ) -> None:
        town.asks_above(0)
        await town.living()
        await writes(amal)
        await opens(bader, ARABIC if amal.t.rtl else ENGLISH)
        await sends(bader, 1)
        await opens(bader, ARABIC if amal.t.rtl else ENGLISH)
        assert without_marks(bader.t.plain("✅ Approve …")) not in bader.labels

    async def test_a_refusal_says_why(self, town: NewsTown, amal: Administrator, bader: Administrator) -> None:
        town.asks_above(0)
        await town.living()
        await writes(amal)
        await sends(amal, 1)
        await bader.presses("Open announcement")
        await bader.presses("🚫 Refuse …")
        await bader.says("The date is wrong")
        await bader.presses("🚫 Refuse")
        assert await town.statuses() == ["draft"]
        told = without_marks(amal.reads("🚫 {name} refused your announcement. It is a draft again.").text)
        assert "The date is wrong" in told
        await amal.presses("Open announcement")
        assert without_marks(amal.t.plain("✏️ Edit text")) in amal.labels


class TestUnderWay:
    async def test_progress_is_one_message_and_can_be_paused(self, town: NewsTown, amal: Administrator) -> None:
        people = await town.crowd(3)
        await writes(amal)
        await sends(amal, 3)
        await town.passes(rounds=2)
        await town.passes()
        assert len([shown for shown in amal.messages if "█" in shown.text]) == 1
        assert without_marks(amal.t("✅ Sent: {n} of {total}", n=3, total=3)) in amal.card
        assert all(ENGLISH in person.last.text for person in people)

    async def test_pause_resume_cancel(self, town: NewsTown, amal: Administrator) -> None:
        fatima = await town.living()
        await writes(amal)
        await sends(amal, 1)
        [row] = await town.rows("SELECT id, version FROM announcements")
        async with town.database.transaction() as tx:
            await tx.run(
                "UPDATE announcements SET status = 'sending', started_at = :now, last = 9, total = 5", now=town.now
            )
        await amal.taps_data(f"do:announcement_act:pause.{row['id']}.{row['version']}:0")
        assert await town.statuses() == ["paused"]
        await amal.presses("▶️ Resume …")
        await amal.presses_count(("▶️ Send to {n} more person", "▶️ Send to {n} more people"), 5)
        assert await town.statuses() == ["sending"]
        await amal.presses("✖️ Cancel …")
        assert await town.statuses() == ["sending"]
        await amal.presses("✖️ Yes, cancel it")
        assert await town.statuses() == ["cancelled"]
        await town.passes()
        assert fatima.messages == []

    async def test_a_correction_is_previewed_and_confirmed(self, town: NewsTown, amal: Administrator) -> None:
        fatima, maryam = await town.living("1001"), await town.living("1002", "Maryam", "ar")
        await writes(amal)
        await sends(amal, 2)
        await town.passes()
        await amal.presses("✏️ Correct …")
        if amal.t.rtl:
            await amal.presses("English text")
        await amal.says("The park opens on Monday.")
        await amal.presses("👁 Preview")
        amal.sees("The park opens on Monday.")
        fatima.does_not_see("Monday")
        await amal.presses_count(("✅ Change {n} message", "✅ Change {n} messages"), 2)
        await town.passes()
        fatima.sees("The park opens on Monday.")
        fatima.does_not_see(ENGLISH)
        maryam.sees(ARABIC)
        assert without_marks(amal.t("✏️ Corrected: {n}", n=2)) in amal.card

    async def test_a_recall_says_how_many_could_be_deleted(self, town: NewsTown, amal: Administrator) -> None:
        fatima = await town.living()
        await writes(amal)
        await sends(amal, 1)
        await town.passes()
        await amal.presses("🗑 Recall …")
        amal.reads("You cannot undo this.")
        fatima.sees(ENGLISH)
        await amal.presses_count(("🗑 Delete it for {n} person", "🗑 Delete it for {n} people"), 1)
        await town.passes()
        fatima.does_not_see(ENGLISH)
        assert without_marks(amal.t("🗑 Deleted: {n}", n=1)) in amal.card
        assert await town.statuses() == ["recalled"]

    async def test_a_draft_is_discarded_after_a_second_tap(self, town: NewsTown, amal: Administrator) -> None:
        await writes(amal)
        await amal.presses("🗑 Discard")
        assert await town.statuses() == ["draft"]
        await amal.presses("🗑 Discard")
        assert await town.statuses() == ["cancelled"]
        amal.reads("There are no drafts.")
        await amal.says("/announce past")
        amal.reads("There are no past announcements.")

    async def test_what_is_scheduled_goes_back_to_a_draft(self, town: NewsTown, amal: Administrator) -> None:
        await town.living()
        await writes(amal)
        await sends(amal, 1)
        await amal.presses("Open announcement")
        await amal.presses("📝 Back to draft …")
        await amal.presses("📝 Back to draft")
        assert await town.statuses() == ["draft"]


async def test_made_up_buttons_do_nothing(town: NewsTown, amal: Administrator) -> None:
    await begins(amal)
    for data in (
        "do:announcement_act:send.1.99:0",
        "do:announcement_act:explode.1.1:0",
        "do:announcement_act:send.999999999999999999999.1:0",
        "do:announcement:abc:0",
        "do:announcement_when:-1:0",
        "do:announcement_sessions:99999:0",
        "do:announcement_new:nowhere:0",
    ):
        await amal.taps_data(data)
        assert amal.last.text
    assert await town.statuses() == ["draft"]

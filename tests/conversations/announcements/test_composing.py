"""Writing an announcement: texts, lengths, files, buttons, audience, times, and what is wrong with it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from conversations.engine.messages import FileKind
from locales import without_marks
from locales.html import length as length_of
from services.announcements.faults import shown_length
from storage.ids import OfficeId
from tests.conversations.announcements.news_town import SEND, Administrator, NewsTown
from tests.instants import SUNDAY

ARABIC, ENGLISH = "تفتح الحديقة أبوابها يوم الأحد.", "The park opens on Sunday."


async def begins(amal: Administrator, office: str = "capital") -> None:
    """A new announcement of an office's: its Arabic text is asked for."""
    await amal.says("/announce")
    await amal.presses("➕ New announcement")
    found = amal.town.offices.offices_by_id[OfficeId(office)]
    await amal.touches(found.short_name.get(amal.t.language.value))


async def writes(amal: Administrator, arabic: str = ARABIC, english: str = ENGLISH) -> None:
    """Both texts, up to the card with its preview."""
    await begins(amal)
    await amal.says(arabic)
    await amal.presses("Continue")
    await amal.says(english)
    await amal.presses("Continue")


async def sends(amal: Administrator, people: int) -> None:
    await amal.presses("✅ Send …")
    await amal.presses_count(SEND, people)


class TestTexts:
    async def test_from_nothing_to_residents_in_their_languages(self, town: NewsTown, amal: Administrator) -> None:
        fatima, maryam = await town.living("1001"), await town.living("1002", "Maryam", "ar")
        await writes(amal)
        amal.reads("👁 In Arabic, it will look like this:")
        amal.reads("👁 In English, it will look like this:")
        await sends(amal, 2)
        await town.passes()
        fatima.sees(ENGLISH)
        maryam.sees(ARABIC)
        amal.reads("✅ Sent: {n} of {total}")

    async def test_it_names_whose_it_is_in_the_readers_language(self, town: NewsTown, amal: Administrator) -> None:
        fatima, maryam = await town.living("1001"), await town.living("1002", "Maryam", "ar")
        await writes(amal)
        shown = f"🏛 Capital Municipality\n\n{ENGLISH}"
        assert shown in [without_marks(one.text) for one in amal.messages]  # the preview
        await sends(amal, 2)
        await town.passes()
        assert without_marks(fatima.sees(ENGLISH).text) == shown
        assert without_marks(maryam.sees(ARABIC).text).splitlines()[0] == "🏛 أمانة العاصمة"

    async def test_what_every_office_says_begins_with_its_words(self, town: NewsTown, amal: Administrator) -> None:
        fatima = await town.living()
        await amal.says("/announce")
        await amal.presses("➕ New announcement")
        await amal.presses("Every office")
        for text in (ARABIC, ENGLISH):
            await amal.says(text)
            await amal.presses("Continue")
        await sends(amal, 2)  # who announces has chosen no office
        await town.passes()
        assert without_marks(fatima.sees(ENGLISH).text) == ENGLISH

    async def test_the_longest_text_fits_below_the_offices_name(self, town: NewsTown, amal: Administrator) -> None:
        fatima, maryam = await town.living("1001"), await town.living("1002", "Maryam", "ar")
        arabic, english = (
            letter * (4096 - len(name) - 12 - 3)
            for letter, name in (("ا", "أمانة العاصمة"), ("x", "Capital Municipality"))
        )
        await writes(amal, arabic, english)
        await sends(amal, 2)
        await town.passes()
        for person, text in ((fatima, english), (maryam, arabic)):
            assert length_of(person.sees(text).message.text) <= 4096

    async def test_the_length_is_told_as_telegram_counts_it(self, town: NewsTown, amal: Administrator) -> None:
        await begins(amal)
        text = "🌳" * 1000
        await amal.says(text)
        length = shown_length(text)
        assert length > 2000
        limit = 4096 - len("أمانة العاصمة") - 12  # the heading that names the office
        told = amal.t("{n} of {limit} characters, {left} left", n=length, limit=limit, left=limit - length)
        assert without_marks(told) in amal.card

    async def test_under_a_photo_it_is_shorter(self, town: NewsTown, amal: Administrator) -> None:
        await begins(amal)
        await amal.sends(caption="x" * 1500)
        limit = 1024 - len("أمانة العاصمة") - 12
        over = shown_length("x" * 1500) - limit
        told = amal.t("⚠️ {n} of {limit} characters. Shorten it by {over}.", n=limit + over, limit=limit, over=over)
        assert without_marks(told) in amal.card

    async def test_ten_thousand_characters_in_three_messages_are_one_text(
        self, town: NewsTown, amal: Administrator
    ) -> None:
        await begins(amal)
        for piece in ("a" * 4096, "b" * 4096, "c" * 1808):
            await amal.says(piece)
        amal.reads("⚠️ {n} of {limit} characters. Shorten it by {over}.")
        [row] = await town.rows("SELECT texts FROM announcements")
        assert all(letter * 1000 in str(row["texts"]) for letter in "abc")

    async def test_a_second_text_takes_the_place_of_the_first(self, town: NewsTown, amal: Administrator) -> None:
        await begins(amal)
        await amal.says("خطأ")
        await amal.says(ARABIC)
        [row] = await town.rows("SELECT texts FROM announcements")
        assert "خطأ" not in str(row["texts"])
        assert ARABIC in str(row["texts"])

    async def test_an_edited_message_corrects_the_text(self, town: NewsTown, amal: Administrator) -> None:
        await begins(amal)
        await amal.says("تفتح الحديقة يوم الاثنين.")
        written = await town.rows("SELECT version FROM announcements")
        await amal.edits(amal.wrote, ARABIC)
        assert ARABIC in amal.card
        await amal.presses("Continue")
        [row] = await town.rows("SELECT texts, version FROM announcements")
        assert ARABIC in str(row["texts"])
        assert int(str(row["version"])) > int(str(written[0]["version"]))

    async def test_a_language_is_left_out_only_on_purpose(self, town: NewsTown, amal: Administrator) -> None:
        await town.living()
        await begins(amal)
        await amal.says(ARABIC)
        await amal.presses("Continue")
        await amal.presses("Leave out the English text")
        assert "English text" not in amal.card
        await sends(amal, 1)
        assert await town.statuses() == ["scheduled"]

    async def test_beside_a_photo_too_a_language_can_be_left_out(self, town: NewsTown, amal: Administrator) -> None:
        await town.living()
        await begins(amal)
        await amal.sends(caption=ARABIC)
        await town.fetches()
        await amal.presses("Continue")
        await amal.presses("Leave out the English text")
        await sends(amal, 1)
        assert await town.statuses() == ["scheduled"]

    async def test_a_language_that_is_missing_is_named(self, town: NewsTown, amal: Administrator) -> None:
        await town.living()
        await begins(amal)
        await amal.says(ARABIC)
        await amal.presses("Continue")
        await amal.taps_data(amal.last.message.rows[-1][0].data, amal.last.number)  # Back, or the menu
        await amal.says("/announce drafts")
        await amal.touches(ARABIC[:20])
        amal.reads("{which}: not written yet. Write it, or leave it out.")
        await amal.presses("✅ Send …")
        amal.reads("You cannot send it yet:")
        assert await town.statuses() == ["draft"]

    async def test_an_album_is_taken_whole(self, town: NewsTown, amal: Administrator) -> None:
        fatima = await town.living()
        await begins(amal)
        for number in range(3):
            await amal.sends(caption=ARABIC if number == 0 else "", album="a1")
        await town.wait(timedelta(seconds=2))
        await town.fetches()
        await amal.presses("Continue")
        await amal.says(ENGLISH)
        await amal.presses("Continue")
        await sends(amal, 1)
        await town.passes()
        assert sum(len(shown.message.files) for shown in fatima.messages) == 3

    async def test_a_document_goes_along(self, town: NewsTown, amal: Administrator) -> None:
        fatima = await town.living()
        await begins(amal)
        await amal.sends(FileKind.DOCUMENT, caption=ARABIC, name="plan.pdf", mime="application/pdf")
        await amal.presses("Continue")
        await amal.says(ENGLISH)
        await amal.presses("Continue")
        amal.reads("A file is still being checked. Try again in a moment.")
        await town.fetches()
        await sends(amal, 1)
        await town.passes()
        fatima.sees(ENGLISH)

    async def test_a_link_elsewhere_is_named(self, town: NewsTown, amal: Administrator) -> None:
        await town.living()
        await writes(amal, english="Win a prize: https://t.me/other_bot")
        amal.reads("{which}: this link does not lead to the municipality: {link}")
        assert "https://t.me/other_bot" in amal.card


class TestWhatPeopleDo:
    async def test_stickers_and_words_at_the_card_are_answered(self, town: NewsTown, amal: Administrator) -> None:
        await town.living()
        await writes(amal)
        await amal.says("hello")
        amal.reads("Choose one of the buttons.")
        await amal.sends_sticker()
        assert await town.statuses() == ["draft"]
        assert (await town.rows("SELECT texts FROM announcements"))[0]["texts"]

    async def test_a_double_tap_sends_once(self, town: NewsTown, amal: Administrator) -> None:
        fatima = await town.living()
        await writes(amal)
        await amal.presses("✅ Send …")
        label = without_marks(amal.t.plain_plural(*SEND, 1))
        choice = next(c for row in amal.last.message.rows for c in row if without_marks(c.label) == label)
        await amal.taps_data(choice.data, amal.last.number, repeat=2)
        await amal.taps_data(choice.data, amal.last.number)
        await town.passes()
        assert len([one for one in fatima.messages if ENGLISH in one.text]) == 1

    async def test_the_language_may_be_changed_in_the_middle(self, town: NewsTown) -> None:
        amal = await town.administrator(language="en")
        await town.living()
        await begins(amal)
        await amal.says(ARABIC)
        await amal.says("/language")
        async with town.database.transaction() as tx:
            await tx.run("UPDATE residents SET language = 'ar' WHERE address = :at", at=amal.address)
        await amal.says("/announce")
        assert "الإعلانات" in amal.card
        await amal.touches(ARABIC[:20])
        assert "مسودة" in amal.card

    async def test_a_stored_screen_goes_on_after_a_restart(self, town: NewsTown, amal: Administrator) -> None:
        """Each update is read from the database: nothing is kept in between."""
        await town.living()
        await begins(amal)
        await amal.says(ARABIC)
        await town.wait(timedelta(hours=30))  # and the draft is no conversation's, which would end with the day
        await amal.says("/announce")
        await amal.touches(ARABIC[:20])
        await amal.presses("✏️ Edit text")
        assert ARABIC in amal.card

    async def test_who_may_not_is_told_nothing(self, town: NewsTown, amal: Administrator) -> None:
        await writes(amal)
        fatima = town.resident("1001")
        await fatima.says("/announce")
        assert "is not a command" in fatima.last.text
        for data in (
            "do:announcement:1:0",
            "do:announcement_act:send.1.5:0",
            "do:announcement_for:1:0",
            "do:announce::0",
        ):
            await fatima.taps_data(data)
            fatima.does_not_see(ENGLISH)
            fatima.sees("You do not have permission to do this.")
        denied = await town.rows("SELECT action FROM audit WHERE actor = 'staff:1001'")
        assert {row["action"] for row in denied} == {"denied.announce"}

    async def test_a_right_that_ended_ends_at_the_next_tap(self, town: NewsTown) -> None:
        huda = await town.administrator("9100", "Huda")
        await town.hires(huda, "capital")
        await town.living()
        await begins_one(huda)
        await huda.says(ARABIC)
        async with town.database.transaction() as tx:
            await tx.run("UPDATE staff_roles SET revoked_at = :now", now=town.now)
        await huda.presses("Continue")
        huda.sees("You do not have permission to do this.")


async def begins_one(huda: Administrator) -> None:
    """For who announces for one office, nothing is asked before the text."""
    await huda.says("/announce")
    await huda.presses("➕ New announcement")
    huda.reads("Send the text in Arabic. You can send it with a photo, an album or a document.")


class TestAudience:
    async def test_the_count_follows_each_choice(self, town: NewsTown, amal: Administrator) -> None:
        await town.crowd(3)
        await town.crowd(2, language="ar")
        await town.crowd(4, "northern")
        await writes(amal)
        await amal.presses("👥 Audience")
        assert (
            without_marks(amal.t.plural("👥 <b>{n} person</b> will get it", "👥 <b>{n} people</b> will get it", 5))
            .replace("<b>", "")
            .replace("</b>", "")
            in amal.card
        )
        await amal.touches(without_marks(amal.t.plain("🗣 Language: {language}", language=amal.t.plain("all"))))
        assert "العربية" in amal.card
        await amal.presses("Everyone")
        assert "10" in amal.card
        await amal.presses("Done")
        await sends(amal, 10)  # the administrator is a resident too

    async def test_who_wants_no_news_is_counted_apart(self, town: NewsTown, amal: Administrator) -> None:
        await town.crowd(3)
        async with town.database.transaction() as tx:
            await tx.run("UPDATE residents SET wants_news = FALSE WHERE name = 'R1'")
            await tx.run("UPDATE residents SET reachable = FALSE WHERE name = 'R2'")
        await writes(amal)
        await amal.presses("👥 Audience")
        for one, many in (
            ("🔕 {n} person wants no news and will not get it", "🔕 {n} people want no news and will not get it"),
            ("🚫 {n} person has stopped the bot", "🚫 {n} people have stopped the bot"),
        ):
            assert without_marks(amal.t.plural(one, many, 1)) in amal.card

    async def test_offices_are_those_the_author_may_announce_for(self, town: NewsTown, language: str) -> None:
        huda = await town.administrator("9100", "Huda", language)
        await town.hires(huda, "capital", "northern")
        await town.crowd(2)
        await town.crowd(1, "northern")
        await town.crowd(1, "southern")
        await writes(huda)
        await huda.presses("👥 Audience")
        await huda.presses("🏛 Offices …")
        assert len([one for one in huda.labels if one[:1] in "☑️⬜️"]) == 2
        await huda.touches(next(one for one in huda.labels if one.startswith("⬜️")))
        await huda.presses("Done")
        await huda.presses("Done")
        await sends(huda, 3)

    async def test_category_and_block_narrow_it(self, town: NewsTown, amal: Administrator) -> None:
        await town.crowd(2)
        await writes(amal)
        await amal.presses("👥 Audience")
        await amal.touches(without_marks(amal.t.plain("📍 Block: {block}", block=amal.t.plain("any"))))
        await amal.says("hello")
        amal.reads("Enter a valid block number.")
        await amal.says("٣٣٨")
        assert "338" in amal.card
        await amal.touches(without_marks(amal.t.plain("🏷 Category: {category}", category=amal.t.plain("any"))))
        await amal.touches(amal.labels[0])
        await amal.presses("Done")
        amal.reads("Nobody is in the audience. Choose another one.")

    async def test_a_test_goes_to_the_author_and_named_colleagues(self, town: NewsTown, amal: Administrator) -> None:
        bader = await town.administrator("9001", "Bader", "en")
        fatima = await town.living()
        await writes(amal)
        await amal.presses("🧪 Test")
        await amal.touches("Bader")
        await amal.presses_count(("✅ Send the test to {n} person", "✅ Send the test to {n} people"), 2)
        await town.passes()
        bader.sees(ENGLISH)
        assert fatima.messages == []
        assert sorted(await town.statuses()) == ["draft", "sent"]


@pytest.mark.starts_at(SUNDAY)
class TestTimes:
    async def test_a_time_is_chosen_or_typed(self, town: NewsTown, amal: Administrator) -> None:
        fatima = await town.living()
        await writes(amal)
        await amal.presses("🕘 Schedule")
        await amal.says("غداً الساعة 9:30" if amal.t.rtl else "tomorrow at 9:30")
        assert "9:30" in amal.card
        await sends(amal, 1)
        await town.passes()
        assert fatima.messages == []
        await town.passes(timedelta(hours=25))
        fatima.sees(ENGLISH)

    async def test_night_and_the_past_are_refused(self, town: NewsTown, amal: Administrator) -> None:
        await town.living()
        await writes(amal)
        await amal.presses("🕘 Schedule")
        await amal.says("tomorrow 23:00")
        amal.reads("Announcements arrive from {morning} to {evening}. Choose a time between.")
        await amal.says("hello")
        amal.reads("We could not read a day and a time. Choose a day, or type them again.")

    async def test_at_night_the_next_morning_is_offered(self, town: NewsTown, amal: Administrator) -> None:
        await town.living()
        town.now += timedelta(hours=14)
        await writes(amal)
        amal.reads("It would arrive at night. Choose a time from {morning} to {evening}, or mark it as an emergency.")
        await amal.presses("🕘 Schedule")
        morning = next(one for one in amal.labels if "08:00" in one)
        await amal.touches(morning)
        await sends(amal, 1)
        assert await town.statuses() == ["scheduled"]

    async def test_an_expiry_is_chosen_by_taps(self, town: NewsTown, amal: Administrator) -> None:
        await town.living()
        await writes(amal)
        await amal.presses("⌛️ Expiry")
        await amal.touches(without_marks(amal.t.day(town.now.date() + timedelta(days=1))))
        await amal.presses("At the end of the day")
        assert "23:59" in amal.card


class TestButtons:
    async def test_buttons_are_chosen_from_a_list(self, town: NewsTown, amal: Administrator) -> None:
        fatima = await town.living()
        await writes(amal)
        await amal.presses("🔘 Buttons")
        await amal.presses("📢 Submit a complaint")
        await amal.presses("🏛 My municipality")
        await amal.presses("🏛 My municipality")
        await amal.presses("Done")
        await sends(amal, 1)
        await town.passes()
        assert fatima.last.buttons == [["📢 Submit a complaint"], ["🔕 Stop news"]]
        await fatima.taps("Submit a complaint")
        fatima.sees("Complaint")

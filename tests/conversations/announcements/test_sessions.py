"""Announcing a Customer Day: a few taps, in either language."""

from __future__ import annotations

from locales import Language, without_marks
from services.actors import CLOCK
from services.bookings import sessions as booking_sessions
from storage.ids import OfficeId
from storage.translations import Translations
from tests.conversations.announcements.news_town import SEND, Administrator, NewsTown
from tests.conversations.town import CATALOGUES


async def announces(amal: Administrator, office: str, people: int) -> None:
    """From /announce to the second tap."""
    await amal.says("/announce")
    await amal.presses("📅 Announce a session")
    await amal.touches(next(one for one in amal.labels if office in one))
    await amal.presses("✅ Send …")
    await amal.presses_count(SEND, people)


def capital(amal: Administrator) -> str:
    office = amal.town.offices.offices_by_id[OfficeId("capital")]
    return office.short_name.get(amal.t.language.value)


async def test_four_taps_announce_a_session_to_an_offices_residents(town: NewsTown, amal: Administrator) -> None:
    english, arabic = await town.living("1001"), await town.living("1002", "Maryam", "ar")
    elsewhere = await town.living("1003", office="northern")
    await announces(amal, capital(amal), 2)
    assert amal.tapped <= 4
    amal.reads("✅ Confirmed.")
    amal.reads("It is being sent. You see how far it is in a message that is kept up to date.")
    await town.passes()
    english.sees("Customer Day: ")
    arabic.sees("يوم العميل")
    assert elsewhere.messages == []
    assert await town.statuses() == ["sent"]


async def test_an_administrator_of_one_office_needs_no_more_taps(town: NewsTown, language: str) -> None:
    huda = await town.administrator("9100", "Huda", language)
    await town.hires(huda, "muharraq")
    await town.crowd(3, "muharraq")
    await huda.says("/announce")
    await huda.presses("📅 Announce a session")
    assert not any(capital(huda) in one for one in huda.labels)
    await huda.touches(huda.labels[0])
    await huda.presses("✅ Send …")
    await huda.presses_count(SEND, 3)
    assert huda.tapped == 4
    assert await town.statuses() == ["scheduled"]


async def test_the_preview_is_what_residents_get(town: NewsTown, amal: Administrator) -> None:
    fatima, maryam = await town.living("1001"), await town.living("1002", "Maryam", "ar")
    await amal.says("/announce")
    await amal.presses("📅 Announce a session")
    await amal.touches(next(one for one in amal.labels if capital(amal) in one))
    previews = {shown.text for shown in amal.new}
    labels = {tuple(map(tuple, shown.buttons)) for shown in amal.new}
    await amal.presses("✅ Send …")
    await amal.presses_count(SEND, 2)
    await town.passes()
    for resident in (fatima, maryam):
        assert resident.last.text in previews
        assert tuple(map(tuple, resident.last.buttons)) in labels


async def test_the_buttons_of_a_preview_do_nothing(town: NewsTown, amal: Administrator) -> None:
    await town.living()
    await amal.says("/announce")
    await amal.presses("📅 Announce a session")
    await amal.touches(next(one for one in amal.labels if capital(amal) in one))
    stop = without_marks(CATALOGUES.localizer(Language.EN).plain("🔕 Stop news"))
    await amal.touches(stop)
    assert amal.toast == amal.t.plain("This is a preview. The button works once the announcement is sent.")
    assert (await town.row(amal)).wants_news


async def test_a_session_that_was_drafted_is_not_drafted_again(town: NewsTown, amal: Administrator) -> None:
    await town.living()
    for _ in range(2):
        await amal.says("/announce")
        await amal.presses("📅 Announce a session")
        await amal.touches(next(one for one in amal.labels if capital(amal) in one))
    assert await town.statuses() == ["draft"]


async def test_a_day_or_an_office_may_be_typed(town: NewsTown) -> None:
    amal = await town.administrator()
    await town.living(office="muharraq")
    await amal.says("/announce")
    await amal.presses("📅 Announce a session")
    await amal.says(town.day())
    assert "Several offices receive people on that day" in amal.card
    await amal.says("Muharraq")
    assert all("Muharraq" in one for one in amal.labels if "·" in one)
    await amal.says(town.day())
    assert "To: Muharraq" in amal.card


async def test_what_it_brought_is_shown_with_past_announcements(town: NewsTown, amal: Administrator) -> None:
    english = await town.living("1001")
    stops = await town.living("1002")
    await announces(amal, capital(amal), 2)
    await town.passes()
    await english.taps("Book now")
    await stops.taps("Stop news")
    await amal.says("/announce past")
    for text, n in (("sent: {n}", 2), ("tapped a button: {n}", 1), ("booked: {n}", 0), ("no more news: {n}", 1)):
        assert without_marks(amal.t.plain(text, n=n)) in amal.card
    await stops.taps("Get news again")
    await amal.says("/announce past")
    assert without_marks(amal.t.plain("no more news: {n}", n=0)) in amal.card


async def test_a_session_that_filled_up_meanwhile_is_not_announced(town: NewsTown, amal: Administrator) -> None:
    await town.living()
    await amal.says("/announce")
    await amal.presses("📅 Announce a session")
    await amal.touches(next(one for one in amal.labels if capital(amal) in one))
    await amal.presses("✅ Send …")
    async with town.database.transaction() as tx:
        await tx.run("UPDATE slots SET capacity = 0")
    await amal.presses_count(SEND, 1)
    amal.reads("The Customer Day is fully booked.")
    assert await town.statuses() == ["draft"]


async def test_book_now_opens_the_times_of_the_announced_day(town: NewsTown, amal: Administrator) -> None:
    english, arabic = await town.living("1001"), await town.living("1002", "Maryam", "ar")
    await announces(amal, capital(amal), 2)
    await town.passes()
    await english.taps("Book now")
    english.sees("Which time suits you?")
    await arabic.taps(_label("📅 Book now", Language.AR))
    assert without_marks(CATALOGUES.localizer(Language.AR).full_date(town.customer_days[0])) in without_marks(
        arabic.last.text
    )


async def test_book_now_of_a_closed_day_says_so_and_shows_the_other_days(town: NewsTown, amal: Administrator) -> None:
    english = await town.living("1001")
    await announces(amal, capital(amal), 1)
    await town.passes()
    day, office = town.customer_days[0], OfficeId("capital")
    await town.work(lambda work: booking_sessions.close_day(work, office, day, Translations({}), CLOCK))
    await english.taps("Book now")
    english.sees("There are no times left on")
    assert "Which day suits you?" in english.last.text


async def test_a_made_up_day_leads_to_the_list_of_days(town: NewsTown) -> None:
    english = await town.living("1001")
    for session in ("999999", "-1", "١", "x"):
        await english.taps_data(f"do:book_day:{session}:0")
        assert "Which day suits you?" in english.last.text


def _label(text: str, language: Language) -> str:
    return CATALOGUES.localizer(language).plain(text)

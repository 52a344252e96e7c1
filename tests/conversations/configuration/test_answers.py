"""Ready answers are added, changed and removed in chat, and hold at once for whoever asks."""

from __future__ import annotations

from locales import clean
from services.offices import changes
from services.offices.answers import AnswerId
from services.offices.document import as_yaml, offices_data
from services.offices.offices import load_offices
from tests.conversations.configuring_town import ConfiguringTown
from tests.conversations.staff_town import CAPITAL
from tests.conversations.town import Person

OWN, MUHARRAQ = AnswerId("own1"), "muharraq"


async def opens(person: Person, *labels: str, office: str = "Capital Municipality") -> None:
    await person.says("/offices")
    for label in (office, "Ready answers", *labels):
        await person.taps(label)


async def adds_the_fish_market(town: ConfiguringTown) -> None:
    boss = town.boss
    await opens(boss, "Add an answer")
    await boss.says("?")
    boss.sees("Send it in words, in Arabic or in English.")
    await boss.says("متى يفتح سوق السمك؟\nWhen does the fish market open?")
    await boss.says("يفتح عند الفجر. {tel}\nIt opens at dawn. {tel}")
    await boss.says("سوق السمك، السماك\nfish market")
    assert "{hotline}" in boss.sees("only these in braces:").text
    await boss.taps("Back")
    await opens(boss, "Add an answer")
    await boss.says("متى يفتح سوق السمك؟\nWhen does the fish market open?")
    await boss.says("يفتح عند الفجر.\nللاستفسار {hotline}\nIt opens at dawn.\nAsk {hotline}")
    await boss.says("سوق السمك، السماك، fish market, fish")
    boss.sees("Check the change")
    await boss.taps("Confirm")


async def asks(town: ConfiguringTown, words: str, office: str = CAPITAL) -> Person:
    person = town.resident("5005", "Fatima", "en")
    await person.says("/start")
    await town.settles(person, office)
    await person.says(words)
    return person


async def test_an_office_is_given_an_answer_of_its_own_which_holds_at_once(town: ConfiguringTown) -> None:
    await adds_the_fish_market(town)

    fatima = await asks(town, "what time does the fish market open?")
    assert "It opens at dawn." in fatima.last.text
    assert "Ask +973 8000 8188" in clean(fatima.last.text)
    assert "Source: Capital Municipality" in clean(fatima.last.text)

    neighbour = await asks(town, "what time does the fish market open?", MUHARRAQ)
    assert "It opens at dawn." not in neighbour.last.text


async def test_an_own_answer_is_changed_undone_and_removed(town: ConfiguringTown) -> None:
    await adds_the_fish_market(town)
    boss = town.boss
    await boss.taps("Its answer")
    await boss.says("يفتح الساعة 04:00.\nIt opens at 04:00.")
    await boss.taps("Confirm")
    assert town.desk.offices.answers_of(CAPITAL)[OWN].text.en == "It opens at 04:00."

    await boss.taps("Undo this change")
    await boss.taps("Confirm")
    assert "dawn" in town.desk.offices.answers_of(CAPITAL)[OWN].text.en

    await opens(boss, "When does the fish market open?", "Remove this answer")
    await boss.taps("Confirm")
    assert OWN not in town.desk.offices.answers_of(CAPITAL)
    assert "When does the fish market open?" in (await history(town))


async def history(town: ConfiguringTown) -> str:
    await town.boss.says("/offices")
    await town.boss.taps("Capital Municipality")
    await town.boss.taps("Recent changes")
    return clean(town.boss.last.text)


async def test_a_shared_answer_is_changed_for_every_office(town: ConfiguringTown) -> None:
    boss = town.boss
    await opens(boss, "When is Customer Day, and how do I book?", "Website", office="All offices")
    await boss.says("https://www.example.bh/customer-day")
    await boss.taps("Confirm")

    fatima = await asks(town, "what is customer day?", MUHARRAQ)
    assert any(
        choice.url == "https://www.example.bh/customer-day" for row in fatima.last.message.rows for choice in row
    )


async def test_deadlines_of_inquiries_are_changed_in_working_hours(town: ConfiguringTown) -> None:
    boss = town.boss
    await boss.says("/offices")
    for label in ("All offices", "Deadlines of inquiries", "Working hours until it is answered"):
        await boss.taps(label)
    await boss.says("20")
    assert "not fewer hours than the earlier deadline (20)" in clean(boss.last.text)  # the closing would be before it
    await boss.says("10")
    await boss.taps("Confirm")
    assert town.desk.offices.inquiries.targets.update == 10


async def test_what_was_added_stands_in_the_export_and_reads_back(town: ConfiguringTown, tmp_path) -> None:
    await adds_the_fish_market(town)
    async with town.database.transaction() as tx:
        present = await changes.present(town.desk.work(tx))
    (tmp_path / "offices.yaml").write_text(as_yaml(offices_data(present.offices)), encoding="utf-8")
    (tmp_path / "blocks.csv").write_text("block,office,source,confidence\n", encoding="utf-8")

    again = load_offices(tmp_path / "offices.yaml")

    assert again.answers_of(CAPITAL) == present.offices.answers_of(CAPITAL)
    assert again.answers_of(CAPITAL)[OWN].keywords.en == ("fish market", "fish")

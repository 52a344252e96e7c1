"""The offices file: the shipped one is right, and a wrong one says where."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest

from services.offices.offices import SHIPPED, CaseKind, OfficesFileError, PlaceNeed, TopicId, load_offices
from storage.ids import CategoryId, ChatId, OfficeId
from tests.known import known
from tests.shipped import OFFICES

SMALL = """
ministry: { ar: الوزارة, en: Ministry }
zone: Asia/Bahrain
hotline: 80008188
hours: { sunday: 07:00-14:15, monday: 07:00-14:15 }
targets: { close: 8 }
bodies:
  town: { name: { ar: البلدية, en: Municipality } }
offices:
  north:
    name: { ar: الشمال, en: North }
    short_name: { ar: الشمال, en: North }
    place: { latitude: 26.2, longitude: 50.4, title: { ar: مبنى, en: Building }, address: { ar: شارع, en: Road } }
    customer_day:
      - { lane: director, name: { ar: المدير, en: Director }, weekday: sunday, opens: 9:00, closes: 12:00 }
categories:
  clean: { name: { ar: نظافة, en: Cleanliness }, emoji: 🧹, owner: town, targets: { update: 3 } }
topics:
  any: { name: { ar: موضوع, en: Topic }, emoji: 💬, category: clean }
geography:
  box: { west: 50, east: 51, south: 25, north: 27 }
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "offices.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def problems(folder: Path, text: str) -> list[str]:
    with pytest.raises(OfficesFileError) as caught:
        load_offices(written(folder, text))
    return [str(problem) for problem in caught.value.problems]


def changed(old: str, new: str) -> str:
    assert old in SMALL
    return SMALL.replace(old, new)


# ---------------------------------------------------------------------------- the shipped file


def test_bahrain_has_its_six_offices_and_22_categories():
    assert [office.id for office in OFFICES.all] == [
        "capital",
        "muharraq",
        "northern",
        "southern",
        "investors",
        "community",
    ]
    assert len(OFFICES.categories) == 22
    assert OFFICES.hotline == "+97380008188"


def test_who_is_promised_something_about_a_permit_gets_no_case_of_a_violation():
    """And an open case about either may be what the meeting is about."""
    permits, neighbourhood = (OFFICES.topics_by_id[TopicId(one)] for one in ("permits", "neighbourhood"))
    assert (permits.category, permits.also) == ("other", ("building",))
    assert neighbourhood.category == "other"
    assert {"parks", "markets", "roads"} <= set(neighbourhood.also)


def test_every_municipality_and_the_centre_receive_on_wednesday_morning():
    assert [office.id for office in OFFICES.with_customer_day] == [
        "capital",
        "muharraq",
        "northern",
        "southern",
        "investors",
    ]
    for office in OFFICES.with_customer_day:
        (rule,) = office.customer_day
        assert rule.holds_on(date(2026, 12, 2))
        assert not rule.holds_on(date(2026, 12, 3))
        assert (len(rule.slot_starts()), rule.slot_starts()[0], rule.slot_starts()[-1]) == (12, time(9), time(11, 45))


def test_the_shipped_file_names_no_staff_chat():
    assert {office.staff_chat for office in OFFICES.all} == {None}


def test_the_ministrys_chat_is_handed_in_and_wins_over_the_file():
    of_file = OFFICES.model_copy(update={"ministry_chat": ChatId("-1")})
    assert OFFICES.ministry_chat is None
    assert of_file.with_ministry_chat(None).ministry_chat == "-1"
    assert of_file.with_ministry_chat(ChatId("-2")).ministry_chat == "-2"


def test_staff_chats_are_handed_in_and_unknown_offices_are_named():
    capital = OfficeId("capital")
    given = OFFICES.with_staff_chats({capital: ChatId("-1001")})
    assert [office.staff_chat for office in given.all] == ["-1001", *[None] * 5]
    assert known(OFFICES.get(capital)).staff_chat is None
    with pytest.raises(ValueError, match="atlantis"):
        OFFICES.with_staff_chats({OfficeId("atlantis"): ChatId("-1")})


def test_who_works_at_the_desk_is_no_other_body():
    assert set(OFFICES.bodies_by_id) - set(OFFICES.other_bodies) == {"municipality", "ministry", "centre"}
    assert {body.id for body in OFFICES.bodies_by_id.values() if body.refers} <= set(OFFICES.other_bodies)


def test_categories_of_other_bodies_are_referred_with_a_hotline():
    referred = {
        category.id: OFFICES.body(category.owner).hotline
        for category in OFFICES.categories
        if OFFICES.body(category.owner).refers
    }
    assert referred == {"sewerage": "+97380001810", "roads": "+97380001810", "lighting": "+97317515555"}


def test_the_centre_deals_with_projects_only_and_asks_for_them():
    centre = known(OFFICES.get(OfficeId("investors")))
    assert centre.asks == ("project", "commercial_registration")
    ids = [category.id for category in OFFICES.categories_for(centre.id)]
    assert "investment" in ids
    assert "strays" not in ids


def test_categories_are_those_of_the_kind():
    capital = OfficeId("capital")
    requests = {category.id for category in OFFICES.categories_for(capital, CaseKind.SERVICE_REQUEST)}
    assert "housing" in requests
    assert "vendors" not in requests
    assert OFFICES.categories_for(OfficeId("gone")) == ()


def test_unknown_ids_are_answered_with_none():
    assert OFFICES.get(OfficeId("gone")) is None
    assert OFFICES.category(CategoryId("gone")) is None


def test_bilingual_gives_arabic_for_every_arabic():
    name = known(OFFICES.get(OfficeId("capital"))).short_name
    assert [name.get(language) for language in ("ar", "ar-BH", "en", "fr")] == [
        "العاصمة",
        "العاصمة",
        "Capital",
        "Capital",
    ]


def test_a_name_may_be_given_in_a_further_language(tmp_path):
    named = changed("en: North }\n    short", "en: North, ur: شمالی }\n    short")
    found = named.replace("clean: {", "clean: { keywords: { ur: [صفائی] },")
    offices = load_offices(written(tmp_path, found))
    (office,), (category,) = offices.all, offices.categories
    assert [office.name.get(language) for language in ("ar", "en", "ur", "fr")] == ["الشمال", "North", "شمالی", "North"]
    assert "شمالی" in office.words
    assert "صفائی" in category.words


# ---------------------------------------------------------------------------- any file


def test_a_small_file_is_enough_and_what_it_leaves_out_has_defaults(tmp_path):
    offices = load_offices(written(tmp_path, SMALL))
    (office,) = offices.all
    (category,) = offices.categories
    assert known(office.hours.on(0)).closes == time(14, 15)
    assert office.hours.on(4) is None
    targets = category.targets
    assert (targets.triage, targets.update, targets.close, targets.hard_limit) == (1, 3, 8, 14)
    assert category.place is PlaceNeed.OPTIONAL


def test_times_without_quotes_are_times(tmp_path):
    rule = load_offices(written(tmp_path, SMALL)).all[0].customer_day[0]
    assert rule.opens == time(9)


def test_a_retired_office_is_found_but_not_offered(tmp_path):
    text = SMALL.replace(
        "offices:\n",
        "offices:\n  old: { name: { ar: قديم, en: Old }, short_name: { ar: قديم, en: Old }, retired: true }\n",
        1,
    )
    offices = load_offices(written(tmp_path, text))
    assert [office.id for office in offices.all] == ["north"]
    assert known(offices.get(OfficeId("old"))).retired


def test_the_list_of_mistakes_is_readable(tmp_path):
    with pytest.raises(OfficesFileError) as caught:
        load_offices(written(tmp_path, changed("zone: Asia/Bahrain", "zone: Asia/Bahrein")))
    assert str(caught.value) == (
        "1 mistake in the offices file:\n"
        '  offices.yaml:3: zone: expected a time zone such as Asia/Bahrain, found "Asia/Bahrein"'
    )


def test_all_mistakes_are_reported_at_once_in_the_order_of_lines(tmp_path):
    text = SMALL.replace("zone: Asia/Bahrain", "zone: Mars").replace("owner: town", "owner: twon").replace("9:00", "9")
    found = problems(tmp_path, text)
    assert [line.split(": ")[0] for line in found] == ["offices.yaml:3", "offices.yaml:15", "offices.yaml:17"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("hotline: 80008188", "hotline: 123", "hotline: expected a phone number"),
        ("hotline: 80008188", "hotlin: 80008188", "hotlin: expected one of the keys: did you mean “hotline”?"),
        ("hotline: 80008188\n", "", "hotline: expected the key “hotline”, which is missing"),
        ("hotline: 80008188", "hotline: 80008188\nhotline: 80008188", "expected each key once (it is also on line 4)"),
        ("en: North }\n    short", "en: }\n    short", "offices.north.name.en: expected text, found null"),
        ("en: North }\n    short", "en: شمال }\n    short", "offices.north.name: expected English text"),
        ("ar: الشمال, en: North }\n    short", "en: North }\n    short", "name.ar: expected the key “ar”"),
        (
            "en: North }\n    short",
            "en: North, English: N }\n    short",
            "name: expected the codes of languages",
        ),
        ("en: North }\n    short", "en: North, ur: 7 }\n    short", "name.ur: expected text, found 7"),
        ("    place:", "    staff_language: English\n    place:", "staff_language: expected the code of a language"),
        ("weekday: sunday", "weekday: sonday", "customer_day[0].weekday: expected a weekday: monday"),
        ("opens: 9:00", "opens: 900", "opens: expected a time such as 09:00, found 900"),
        ("opens: 9:00", "opens: 25:00", "opens: expected a time such as 09:00"),
        ("closes: 12:00", "closes: 8:00", "closes: expected a time after 09:00"),
        ("closes: 12:00", "closes: 12:10", "expected slots of 15 minutes to fill 09:00–12:10 exactly"),
        ("closes: 12:00", "closes: 12:00, breaks: [8:00-9:15]", "expected breaks within 09:00–12:00"),
        (
            "closes: 12:00",
            "closes: 12:00, breaks: [10:00-10:30, 10:15-10:45]",
            "breaks: expected breaks that do not overlap",
        ),
        ("closes: 12:00", "closes: 12:00, capacity: 0", "capacity: expected at least 1, found 0"),
        ("closes: 12:00", "closes: 12:00, capacity: two", 'capacity: expected a whole number, found "two"'),
        ("lane: director", "lane: The Director", "lane: expected an id of at most 20 small letters"),
        ("07:00-14:15, monday", "07:00, monday", "hours.sunday: expected two times such as 07:00–14:15"),
        ("sunday: 07:00-14:15, monday: 07:00-14:15", "ramadan: 08:00-14:00", "hours: expected hours on one weekday"),
        ("emoji: 💬", "emoji: 🆕", "topics.any.emoji: expected an emoji without letters in it"),
        (
            "town: { name",
            "town: { ours: true, refers: true, name",
            "bodies.town.refers: expected false, since the body is “ours”, found true",
        ),
        ("owner: town", "owner: twon", "categories.clean.owner: expected one of the bodies: did you mean “town”?"),
        (
            "category: clean }\ngeo",
            "category: clean, also: [dirt] }\ngeo",
            "topics.any.also[0]: expected one of the categories",
        ),
        ("category: clean", "category: dirt", "topics.any.category: expected one of the categories: clean"),
        ("owner: town", "owner: town, offices: [south]", "categories.clean.offices[0]: expected one of the offices"),
        ("owner: town", "owner: town, kinds: [moan]", "kinds[0]: expected one of 'complaint', 'suggestion'"),
        ("update: 3", "update: 9", "targets.close: expected not fewer days than “update” (9)"),
        ("north: 27 }", "north: 24 }", "geography.box.north: expected more than “south” (25.0)"),
        (
            "north: 27 }",
            "north: 27 }\n  areas: [{ office: north, polygon: [[50, 26], [51, 26]] }]",
            "geography.areas[0].polygon: expected three different points at least",
        ),
        (
            "north: 27 }",
            "north: 27 }\n  areas: [{ office: north, polygon: [[50, 26], [51, 27], [51, 26], [50, 27]] }]",
            "geography.areas[0].polygon: expected an outline that does not cross itself",
        ),
        ("north: 27 }", "north: 27 }\n  blocks_file: none.csv", "blocks_file: expected a file that can be read"),
        (
            "targets: { close: 8 }",
            "closures: [{ reason: { ar: عطلة, en: Day } }]",
            "closures[0]: expected either “date”",
        ),
        ("    place:", "    id: south\n    place:", "offices.north.id: expected no id, since the key is the id"),
        ("  north:\n", "  No rth:\n", "offices.No rth: expected an id of at most 20 small letters"),
    ],
)
def test_a_mistake_is_named_with_what_was_expected(tmp_path, old, new, expected):
    found = problems(tmp_path, changed(old, new))
    assert any(expected in line for line in found), found


def test_staff_work_in_a_language_that_is_spoken(tmp_path):
    path = written(tmp_path, changed("    place:", "    staff_language: ur\n    place:"))
    assert load_offices(path, languages=("ar", "en", "ur")).all[0].staff_language == "ur"
    with pytest.raises(OfficesFileError, match="staff_language: expected one of the languages: ar, en, found"):
        load_offices(path, languages=("ar", "en"))


def test_a_mistake_at_the_top_is_not_repeated_for_what_takes_it_over(tmp_path):
    found = problems(tmp_path, changed("sunday: 07:00-14:15", "sunday: 7"))
    assert len(found) == 1


def test_two_sittings_of_a_lane_at_once_are_refused_unless_one_follows_the_other(tmp_path):
    rule = next(line for line in SMALL.splitlines() if "lane: director" in line)
    twice = SMALL.replace(rule, f"{rule}\n{rule.replace('9:00', '11:00')}")
    (found,) = problems(tmp_path, twice)
    assert "customer_day: expected sittings of director on sunday that do not overlap" in found

    until = rule.replace("12:00", "12:00, active_until: 2026-12-31")
    after = rule.replace("9:00", "11:00").replace("12:00 }", "12:00, active_from: 2027-01-01 }")
    offices = load_offices(written(tmp_path, SMALL.replace(rule, f"{until}\n{after}")))
    assert [r.holds_on(date(2027, 1, 3)) for r in offices.all[0].customer_day] == [False, True]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "expected offices, categories and the rest, as keys and values, found null"),
        ("- a", "expected offices, categories and the rest"),
        ("a: [", "offices.yaml:1: expected well-formed YAML"),
        ("a: &a [*a]", "a[0]: expected a value of its own"),
        ("a: !!python/object:os.system x", "a: expected a plain value without a tag"),
        ("[1, 2]: x", "expected a plain word as a key"),
        ("a: \x07", "expected well-formed YAML"),
    ],
)
def test_what_is_no_offices_file_at_all_is_said_too(tmp_path, text, expected):
    assert any(expected in line for line in problems(tmp_path, text))


def test_a_missing_file_and_a_wrong_encoding_are_mistakes_like_others(tmp_path):
    with pytest.raises(OfficesFileError, match="a file that can be read"):
        load_offices(tmp_path / "nowhere.yaml")
    path = tmp_path / "latin.yaml"
    path.write_bytes(b"name: \xe9")
    with pytest.raises(OfficesFileError, match="UTF-8"):
        load_offices(path)


def test_mistakes_in_the_blocks_file_have_its_lines(tmp_path):
    (tmp_path / "blocks.csv").write_text(
        "block,office,source,confidence\n338,north,map,sure\n338,north,map,sure\n99,north,map,sure\n"
        "340,south,map,sure\n341,north,map\n",
        encoding="utf-8",
    )
    found = problems(tmp_path, changed("north: 27 }", "north: 27 }\n  blocks_file: blocks.csv"))
    assert found == [
        "blocks.csv:3: block: expected each block once, found 338",
        'blocks.csv:4: block: expected at least 101, found "99"',
        'blocks.csv:5: office: expected one of the offices: north, found "south"',
        "blocks.csv:6: confidence: expected the key “confidence”, which is missing",
    ]


def test_breaks_leave_their_slots_out(tmp_path):
    offices = load_offices(written(tmp_path, changed("closes: 12:00", "closes: 11:00, breaks: [10:00–10:30]")))
    starts = offices.all[0].customer_day[0].slot_starts()
    assert [f"{start:%H:%M}" for start in starts] == ["09:00", "09:15", "09:30", "09:45", "10:30", "10:45"]


def test_the_shipped_files_lie_beside_the_program():
    assert SHIPPED.is_file()
    assert len(OFFICES.geography.blocks) == 53

"""Which words bring the number to call and alert the team, and which only sound like it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from benchmarks.understanding import TODAY
from services.offices.offices import load_offices
from services.understanding.understanding import Understanding

RULES = Understanding(load_offices())
#: Real dangers and what only sounds like one, in three ways of writing (`benchmarks/README.md` has the figures).
SAID = Path(__file__).parents[2] / "data" / "dangers.csv"

DANGEROUS = [
    ("طفل طاح في حفرة مجاري مفتوحة", "fall"),
    ("kid fell in an open sewer hole, help", "fall"),
    ("someone fell in a manhole", "fall"),
    ("واحد طاح في البالوعة", "fall"),
    ("في حفرة كبيرة والعيال طاحو فيها", "fall"),
    ("سقطت امرأة في حفرة بالشارع", "fall"),
    ("my son got electrocuted by the lamp post", "electricity"),
    ("ولد انكهرب من عمود الليت", "electricity"),
    ("بنتي تكهربت من العمود", "electricity"),
    ("fire in the dumpster behind blk 338", "fire"),
    ("there is a fire in our building", "fire"),
    ("the fire extinguisher is empty and there is a fire in the kitchen", "fire"),
    ("a shop has fire and no permit", "fire"),
    ("حريق في الزبالة", "fire"),
    ("شب حريق عند الجيران", "fire"),
    ("النار شبت في الحاوية", "fire"),
    ("الحاوية تحترق", "fire"),
    ("gas smell in the building!!", "gas"),
    ("an old man is unconscious on the pavement", "injury"),
    ("he is bleeding a lot", "injury"),
    ("a worker got hurt at the site, get help", "injury"),
    ("people trapped under the wall", "injury"),
    ("my daughter was run over by a car", "injury"),
    ("ولدي تعور وينزف", "injury"),
    ("رجال مغمى عليه في الحديقة", "injury"),
    ("سيارة دهست طفل", "injury"),
    ("عامل محبوس في المصعد", "injury"),
    ("a dog bit my son near the school", "dogs"),
    ("عضني كلب في الفريج", "dogs"),
    ("ولدي عضته الكلاب", "dogs"),
    ("manhole cover missing, open manhole", "manhole"),
    ("نحتاج اسعاف", "injury"),
    ("اتصلوا بالإسعاف", "injury"),
    ("we need an ambulance", "injury"),
    ("call the fire brigade", "fire"),
    ("بلغوا المطافي", "fire"),
    ("قرصته عقرب", "venom"),
    ("لدغته حية", "venom"),
    ("wildi garsata 3agrab", "venom"),
    ("ولدي انعض", "dogs"),
    ("الكلب عضها", "dogs"),
    ("طاحت شجرة على عامل في الشارع", "injury"),
    ("a tree fell on a child on the road", "injury"),
    ("شرار من عمود الإنارة", "electricity"),
    ("smoke from the electricity box", "electricity"),
    ("سلك كهرباء طايح على الأرض", "electricity"),
    ("انفجار في بيت الجيران", "fire"),
    ("someone is stuck in the lift", "injury"),
    ("واحد يغرق في البحر", "injury"),
    ("لو سمحتوا طاح ولد في حفرة", "fall"),  # "please", not "if"
    ("my son fell in a manhole because a tree fell and covered it", "fall"),
]

HARMLESS = [
    "the lights fell",
    "the street light pole fell last week",
    "I fell in love with the park",
    "my phone fell in the drain",
    "سيارتي طاحت في حفرة وخرب التاير",
    "نار الأسعار في السوق",
    "الأسعار نار",
    "ابي شجرة كنار في الحديقة",
    "I suggest a barbecue fire pit at the beach",
    "how do I get a fire safety certificate",
    "the fire extinguisher in the market is old",
    "a permit for a fire alarm",
    "شلون اطلع رخصة نظام الحريق",
    "هل احتاج شهادة السلامة من الحريق؟",
    "طفاية الحريق في السوق قديمة",
    "gas cylinder shop permit",
    "رخصة محل اسطوانات غاز",
    "someone will get hurt one day because of this hole",
    "the lamp post was hit by a car",
    "سيارة صدمت عمود الإنارة",
    "there is an injured cat in the park",
    "النخلة مصابة بسوسة",
    "water is trapped in the road",
    "there are a bit too many dogs",
    "اللمبة احترقت",
    "my boss fired me",
    "fireworks every night",
    "the fire hose is missing",
    "شركة مكافحة الحرائق",
    "عندهم الشواء والنار في البيت كل ليلة",
    "لو طاح أحد في الحفرة",
    "fix the hole before somebody falls",
    "fire station road is dark",
    "I am fired up",
    "the ambulance entrance is blocked",  # an obstruction: nobody is hurt
    "مدخل الإسعاف مسدود",
    "الإسعاف ما يقدر يدخل الفريج نبي توسعة الشارع",
    "dog bite vaccine question",
    "smoke detectors certificate",
    "عمود الليت ما يولع قدام بيتنا",
    "سيارة ضربت عمود الكهرباء",
    "غرق الشارع ولا أحد جا",
    "tree fell on the road, people cannot pass",
    "the wall fell last week, nobody was hurt",
    "نبي إطفاء الإنارة بالنهار",
]


@pytest.mark.parametrize(("text", "danger"), DANGEROUS)
def test_words_of_an_accident_tell_of_a_danger_and_need_no_category(text: str, danger: str) -> None:
    known = RULES.of(text, TODAY)

    assert known.danger == danger
    assert known.category is not None
    assert known.matters is None


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_sounds_like_a_danger_is_none(text: str) -> None:
    assert RULES.of(text, TODAY).danger is None


def test_most_of_what_is_dangerous_rings_and_hardly_anything_else() -> None:
    with SAID.open(encoding="utf-8") as file:
        said = list(csv.DictReader(file))
    rings = {row["text"] for row in said if RULES.of(row["text"], TODAY).danger is not None}

    for part in ("tuned", "untouched"):
        real, alike = (
            [row["text"] for row in said if (row["part"], row["danger"]) == (part, danger)] for danger in ("yes", "no")
        )
        assert len(real) == len(alike) == 30
        assert len(rings & set(real)) >= 29
        assert len(rings & set(alike)) <= 1


def test_what_is_harmless_for_one_danger_hides_no_other() -> None:
    assert RULES.of("the tree fell and the fire alarm went off, a man is bleeding", TODAY).danger == "injury"
    assert RULES.of("a branch fell on a worker", TODAY).danger == "injury"  # "branch fell" is harmless of a fall only

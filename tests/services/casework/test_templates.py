"""Ready texts: what the shipped file offers, and how a wrong file says what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.cases.workflow import OPEN
from services.casework.replies import LONGEST, ReplyKind
from services.casework.templates import PLACEHOLDERS, Template, TemplatesFileError, load_templates
from storage.database import Database
from storage.ids import CategoryId
from storage.records.cases import Case, CaseStatus
from tests.services.case_builders import Casework
from tests.shipped import OFFICES, TEMPLATES

VALUES = {name: "«" + name + "»" for name in PLACEHOLDERS}


async def _case(database: Database, **changes: object) -> Case:
    casework = Casework(database)
    return (await casework.case(await casework.resident())).model_copy(update=changes)


# ---------------------------------------------------------------------------- the shipped texts


def _names() -> list[str]:
    return [template.id for template in TEMPLATES.all]


@pytest.mark.parametrize("name", _names())
def test_a_shipped_text_can_be_filled_in_and_fits_a_message(name: str) -> None:
    template = TEMPLATES.get(name)
    assert template is not None
    for language in ("ar", "en"):
        text = template.fill(language, VALUES)
        assert len(text) < LONGEST
        assert "{" not in text
        for placeholder in template.placeholders:
            assert VALUES[placeholder] in text
    arabic = template.text.ar
    assert any("\u0600" <= letter <= "\u06ff" for letter in arabic)


def test_every_category_has_something_to_ask_to_answer_and_to_close_with() -> None:
    for category in OFFICES.categories:
        offered = {
            template.kind for template in TEMPLATES.all if not template.categories or category.id in template.categories
        }
        assert offered == {ReplyKind.ASK, ReplyKind.REPLY, ReplyKind.RESOLVE, ReplyKind.REJECT}, category.id


async def test_what_is_made_for_the_category_comes_first(database: Database) -> None:
    case = await _case(database)
    found = TEMPLATES.for_case(case, ReplyKind.RESOLVE)
    assert [template.id for template in found] == ["bins_done", "done"]


async def test_a_text_is_offered_only_in_its_states(database: Database) -> None:
    case = await _case(database)
    assert "later" not in [template.id for template in TEMPLATES.for_case(case)]
    later = case.model_copy(update={"status": CaseStatus.IN_PROGRESS})
    assert "later" in [template.id for template in TEMPLATES.for_case(later)]
    closed = case.model_copy(update={"status": CaseStatus.CLOSED})
    assert {template.kind for template in TEMPLATES.for_case(closed)} == {ReplyKind.REPLY}
    assert all(TEMPLATES.for_case(case.model_copy(update={"status": state}), ReplyKind.ASK) for state in OPEN)


async def test_lighting_is_referred_to_the_electricity_authority(database: Database) -> None:
    case = await _case(database, category=CategoryId("lighting"), status=CaseStatus.REFERRED)
    names = [template.id for template in TEMPLATES.for_case(case, ReplyKind.REPLY)]
    assert names[0] == "ewa"
    assert "works" not in names


def test_the_shipped_texts_do_without_categories_that_an_offices_file_lacks() -> None:
    fewer = OFFICES.model_copy(update={"categories_by_id": {"bins": OFFICES.categories_by_id["bins"]}})
    known = {category for template in load_templates(fewer).all for category in template.categories}
    assert known == {"bins"}


# ---------------------------------------------------------------------------- a file of one's own


def _load(folder: Path, text: str) -> tuple[Template, ...]:
    path = folder / "ours.yaml"
    path.write_text(text, encoding="utf-8")
    return load_templates(OFFICES, path).all


GOOD = """
templates:
  thanks:
    title: { ar: شكر, en: Thanks }
    text: { ar: "شكراً {reference}", en: "Thank you {reference}" }
"""


def test_a_file_of_ones_own_replaces_the_shipped_one(tmp_path: Path) -> None:
    (thanks,) = _load(tmp_path, GOOD)
    assert (thanks.id, thanks.kind, thanks.states) == ("thanks", ReplyKind.REPLY, ())
    assert thanks.fill("en", VALUES) == "Thank you «reference»"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("{reference}", "{refrence}", "did you mean “reference”?"),
        ('en: "Thank you {reference}"', 'en: "Thank you"', "{reference} is not in “en”"),
        ('ar: "شكراً {reference}"', 'ar: "شكراً"', "{reference} is not in “ar”"),
        ('en: "Thank you {reference}"', 'en: "Thank you {reference}", ur: شکریہ', "{reference} is not in “ur”"),
        ("{reference}", "{reference", "braces come in pairs"),
        ("{reference}", "{reference!r:>9}", "one of the placeholders"),
        ("{reference}", "{}", "one of the placeholders"),
        ("title:", "categories: [bin]\n    title:", "did you mean “bins”?"),
        ("title:", "manner: note\n    title:", "ask, reply, resolve or reject"),
        ("title:", "manner: shout\n    title:", "one of"),
        ("title:", "states: [closed]\n    manner: ask\n    title:", "states in which a case has “ask” (never: closed)"),
        ("title:", "state: [closed]\n    title:", "did you mean “states”?"),
        ("title:", "id: x\n    title:", "the key is the id"),
        ("  thanks:", "  Thanks-a-lot-indeed:", "an id of at most 12 small letters"),
        ("en: Thanks }", "en: " + "x" * 41 + " }", "at most 40 characters"),
        (", en: Thanks }", " }", "the key “en”, which is missing"),
        ("Thank you", "x" * 1201, "at most 1200 characters"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(TemplatesFileError) as caught:
        _load(tmp_path, GOOD.replace(old, new))
    assert said in str(caught.value)
    assert "in the templates file:" in str(caught.value)
    assert "ours.yaml:" in str(caught.value)
    assert all(problem.line for problem in caught.value.problems)


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(TemplatesFileError) as caught:
        _load(tmp_path, GOOD.replace("{reference}", "{x}").replace("title:", "categories: [bin]\n    title:"))
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize("text", ["", "templates", "- a", "templates: 7", "templates: [1]", "{", "templates: {a: 1}"])
def test_what_is_no_templates_file_is_refused_in_words(tmp_path: Path, text: str) -> None:
    with pytest.raises(TemplatesFileError):
        _load(tmp_path, text)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(TemplatesFileError, match="a file that can be read"):
        load_templates(OFFICES, tmp_path / "none.yaml")

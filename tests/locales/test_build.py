from __future__ import annotations

import io
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from locales import Language, load
from locales.build.__main__ import ROOT, main

BOOKING = """
def ask(t, talk, n):
    talk.say(t("Choose a day"), t.plain("Back"))
    return t.plural("{n} seat is free", "{n} seats are free", n)
"""


class Project:
    """A project of a few source files, and the tool run on it."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = root
        self._capsys = capsys
        self._monkeypatch = monkeypatch
        (root / "locales").mkdir()

    def source(self, name: str, code: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(code, encoding="utf-8")

    def run(self, *arguments: str, stdin: object = None) -> tuple[int, str]:
        self._capsys.readouterr()
        self._monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(stdin)))
        status = main(["--root", str(self.root), *arguments])
        return status, self._capsys.readouterr().out

    def fill(self, translations: dict[str, str | list[str]]) -> tuple[int, str]:
        return self.run("fill", "ar", stdin=translations)

    def missing(self, *domain: str) -> dict[str, str | list[str]]:
        found: dict[str, str | list[str]] = json.loads(self.run("missing", "ar", *domain)[1])
        return found

    def faults(self) -> str:
        return self.run("check")[1]

    def po(self, name: str) -> Path:
        language, domain = name.split("/")
        return self.root / "locales" / language / "LC_MESSAGES" / f"{domain}.po"

    def domains(self) -> set[str]:
        return {path.stem for path in (self.root / "locales/ar/LC_MESSAGES").glob("*.po")}

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.po(name)
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Project:
    return Project(tmp_path, capsys, monkeypatch)


@pytest.fixture
def translated(project: Project) -> Project:
    """A project without a fault."""
    project.source("conversations/booking/start.py", BOOKING)
    status, out = project.fill(
        {
            "Choose a day": "يُرجى اختيار اليوم",
            "Back": "رجوع",
            "{n} seat is free": ["لا مقاعد", "مقعد واحد", "مقعدان", "{n} مقاعد", "{n} مقعداً", "{n} مقعد"],
        }
    )
    assert (status, out) == (0, "filled 3\n")
    return project


def test_the_shipped_catalogue_of_the_tongue_is_complete(ar_texts: dict[str, str]) -> None:
    assert ar_texts == {}


@pytest.fixture
def ar_texts(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    main(["--root", str(ROOT), "missing", "ar", "tongue"])
    found: dict[str, str] = json.loads(capsys.readouterr().out)
    return found


def test_a_translated_project_has_no_faults(translated: Project) -> None:
    assert translated.run("check") == (0, "")


def test_missing_is_ready_to_be_filled_in(project: Project) -> None:
    project.source("conversations/booking/start.py", BOOKING)
    project.source("bot/cards.py", 't("Claim")')
    assert project.missing("booking") == {"Back": "", "Choose a day": "", "{n} seat is free": [""] * 6}
    assert project.missing("bot") == {"Claim": ""}
    assert len(project.missing()) == 4
    assert not project.po("ar/booking").exists()


def test_english_is_what_the_code_says(translated: Project) -> None:
    t = load(translated.root / "locales").localizer(Language.EN)
    assert t("Choose a day") == "Choose a day"
    assert t.plural("{n} seat is free", "{n} seats are free", 2) == "2 seats are free"
    assert 'msgstr "Choose a day"' in translated.po("en/booking").read_text()


def test_updating_again_changes_nothing(translated: Project) -> None:
    before = translated.po("ar/booking").read_bytes()
    assert translated.run("update") == (0, "")
    assert translated.po("ar/booking").read_bytes() == before


def test_lines_that_move_change_nothing(translated: Project) -> None:
    translated.source("conversations/booking/start.py", "\n\n\n" + BOOKING)
    assert translated.run("update") == (0, "")


def test_a_text_said_twice_moves_to_common_with_its_translation(translated: Project) -> None:
    translated.source("bot/cards.py", 't("Back")')
    translated.run("update")
    assert translated.domains() == {"booking", "common"}
    assert "رجوع" in translated.po("ar/common").read_text()
    assert "رجوع" not in translated.po("ar/booking").read_text()
    translated.source("bot/cards.py", "")
    translated.run("update")
    assert translated.domains() == {"booking"}
    assert "رجوع" in translated.po("ar/booking").read_text()


def test_the_files_of_a_package_share_a_domain(project: Project) -> None:
    project.source("conversations/booking/start.py", 't("Back")')
    project.source("conversations/booking/review.py", 't("Back")\nt("Confirm")')
    project.source("conversations/reports/__init__.py", 'N_("Week")')
    project.source("services/bookings/due.py", 'N_("Next")')
    project.run("update")
    assert project.domains() == {"booking", "reports", "services"}


def test_what_is_no_longer_said_is_dropped(translated: Project) -> None:
    translated.source("conversations/booking/start.py", 't("Choose a day")')
    translated.run("update")
    assert "Back" not in translated.po("ar/booking").read_text()
    translated.source("conversations/booking/start.py", "")
    translated.run("update")
    assert translated.domains() == set()


def test_filling_drops_nothing_that_someone_is_rewriting(translated: Project) -> None:
    translated.source("conversations/booking/start.py", 't("Choose a day")')
    translated.source("bot/cards.py", 't("Claim")')
    translated.fill({"Claim": "استلام المهمة"})
    assert "رجوع" in translated.po("ar/booking").read_text()


def test_a_changed_text_is_not_guessed(translated: Project) -> None:
    translated.source("conversations/booking/start.py", BOOKING.replace("Choose a day", "Choose a day."))
    translated.run("update")
    assert translated.missing() == {"Choose a day.": ""}


def test_a_file_that_does_not_parse_keeps_its_texts(translated: Project) -> None:
    translated.source("conversations/booking/start.py", BOOKING + "def (")
    assert "does not parse" in translated.run("update")[1]
    assert "رجوع" in translated.po("ar/booking").read_text()
    assert "conversations/booking/start.py: does not parse" in translated.faults()


@pytest.mark.parametrize(
    ("translations", "why"),
    [
        ({"Unknown": "مجهول"}, "the code does not say this"),
        ({"Dear {name}": "السلام عليكم"}, "placeholders missing: name"),
        ({"Dear {name}": "السلام عليكم <b>{name}</b>"}, "other tags"),
        ({"{n} day": ["يوم"]}, "1 forms instead of 6"),
        ({"Dear {name}": "Dear {name}"}, "not Arabic"),
    ],
)
def test_a_faulty_translation_is_refused(project: Project, translations: dict[str, str | list[str]], why: str) -> None:
    project.source("bot/cards.py", 't("Dear {name}")\nt.plural("{n} day", "{n} days", n)')
    status, out = project.fill(translations)
    assert status == 1
    assert why in out
    assert set(project.missing()) == {"Dear {name}", "{n} day"}


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('"رجوع"', '""', "'Back': not translated"),
        ('"مقعدان"', '""', "form 2: not translated"),
        ("{n} مقاعد", "مقاعد", "form 3: placeholders missing: n"),
        ("{n} مقاعد", "{n} {m} مقاعد", "form 3: placeholders the English has not: m"),
        ("{n} مقاعد", "{n مقاعد", "form 3:"),
        ("رجوع", "{0} رجوع", "is not a plain name in braces"),
        ("اختيار اليوم", "<b>اختيار</b> اليوم", "other tags than the English"),
        ("اختيار اليوم", "<u>اختيار</u> اليوم", "<u> is not one of b, code, i"),
        ("اختيار اليوم", "اختيار < اليوم", "must be written as an entity"),
        ("يُرجى اختيار اليوم", "اختر اليوم", "اختر addresses one person"),
        ("يُرجى اختيار اليوم", "وأدخِل اليوم", "وأدخل addresses one person"),
        ("يُرجى اختيار اليوم", "هل أنتَ جاهز", "أنت addresses one person"),
        ("اختيار اليوم", "\u200fاختيار اليوم", "bidi control characters"),
        ("يُرجى اختيار اليوم", "🆕 اليوم", "🆕 has a direction of its own"),
        ("يُرجى اختيار اليوم", "يُرجى الاختيار حاليًا", "the tanween stands on the alef"),
        ("يُرجى اختيار اليوم", "Choose", "not Arabic"),
        ("n%100>=11", "n%100>=0", "Plural-Forms must be"),
        ("nplurals=6", "nplurals=5", "Plural-Forms must be"),
        ('msgid "Back"', '#, fuzzy\nmsgid "Back"', "'Back': fuzzy"),
        ('msgid "Back"\nmsgstr "رجوع"', '#~ msgid "Old"\n#~ msgstr "قديم"', "obsolete: 'Old'"),
        ('msgid "Back"', 'msgid "Forth"', "ar/booking.po: not in step with the code"),
    ],
)
def test_check_finds_a_fault_of_a_catalogue(translated: Project, old: str, new: str, fault: str) -> None:
    translated.edit("ar/booking", old, new)
    status, out = translated.run("check")
    assert status == 1
    assert fault in out


@pytest.mark.parametrize(
    "words", ["سجل الطلبات", "إرسال القيم", "يُرجى تأكيد الحجز", "✅ 📅 ➕ الحجز حالياً", "تم استلام طلبكم وسيُرد عليكم"]
)
def test_nouns_and_the_polite_plural_are_welcome(translated: Project, words: str) -> None:
    translated.edit("ar/booking", "يُرجى اختيار اليوم", words)
    assert translated.run("check") == (0, "")


def test_check_finds_what_update_would_change(translated: Project) -> None:
    translated.source("conversations/booking/start.py", BOOKING + '\nt("New")')
    assert "ar/booking.po: not in step" in translated.faults()
    translated.source("conversations/booking/start.py", BOOKING)
    translated.source("bot/cards.py", 't("Claim")')
    assert "en/bot.po: not in step" in translated.faults()


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ('t("Hello {0}")', "is not a plain name in braces"),
        ('t("<h1>Hello</h1>")', "<h1> is not one of"),
        ('t("<b>Hello")', "<b> is not closed"),
        ('t("You & we")', "must be written as an entity"),
        ('t.plain("<b>Back</b>")', "a label shows no HTML"),
        ('t("ℹ️ News")', "ℹ has a direction of its own"),
    ],
)
def test_check_finds_a_faulty_text_in_the_code(project: Project, code: str, fault: str) -> None:
    project.source("bot/cards.py", code)
    assert fault in project.faults()


@pytest.mark.parametrize(
    "code",
    [
        'Outgoing(text="Hello")',
        'Outgoing(text=t("Hi") + " there")',
        'Outgoing(text=f"<b>{x}</b> is ready")',
        'Choice(label="Yes" if x else t("No"), data="y")',
        'Outgoing(ask_label=("Share"))',
        'TapAnswer(tap=tap, text=str("Done"))',
        'messages.Outgoing(text=Markup("Done"))',
        'talk.say("Hello")',
        'Prompt("Which day?", rows)',
        'Again(why="No such day")',
        'Button(label="Next", value="next")',
        'talk.say(", and ".join(names))',
        'LABEL = "شكوى"',
        'reply(f"شكوى {x}")',
        't(f"Hello {x}")',
        't("Yes" if x else "No")',
        'talk.t("a" + x)',
    ],
)
def test_check_finds_a_text_outside_the_catalogues(project: Project, code: str) -> None:
    project.source("bot/cards.py", f"\n{code}\n")
    assert "bot/cards.py:2: " in project.faults()


@pytest.mark.parametrize(
    "code",
    [
        'Outgoing(text=talk.t("Hello"), rows=((Choice(label="✅", data="yes"),),))',
        "Outgoing(text=f'<b>{name}</b>\\n• {t(\"Hello\")}')",
        'Outgoing(text=t.join_lines(t("Hello"), catalogue.get("key")))',
        'Outgoing(text="\\n".join(parts))',
        'print("Started")\nlog.info("started", text="yes")\nraise ValueError("No such thing")',
        '"""Says يوم العميل."""',
        'ALEF = "ا"',
        'DAY = "يوم"  # not a text: what a person may type',
        '# not a text: what a person may type\nDAY = "يوم"',
        "t(name)\nt(NAMES[kind])\nt.plain(Labels.YES)",
    ],
)
def test_check_lets_pass_what_no_one_reads(project: Project, code: str) -> None:
    project.source("bot/cards.py", f"{code}\n")
    assert "bot/cards.py:" not in project.faults()


def test_the_sandbox_may_speak_as_it_likes(project: Project) -> None:
    project.source("bot/sandbox/page.py", 'Outgoing(text="Hello شكوى")\nt("Hi")')
    assert project.run("check") == (0, "")


def test_compile_writes_what_changed_only(translated: Project) -> None:
    assert translated.run("compile") == (0, "compiled booking.mo\ncompiled booking.mo\n")
    assert translated.run("compile") == (0, "")
    stale = translated.po("ar/gone").with_suffix(".mo")
    stale.write_bytes(b"")
    translated.run("compile")
    assert not stale.exists()


def test_people_updating_at_once_lose_nothing(project: Project) -> None:
    names = [f"flow{index}" for index in range(4)]
    for name in names:
        project.source(f"conversations/{name}.py", f't("Text of {name}")\nt("Said by all")')
    command = [sys.executable, "-m", "locales.build", "--root", str(project.root), "fill", "ar"]

    def fill(name: str) -> str:
        given = json.dumps({f"Text of {name}": f"نص {name}"})
        done = subprocess.run(
            command, input=given, capture_output=True, text=True, encoding="utf-8", cwd=ROOT, check=True
        )
        return done.stdout

    with ThreadPoolExecutor() as people:
        assert [*people.map(fill, names)] == ["filled 1\n"] * len(names)
    assert project.missing() == {"Said by all": ""}
    assert not list((project.root / "locales").rglob(".*"))

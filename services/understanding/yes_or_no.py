"""Whether words that follow a question say yes or no: "no, still full", "إي تم", "لا ما سووا شي"."""

from __future__ import annotations

from services.understanding.phrases import Phrases
from services.understanding.words import words

_LONGEST = 40  # words of an answer
_OPENING = 3  # words in which "yes, no" takes back what it began with
_YES, _NO = "yes", "no"
# What an answer begins with, or all of it.
_BEGINS_YES = frozenset(
    words("yes yeah yep yup sure certainly نعم اي ايه إي ايوه ايوا أيوا اكيد أكيد بلى يس ee ai aywa")
)
_BEGINS_NO = frozenset(words("no nope nah لا لأ كلا la laa lala"))
# What says it wherever it stands.
_SAID = Phrases(
    {
        _YES: [
            *(
                "it is done",
                "it s done",
                "is fixed",
                "been fixed",
                "fixed now",
                "is solved",
                "solved now",
                "all good now",
            ),
            *("انحلت", "انحل الموضوع", "صلحوه", "صلحوها", "شالوه", "شالوها", "خلصوه", "خلصوها", "تم الاصلاح", "تم حله"),
        ],
        _NO: [
            *(
                "not yet",
                "not fixed",
                "not solved",
                "not done",
                "not resolved",
                "still there",
                "still not",
                "still full",
            ),
            *("nobody came", "no one came", "never came", "nothing changed", "nothing was done", "nothing done"),
            *("ما سووا", "ما شالوا", "ما صلحوا", "ما انحلت", "ما انحل", "ما خلصوا", "لم يتم", "لم يحل", "ما تم"),
            *(
                "ما جوا",
                "محد جا",
                "ما حد جا",
                "ما صار شي",
                "للحين",
                "لين الحين",
                "لحد الحين",
                "مازال",
                "ما زال",
                "لا زال",
            ),
        ],
    }
)
_NO_MATTER = (("no", "problem"), ("no", "worries"), ("لا", "مشكله"), ("لا", "باس"))  # say nothing of either


def yes_or_no(text: str) -> bool | None:
    """What an answer says; None where it says neither, or both."""
    said = words(text)
    if tuple(said[:2]) in _NO_MATTER:
        said = said[2:]
    if not 0 < len(said) <= _LONGEST:
        return None
    found = {hit.meant for hit in _SAID.find(said) if hit.sure == 1}
    for word, begins in ((_YES, _BEGINS_YES), (_NO, _BEGINS_NO)):
        if said[0] in begins or (found and not begins.isdisjoint(said[:_OPENING])):
            found.add(word)
    return None if len(found) != 1 else _YES in found


_UNWANTED = (
    "never mind, nevermind, leave it, forget it, don't want, dont want, do not want, not now, changed my mind, "
    "ما ابي, ما ابغي, ما اريد, مابي, لا اريد, مو الحين, خلاص, خلها, مب الحين, هونت, غيرت رايي, "
    "ma abi, mabi, ma abe, khalas, khala9, 5alas, 5ala9, mo al7een, hawant"
)
_GIVES_UP = Phrases({True: _UNWANTED.split(", ")})
_FEW = 8  # words of who declines; more may tell of what they come for


def declines(text: str) -> bool:
    """Whether a few words that follow a question refuse what it offers: "no, leave it", «لا ما أبي»."""
    said = words(text)
    if not 0 < len(said) <= _FEW:
        return False
    return said[0] in _BEGINS_NO or any(hit.sure == 1 for hit in _GIVES_UP.find(said))


def is_bare(text: str) -> bool:
    """Whether an answer is yes or no and no word more."""
    return len(words(text)) == 1

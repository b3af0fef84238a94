"""Undoes the disguises that hide words from rules: look-alikes, spacing, leetspeak."""

import re
import unicodedata

LOOK_ALIKES = str.maketrans(
    "аеорсухіѕԁһјӏαεοριτνκ",
    "aeopcyxisdhjlaeopitvk",
)
LEET = str.maketrans("013457@$!€", "oieastasie")
LEET_WORD = re.compile(
    r"(?<![a-z0-9@$!€])[a-z0-9@$!€]*[a-z][0134579@$!€]+[a-z][a-z0-9@$!€]*"
)
SPACED_OUT = re.compile(r"\b(?:[a-z][ ._*-]){3,}[a-z]\b")
INVISIBLE = {"Cf", "Mn"}


def plain_forms(text: str) -> list[str]:
    """List the readings of a text in lower case: as written first, then undone."""
    plain = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", text.lower())
        if unicodedata.category(letter) not in INVISIBLE
    )
    plain = re.sub(r"\s+", " ", plain.replace("’", "'"))
    undone = plain.translate(LOOK_ALIKES)
    undone = LEET_WORD.sub(lambda match: match.group().translate(LEET), undone)
    undone = SPACED_OUT.sub(lambda match: re.sub(r"[^a-z]", "", match.group()), undone)
    forms = [plain, undone, undone.replace("_", " ").replace("-", " ")]
    return list(dict.fromkeys(forms))

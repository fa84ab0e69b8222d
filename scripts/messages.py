"""Collects the fixed sentences of the code into ``locale/*/LC_MESSAGES/rahnuma.po`` (Babel).

Translations that stand are kept; new sentences come in empty, dropped ones go. Prints what is
still to be translated.
"""

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from content.languages import LANGUAGES
from content.sentences import LOCALE

ROOT = LOCALE.parent
#: Calls that hold a sentence: ``_("…")``, ``ctx.say("…")``, ``sentence(language, "…")``.
KEYWORDS = {"_": None, "say": None, "label": None, "sentence": (2,)}
FOLDERS = ("actions", "booklet", "bot", "content")


def collected() -> Catalog:
    """A catalogue of every sentence in the code, in the order of files."""
    catalogue = Catalog(project="rahnuma", charset="utf-8", fuzzy=False)
    for folder in FOLDERS:
        found = extract_from_dir(
            str(ROOT / folder), method_map=[("**.py", "python")], keywords=KEYWORDS
        )
        for name, _line, message, _comments, _context in sorted(found):
            catalogue.add(message, locations=[(f"{folder}/{name}", 0)])
    return catalogue


def main() -> None:
    """Update the catalogues of all languages but English, whose sentences are the keys."""
    template = collected()
    for code in LANGUAGES:
        if code == "en":
            continue
        path = LOCALE / code / "LC_MESSAGES" / "rahnuma.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue = Catalog(locale=code, project="rahnuma", charset="utf-8", fuzzy=False)
        if path.exists():
            with path.open("rb") as file:
                catalogue = read_po(file, locale=code)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        with path.open("wb") as file:
            write_po(file, catalogue, width=0, omit_header=False, include_lineno=False)
        missing = [m.id for m in catalogue if m.id and not m.string]
        print(f"{code}: {len(missing)} of {len(catalogue)} sentences to translate")  # noqa: T201


if __name__ == "__main__":
    main()

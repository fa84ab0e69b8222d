"""What editors published, written back into the files: a patch that ``git apply`` takes.

The repository stays the source: once the patch is in it and the service runs with the new files,
nothing lies over them any more (``actions/published.py``).
"""

import datetime as dt
import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from content.answers import CONTENT, Answer
from content.overlay import Published, to_answer, to_fact
from content.yaml_edit import EditError, flow, with_mapping

#: Lines around a change, as Git shows them.
_AROUND = 3


class ExportError(ValueError):
    """A published version can't be written into its file; the message names it."""


def new_files(published: Iterable[Published], folder: Path = CONTENT) -> dict[str, str]:
    """The new contents of the files that published versions change, by path under ``folder``.

    Only lines of what was published differ. Raises ExportError, or OSError if a file that must be
    there can't be read.
    """
    found: dict[str, str] = {}
    for one in published:
        name = "directory.yml" if one.kind == "fact" else f"{one.language}/{one.key}.md"
        path = folder / name
        text = found[name] if name in found else read(path) if path.exists() else None
        try:
            found[name] = _with_fact(text, one) if one.kind == "fact" else _with_answer(text, one)
        except (EditError, KeyError, ValueError, yaml.YAMLError) as error:
            raise ExportError(f"{name}: {one.key}: {error}") from error
    return {name: text for name, text in found.items() if text != _old(folder / name)}


def read(path: Path) -> str:
    """A file's text with its line ends as they are."""
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


def _old(path: Path) -> str | None:
    return read(path) if path.exists() else None


def _with_fact(text: str | None, one: Published) -> str:
    if text is None:
        raise ValueError("there is no such file")
    return with_mapping(text, one.key.split("."), to_fact(one.body))


def _with_answer(text: str | None, one: Published) -> str:
    answer = to_answer(one)
    written = answer.body.replace("\r\n", "\n").replace("\r", "\n").strip()
    if text is None:
        head = "".join(f"{key}: {flow(value)}\n" for key, value in _front(answer).items())
        return f"---\n{head}---\n{written}\n"
    head, body = text[4:].split("\n---\n", 1)
    now = yaml.safe_load(head)
    wanted = {key: value for key, value in now.items() if key not in _OPTIONAL} | _front(answer)
    for key in _OPTIONAL:  # a field that is there and says nothing stays as it is
        if key in now and key not in wanted and not now[key]:
            wanted[key] = now[key]
    head = with_mapping(head + "\n", (), wanted).removesuffix("\n")
    if written != body.strip():
        body = written + "\n"
    return f"---\n{head}\n---\n{body}"


#: Fields that the front matter needn't have.
_OPTIONAL = ("related", "made_from", "reviewed_by")


def _front(answer: Answer) -> dict[str, Any]:
    front: dict[str, Any] = {
        "title": answer.title,
        "status": answer.status,
        "checked": answer.checked,
        "valid_until": answer.valid_until,
        "sources": list(answer.sources),
    }
    for key in _OPTIONAL:
        value = getattr(answer, key)
        if value:
            front[key] = list(value) if key == "related" else value
    return front


def patch(files: Mapping[str, str], folder: Path = CONTENT) -> str:
    """The difference between the files and their new contents, as ``git apply`` takes it.

    Paths are those of the repository, whose folder ``content`` this is. Empty if nothing differs.
    """
    return "".join(
        _one_file(f"{folder.name}/{name}", _old(folder / name), text)
        for name, text in sorted(files.items())
    )


def _one_file(path: str, old: str | None, new: str) -> str:
    lines = difflib.unified_diff(
        _lines_of(old or ""),
        _lines_of(new),
        f"a/{path}" if old is not None else "/dev/null",
        f"b/{path}",
        n=_AROUND,
    )
    body = "".join(
        line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
    )
    kind = "" if old is not None else "new file mode 100644\n"
    return f"diff --git a/{path} b/{path}\n{kind}{body}" if body else ""


def _lines_of(text: str) -> list[str]:
    # not splitlines: Git knows one end of a line, and the texts have other characters that Python
    # takes for one
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def file_name(day: dt.date) -> str:
    """A name for a patch of a day."""
    return f"rahnuma-content-{day.isoformat()}.patch"

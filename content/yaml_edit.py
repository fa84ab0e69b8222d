"""Changes values in a YAML text and leaves every other line as it is, with its comments.

For the files that people edit too: what a program writes must give a difference that can be read.
"""

import datetime as dt
import json
import re
from collections.abc import Sequence
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.reader import Reader

#: Twenty times faster, where the library has it.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: Words that may stand without quotes where one stood so before.
_PLAIN = re.compile(r"[a-z][a-z_]*")
#: What YAML would take for something else than text.
_NOT_TEXT = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"}
#: Characters that YAML doesn't take as they are, or takes for the end of a line.
_ESCAPED = re.compile(f"{Reader.NON_PRINTABLE.pattern}|[\u0085\u2028\u2029\ufeff]")


class EditError(ValueError):
    """The text can't be edited so that it says what was wanted; nothing is given back."""


def with_mapping(text: str, path: Sequence[str], wanted: dict[str, Any]) -> str:
    """The YAML text with ``wanted`` as the mapping at a path; only lines that differ change.

    The mapping that holds the last step of the path must be there; that step may be new. Raises
    EditError if that is not so, or if the outcome would not read back as wanted.
    """
    before = yaml.load(text, _LOADER)
    expected = _expected(before, path, wanted)
    node: Node = yaml.compose(text, _LOADER)
    for step in path[:-1]:
        found = _child(node, step)
        if found is None:
            raise EditError(f"{'.'.join(path)}: there is no such place")
        node = found
    target = _child(node, path[-1]) if path else node
    if target is None:
        changed = _insert_entry(text, node, path[-1], wanted)
    else:
        changed = _change(text, target, wanted)
    try:
        after = yaml.load(changed, _LOADER)
    except yaml.YAMLError as error:
        raise EditError(f"{'.'.join(path)}: would not be YAML any more") from error
    if after != expected:
        raise EditError(f"{'.'.join(path)}: would not read back as wanted")
    return changed


def _expected(data: Any, path: Sequence[str], wanted: dict[str, Any]) -> Any:
    if not path:
        return wanted
    if not isinstance(data, dict):
        raise EditError(f"{path[0]}: there is no such place")
    return data | {path[0]: _expected(data.get(path[0], {}), path[1:], wanted)}


def _child(node: Node, key: str) -> Node | None:
    if not isinstance(node, MappingNode):
        return None
    return next((value for name, value in node.value if name.value == key), None)


def _change(text: str, target: Node, wanted: dict[str, Any]) -> str:
    if not isinstance(target, MappingNode) or not target.value:
        raise EditError("what stands there is no list of fields")
    there = {name.value: (name, value) for name, value in target.value}
    present = _values(target)
    edits: list[tuple[int, int, str]] = []
    for key, (name, value) in there.items():
        if key not in wanted:
            edits.append(_removal(text, target, name, value))
        elif present[key] != wanted[key]:
            edits.append(_replacement(text, name, value, wanted[key]))
    new = {key: value for key, value in wanted.items() if key not in there}
    if new:
        edits.append(_addition(text, target, new))
    for begin, end, instead in sorted(edits, reverse=True):
        text = text[:begin] + instead + text[end:]
    return text


def _values(node: MappingNode) -> dict[str, Any]:
    """What a mapping's fields hold."""
    loader = yaml.SafeLoader("")
    try:
        return loader.construct_mapping(node, deep=True)
    finally:
        loader.dispose()


def _replacement(text: str, name: Node, node: Node, value: Any) -> tuple[int, int, str]:
    begin, end = node.start_mark.index, node.end_mark.index
    in_lines = isinstance(node, MappingNode | SequenceNode) and not node.flow_style
    if not in_lines:
        return begin, end, flow(value, plain=_is_plain(node))
    # what stands in lines ends where the next field begins: its last line end is not part of it
    end = begin + len(text[begin:end].rstrip())
    if isinstance(node, SequenceNode) and isinstance(value, list) and value:
        indent = " " * node.start_mark.column
        return begin, end, f"\n{indent}".join(f"- {flow(one)}" for one in value)
    return name.end_mark.index, end, f": {flow(value)}"


def _is_plain(node: Node) -> bool:
    """Whether the words of a value stand without quotes."""
    if isinstance(node, SequenceNode):
        return bool(node.value) and all(_is_plain(one) for one in node.value)
    return isinstance(node, ScalarNode) and not node.style  # None, or "" from the C loader


def _removal(text: str, target: MappingNode, name: Node, value: Node) -> tuple[int, int, str]:
    begin, end = name.start_mark.index, value.end_mark.index
    if target.flow_style:
        following = re.compile(r"\s*,\s*").match(text, end)
        if following:
            return begin, following.end(), ""
        before = re.search(r"\s*,\s*$", text[:begin])
        return (before.start() if before else begin), end, ""
    begin = text.rfind("\n", 0, begin) + 1
    whole = text[begin:end].rstrip()
    line = text.find("\n", begin + len(whole))
    return begin, len(text) if line < 0 else line + 1, ""


def _addition(text: str, target: MappingNode, new: dict[str, Any]) -> tuple[int, int, str]:
    fields = [f"{key}: {flow(value, plain=True)}" for key, value in new.items()]
    if target.flow_style:
        at = target.end_mark.index - 1
        return at, at, "".join(f", {field}" for field in fields)
    at = _after(text, target)
    indent = " " * target.value[0][0].start_mark.column
    missing = "" if at == 0 or text[at - 1] == "\n" else "\n"
    return at, at, missing + "".join(f"{indent}{field}\n" for field in fields)


def _insert_entry(text: str, parent: Node, key: str, wanted: dict[str, Any]) -> str:
    if not isinstance(parent, MappingNode) or parent.flow_style or not parent.value:
        raise EditError(f"{key}: can't be added there")
    at, _at, line = _addition(text, parent, {key: wanted})
    return text[:at] + line + text[at:]


def _after(text: str, target: MappingNode) -> int:
    """The beginning of the line after a mapping's last field."""
    last = target.value[-1][1]
    end = last.start_mark.index + len(text[last.start_mark.index : last.end_mark.index].rstrip())
    line = text.find("\n", end)
    return len(text) if line < 0 else line + 1


def flow(value: Any, *, plain: bool = False) -> str:
    """A value on one line; ``plain``: lone words without quotes. Raises EditError for what has no
    such form."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, int | float):
        return repr(value)
    if value is None:
        return "null"
    if isinstance(value, str):
        if plain and _PLAIN.fullmatch(value) and value not in _NOT_TEXT:
            return value
        quoted = json.dumps(value, ensure_ascii=False)
        return _ESCAPED.sub(lambda match: _escape(match[0]), quoted)
    if isinstance(value, list | tuple):
        return "[" + ", ".join(flow(one, plain=plain) for one in value) + "]"
    if isinstance(value, dict):
        fields = (f"{key}: {flow(one, plain=plain)}" for key, one in value.items())
        return "{" + ", ".join(fields) + "}"
    raise EditError(f"{type(value).__name__} can't be written")


def _escape(character: str) -> str:
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"

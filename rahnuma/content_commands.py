"""The commands ``rahnuma content``: check the texts, stamp translations."""

import argparse
import datetime as dt
import json
import sys
from collections import Counter
from pathlib import Path

from content.check import CONTENT, Finding, check_content
from content.languages import DEFAULT_LANGUAGE, LANGUAGES
from content.stamp import stamp
from rahnuma.settings import Settings


def add_content_commands(commands: argparse._SubParsersAction) -> argparse._SubParsersAction:
    """Add ``content`` with its commands to a parser's commands; returned for further ones of it."""
    content = commands.add_parser("content", help="the answers").add_subparsers(required=True)

    check = content.add_parser("check", help="check every text that people read")
    check.add_argument(
        "folder",
        nargs="?",
        type=Path,
        default=CONTENT,
        metavar="FOLDER",
        help="another folder like content/",
    )
    check.add_argument("--json", action="store_true", help="print the findings as a JSON list")
    check.add_argument("--strict", action="store_true", help="warnings count as errors")
    check.add_argument(
        "--today", type=_day, metavar="YYYY-MM-DD", help="check as if it were this day"
    )
    check.set_defaults(run=_check)

    stamped = content.add_parser(
        "stamp", help="note that translations were compared with the present English text"
    )
    stamped.add_argument("intents", nargs="*", metavar="INTENT", help="which (default: all)")
    stamped.add_argument(
        "--language",
        action="append",
        default=[],
        choices=[code for code in LANGUAGES if code != DEFAULT_LANGUAGE],
        help="in which language, may be repeated (default: all)",
    )
    stamped.set_defaults(run=_stamp)
    return content


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text} is no day like 2026-11-22") from error


def _check(options: argparse.Namespace, _settings: Settings) -> int:
    if not options.folder.is_dir():
        print(f"rahnuma: {options.folder}: no such folder", file=sys.stderr)
        return 2
    findings = check_content(options.folder, options.today)
    if options.json:
        print(json.dumps([finding.as_json() for finding in findings], ensure_ascii=False, indent=1))
    else:
        for finding in findings:
            print(finding)
        print(_summary(findings))
    bad = findings if options.strict else [f for f in findings if f.level == "error"]
    return 1 if bad else 0


def _summary(findings: list[Finding]) -> str:
    """One line of counts; what has run out is always named."""
    if not findings:
        return "0 findings"
    levels = Counter(finding.level for finding in findings)
    expired = sum(finding.kind == "expired" for finding in findings)
    more = f"; {expired} texts have expired" if expired else ""
    return f"{len(findings)} findings: {levels['error']} errors, {levels['warning']} warnings{more}"


def _stamp(options: argparse.Namespace, _settings: Settings) -> int:
    changed = stamp(languages=options.language, intents=options.intents)
    for path in changed:
        print(f"stamped: {path.parent.name}/{path.name}")
    print(f"{len(changed)} translations stamped")
    return 0

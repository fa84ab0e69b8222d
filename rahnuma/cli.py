"""The command ``rahnuma``: serve, check content, accounts, exports, print, retention, erasure."""

import argparse
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from content.answers import ContentError
from content.directory import Directory, DirectoryError
from content.pictures import PicturesError
from content.training import TrainingError
from rahnuma import log
from rahnuma.booklets import add_booklet_commands
from rahnuma.content_commands import add_content_commands
from rahnuma.export import export_content, export_unclear
from rahnuma.keys import keys_of
from rahnuma.progress import Progress
from rahnuma.settings import Settings, SettingsError, load_settings
from rahnuma.upkeep import retain
from rahnuma.users import add_users_commands
from rahnuma.with_database import with_database
from reporting.export import APART, FORMATS, PERIODS, SENSITIVITY, export_feedback
from reporting.monthly import as_html, as_pdf, monthly_report
from reporting.selection import read_month
from store.database import DATABASE_ERRORS, Database
from store.people import erase_person
from store.staff import note
from store.tables import today

#: Seconds that open requests get to finish when the service is stopped.
GRACE = 8


def main(arguments: list[str] | None = None) -> int:
    """Run a command; returns the exit code (0 done, 1 found something or failed, 2 bad usage)."""
    options = _parser().parse_args(arguments)
    log.configure()
    try:
        return options.run(options, load_settings())
    except (SettingsError, ContentError, DirectoryError, PicturesError, TrainingError) as error:
        print(f"rahnuma: {error}", file=sys.stderr)
    except DATABASE_ERRORS as error:
        print(f"rahnuma: the database can't be used: {type(error).__name__}", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="rahnuma", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")

    serve = commands.add_parser("serve", help="run the service")
    serve.set_defaults(run=_serve)

    content = add_content_commands(commands)
    back = content.add_parser(
        "export", help="write what editors published as a patch of the files, for git apply"
    )
    back.add_argument("--out", required=True, type=Path, metavar="FILE.patch")
    back.set_defaults(run=_content_export)

    add_users_commands(commands)

    feedback = commands.add_parser("feedback", help="feedback").add_subparsers(required=True)
    export = feedback.add_parser("export", help="write coded feedback (no texts) to a file")
    export.add_argument("--format", required=True, choices=FORMATS)
    export.add_argument("--out", required=True, type=Path)
    export.add_argument("--purpose", default="not given", help="noted in the audit log")
    export.add_argument(
        "--sensitivity", default="internal", choices=SENSITIVITY, help="whom it may go to"
    )
    export.add_argument("--by", default="week", choices=PERIODS, help="the period of a count")
    export.add_argument(
        "--apart",
        default=",".join(APART),
        help="columns in which items are told apart (default: all); with fewer of them fewer "
        "counts are too small to be shown",
    )
    export.set_defaults(run=_export)
    report = feedback.add_parser("report", help="write the monthly report")
    report.add_argument("--month", required=True, metavar="YYYY-MM")
    report.add_argument("--out", required=True, type=Path, metavar="FILE.pdf|FILE.html")
    report.set_defaults(run=_report)

    unclear = commands.add_parser("unclear", help="messages not understood")
    teach = unclear.add_subparsers(required=True).add_parser(
        "export", help="add labelled messages to training files in a folder, such as nlu"
    )
    teach.add_argument("--out", required=True, type=Path, metavar="FOLDER")
    teach.set_defaults(run=_unclear_export)

    add_booklet_commands(commands)

    retention = commands.add_parser("retention", help="deletion by age")
    retention.add_subparsers(required=True).add_parser("run").set_defaults(run=_retention)

    erase = commands.add_parser("erase", help="erase what is kept of one person")
    erase.add_argument("--channel", required=True, choices=("telegram", "web"))
    erase.add_argument("--user", required=True, help="the channel's id of the person")
    erase.set_defaults(run=_erase)
    return parser


def _serve(_options: argparse.Namespace, settings: Settings) -> int:
    # here, since the web framework and Telegram's library take seconds that no other command needs
    import uvicorn

    from rahnuma.app import make_app

    app = make_app(settings)
    # access logs would hold addresses of people
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=GRACE,
        server_header=False,
    )
    return 0


def _content_export(options: argparse.Namespace, settings: Settings) -> int:
    async def work(database: Database) -> None:
        print(await export_content(database, options.out))

    return _to_file(options.out, settings, work)


def _export(options: argparse.Namespace, settings: Settings) -> int:
    apart = [name for name in options.apart.split(",") if name]
    unknown = set(apart) - set(APART)
    if unknown:
        known = ", ".join(APART)
        print(f"rahnuma: --apart {', '.join(sorted(unknown))}: must be of {known}", file=sys.stderr)
        return 2

    async def work(database: Database) -> None:
        # a file that stands there is replaced by a whole one or not at all
        half = options.out.with_name(f"{options.out.name}.part")
        try:
            with half.open("wb") as file, Progress("items", sys.stderr) as progress:
                rows = await export_feedback(
                    database,
                    options.format,
                    file,
                    base=settings.smallest_group,
                    staff="command line",
                    purpose=options.purpose,
                    sensitivity=options.sensitivity,
                    by=options.by,
                    apart=apart,
                    progress=progress,
                )
            half.replace(options.out)
        finally:
            half.unlink(missing_ok=True)
        print(f"{rows} rows written to {options.out}")

    return _to_file(options.out, settings, work)


def _report(options: argparse.Namespace, settings: Settings) -> int:
    out, month = options.out, options.month
    make = {".pdf": as_pdf, ".html": lambda report: as_html(report).encode()}.get(out.suffix)
    if make is None:
        print(f"rahnuma: {out}: must end in .pdf or .html", file=sys.stderr)
        return 1
    centres = {centre.id: centre.name for centre in Directory.load().centres.values()}

    async def work(database: Database) -> None:
        report = await monthly_report(
            database,
            read_month(month),
            today=today(),
            operator=settings.operator,
            centres=centres,
            base=settings.smallest_group,
        )
        async with database.transaction() as session:
            await note(session, "command line", "monthly report", f"{month} {out.suffix[1:]}")
        out.write_bytes(make(report))
        print(f"{report.title}: written to {out}")

    return _to_file(out, settings, work)


def _to_file(out: Path, settings: Settings, work: Callable[[Database], Awaitable[None]]) -> int:
    """``with_database`` for what writes a file: says so if the file is what can't be used."""
    if not out.parent.is_dir() or out.is_dir():
        print(f"rahnuma: {out} can't be written: no such folder, or a folder", file=sys.stderr)
        return 1
    return with_database(settings, work)


def _unclear_export(options: argparse.Namespace, settings: Settings) -> int:
    keys = keys_of(settings)

    async def work(database: Database) -> None:
        n, paths = await export_unclear(database, keys, options.out)
        print(f"{n} labelled messages")
        for path in paths:
            print(f"written: {path}")

    return with_database(settings, work)


def _retention(_options: argparse.Namespace, settings: Settings) -> int:
    async def work(database: Database) -> None:
        for kind, n in (await retain(database, settings)).items():
            print(f"{kind}: {n}")

    return with_database(settings, work)


def _erase(options: argparse.Namespace, settings: Settings) -> int:
    pseudonym = keys_of(settings).pseudonym(options.channel, options.user)

    async def work(database: Database) -> None:
        async with database.transaction() as session:
            for kind, n in (await erase_person(session, pseudonym)).items():
                print(f"{kind}: {n} erased")
            await note(session, "command line", "erase", "a person")

    return with_database(settings, work)

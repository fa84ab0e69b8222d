"""The command ``rahnuma users``: accounts of the staff, for whoever has the server."""

import argparse
import getpass
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from content.directory import Directory
from rahnuma.settings import Settings
from rahnuma.with_database import with_database
from store.accounts import account_to_change, all_accounts, reset_password, set_active
from store.database import Database
from store.second_factor import drop_second_factor
from store.staff import COMMAND_LINE, ROLES, add_staff, note
from store.tables import StaffRow, now


def add_users_commands(commands: Any) -> None:
    """Add ``users`` with its commands to the parser's commands."""
    users = commands.add_parser("users", help="staff accounts").add_subparsers(required=True)
    add = users.add_parser("add", help="make an account; the password is asked for")
    add.add_argument("name")
    add.add_argument("--role", required=True, choices=ROLES)
    add.add_argument(
        "--centre", help="where they work: what is said about the staff there is not shown to them"
    )
    _password_option(add)
    add.set_defaults(run=_add)

    users.add_parser("list", help="all accounts and their state").set_defaults(run=_list)

    reset = users.add_parser(
        "reset", help="give an account a new password, take its second factor away and unlock it"
    )
    reset.add_argument("name")
    _password_option(reset)
    reset.set_defaults(run=_reset)

    off = users.add_parser("off", help="switch an account off")
    off.add_argument("name")
    off.set_defaults(run=_off)


def _password_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--password-stdin", action="store_true", help="read it from standard input")


def _password(options: argparse.Namespace) -> str:
    if options.password_stdin:
        return sys.stdin.readline().rstrip("\n")
    return getpass.getpass("Password (at least 12 characters): ")


def _add(options: argparse.Namespace, settings: Settings) -> int:
    centres = Directory.load().centres
    if options.centre is not None and options.centre not in centres:
        known = ", ".join(centres)
        print(f"rahnuma: centre {options.centre}: must be one of {known}", file=sys.stderr)
        return 2
    password = _password(options)

    async def work(database: Database) -> None:
        async with database.transaction() as session:
            await add_staff(session, options.name, options.role, password, centre=options.centre)
            await note(session, COMMAND_LINE, "add account", options.name)
        print(f"account {options.name} ({options.role}) made")

    return with_database(settings, work)


def _list(_options: argparse.Namespace, settings: Settings) -> int:
    async def work(database: Database) -> None:
        async with database.transaction() as session:
            rows = await all_accounts(session)
        wide = max((len(row.name) for row in rows), default=0)
        for row in rows:
            factor = "second factor" if row.totp else "no second factor"
            last = f"last sign-in {row.last_sign_in or 'never'}"
            what = [row.role, row.centre or "no centre", factor, _state(row), last]
            print(f"{row.name:{wide}}  {', '.join(what)}")

    return with_database(settings, work)


def _state(row: StaffRow) -> str:
    if not row.active:
        return "switched off"
    return "locked" if row.locked_until and row.locked_until > now() else "active"


def _reset(options: argparse.Namespace, settings: Settings) -> int:
    password = _password(options)

    async def change(session: AsyncSession, row: StaffRow) -> str:
        reset_password(row, password)
        await drop_second_factor(session, row)
        await note(session, COMMAND_LINE, "reset password", row.name)
        await note(session, COMMAND_LINE, "reset second factor", row.name)
        return "has this password until the next sign-in, and no second factor"

    return _change(options, settings, change)


def _off(options: argparse.Namespace, settings: Settings) -> int:
    async def change(session: AsyncSession, row: StaffRow) -> str:
        if not await set_active(session, row, False):
            return "was switched off already"
        await note(session, COMMAND_LINE, "switch off account", row.name)
        return "is switched off"

    return _change(options, settings, change)


def _change(
    options: argparse.Namespace,
    settings: Settings,
    change: Callable[[AsyncSession, StaffRow], Awaitable[str]],
) -> int:
    async def work(database: Database) -> None:
        async with database.transaction() as session:
            row = await account_to_change(session, options.name)
            if row is None:
                raise ValueError(f"there is no account {options.name}")
            done = await change(session, row)
        print(f"account {options.name} {done}")

    return with_database(settings, work)

"""``make run``: starts NLU server and service, says where they are, stops both on Ctrl-C."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from urllib.parse import urlsplit

from rahnuma.settings import ROOT, Settings, SettingsError, load_settings
from store.database import DATABASE_ERRORS, Database
from store.passwords import one_time_password
from store.staff import add_staff, has_staff

#: Seconds until the parts must be up, and until they must be gone after being asked to stop.
START, STOP = 90, 10


class LaunchError(Exception):
    """Something stops the start; the message is one line for the operator."""


def say(line: str) -> None:
    """A line of progress, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    """Start everything and wait; returns the exit code."""
    parts: list[tuple[str, subprocess.Popen[bytes]]] = []
    # a shell may start us with Ctrl-C ignored; it must stop us all the same
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    try:
        settings = load_settings()
        _check_ports(settings)
        _check_token(settings)
        first_account = _first_account(settings)
        if _own_nlu(settings):
            port = str(urlsplit(settings.nlu_url).port)
            parts.append(("NLU server", _start(_nlu_python(), "-m", "nlu.serve", "--port", port)))
        parts.append(("service", _start(sys.executable, "-m", "rahnuma", "serve")))
        _wait_until_up(settings, parts)
        _announce(settings, first_account)
        return _watch(parts)
    except (LaunchError, SettingsError) as error:
        say(f"rahnuma: {error}")
        return 1
    except KeyboardInterrupt:
        say("Stopping …")
        return 0
    finally:
        _stop(parts)


def _check_ports(settings: Settings) -> None:
    wanted = [(settings.host, settings.port, "PORT")]
    if _own_nlu(settings):
        wanted.append(("127.0.0.1", urlsplit(settings.nlu_url).port or 80, "NLU_URL"))
    for host, port, setting in wanted:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                raise LaunchError(
                    f"port {port} on {host} can't be used ({error.strerror}); set another {setting}"
                ) from error


def _check_token(settings: Settings) -> None:
    """Refuse a token that Telegram refuses; if Telegram can't be reached, the service tries on."""
    if settings.telegram_token is None:
        return
    token = settings.telegram_token.get_secret_value()
    try:
        with urllib.request.urlopen(f"{settings.telegram_api_url}/bot{token}/getMe", timeout=5):
            return
    except urllib.error.HTTPError as error:
        if error.code in (401, 404):
            raise LaunchError("TELEGRAM_TOKEN: Telegram does not know this bot token") from None
    except OSError:
        say("Telegram can't be reached now; the service will go on trying.")


def _own_nlu(settings: Settings) -> bool:
    """Whether the NLU server is ours to start: its address is this machine's loopback."""
    return urlsplit(settings.nlu_url).hostname in ("127.0.0.1", "localhost", "::1")


def _nlu_python() -> str:
    python = ROOT / "nlu" / ".venv" / "bin" / "python"
    if not python.exists():
        raise LaunchError("nlu/.venv is missing; run: make run")
    return str(python)


def _first_account(settings: Settings) -> str | None:
    """Make the first account if there is none; returns its one-time password."""
    password = one_time_password()

    async def make() -> bool:
        database = Database(settings.database_url)
        try:
            await database.open()
            async with database.transaction() as session:
                if await has_staff(session):
                    return False
                await add_staff(session, "admin", "admin", password, must_change=True)
                return True
        finally:
            await database.close()

    try:
        return password if asyncio.run(make()) else None
    except ValueError as error:
        raise LaunchError(str(error)) from error
    except DATABASE_ERRORS as error:
        raise LaunchError(
            f"DATABASE_URL: the database can't be used ({type(error).__name__})"
        ) from error


def _start(*command: str) -> subprocess.Popen[bytes]:
    # a group of its own: Ctrl-C reaches only this process, which then stops the others in order
    environment = os.environ | {
        "OMP_NUM_THREADS": "1",
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",  # Rasa's libraries warn of their own age
    }
    return subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError, ValueError):
        return False


def _wait_until_up(settings: Settings, parts: list[tuple[str, subprocess.Popen[bytes]]]) -> None:
    pages = {"service": f"{_address(settings)}/healthz"}
    if _own_nlu(settings):
        pages["NLU server"] = f"{settings.nlu_url}/status"
    began = time.monotonic()
    while pages:
        for name, process in parts:
            if process.poll() is not None:
                raise LaunchError(f"the {name} stopped at once (see the line above)")
        for name in [name for name, url in pages.items() if _answers(url)]:
            del pages[name]
            say(f"  the {name} is up ({time.monotonic() - began:.0f} s)")
        if time.monotonic() - began > START:
            raise LaunchError(f"not up after {START} seconds: {', '.join(pages)}")
        time.sleep(0.3)


def _address(settings: Settings) -> str:
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)
    return f"http://{host}:{settings.port}"


def _announce(settings: Settings, first_account: str | None) -> None:
    address = _address(settings)
    say(f"\nRahnuma is running.\n  Web chat:  {address}/\n  Console:   {address}/console/")
    if first_account:
        then = ", then set up an authenticator app" if settings.require_totp else ""
        say(f"  Sign in:   admin / {first_account}   (once; you choose a new password{then})")
    else:
        say("  Sign in:   with your account (new ones: .venv/bin/rahnuma users add NAME --role …)")
    if settings.telegram_token is None:
        say("  Telegram:  off (set TELEGRAM_TOKEN in .env); the web chat works alone")
    else:
        way = "webhook" if settings.telegram_webhook_url else "polling"
        say(f"  Telegram:  on ({way}); {address}/readyz says whether it is connected")
    say("  Stop:      Ctrl-C\n")


def _watch(parts: list[tuple[str, subprocess.Popen[bytes]]]) -> int:
    """Wait; start a part again that stopped by itself, at most every few seconds."""
    commands = {name: process.args for name, process in parts}
    while True:
        time.sleep(1)
        for i, (name, process) in enumerate(parts):
            if process.poll() is not None:
                say(f"the {name} stopped ({process.returncode}); starting it again")
                time.sleep(2)
                parts[i] = (name, _start(*commands[name]))


def _stop(parts: list[tuple[str, subprocess.Popen[bytes]]]) -> None:
    # a second Ctrl-C must not leave processes behind
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for _name, process in reversed(parts):
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
    until = time.monotonic() + STOP
    for name, process in reversed(parts):
        try:
            process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            say(f"the {name} did not stop by itself; ending it")
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


if __name__ == "__main__":
    sys.exit(main())

"""Serve the newest NLU model on loopback: nlu/.venv/bin/python -m nlu.serve --port 5005

It is Rasa's own server in this process (what `rasa run --enable-api` starts), without Rasa's
command line and with only the routes that the service needs.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import sys
import time
from pathlib import Path

from nlu.parse_cache import ParseCache
from nlu.runtime import accept_slashes, prepare_rasa
from nlu.train import MODELS, newest_model

HOST = "127.0.0.1"
# Rasa's API can also load other models and train: nobody needs that of a running server.
_ROUTES = {("POST", "/model/parse"), ("GET", "/"), ("GET", "/version"), ("GET", "/status")}


def main(arguments: list[str] | None = None) -> int:
    """Run until SIGTERM or SIGINT; 1 with one line if the server cannot start."""
    parser = argparse.ArgumentParser(prog="python -m nlu.serve", description="Serve the model.")
    parser.add_argument("--port", type=int, default=5005)
    parser.add_argument("--models", type=Path, default=MODELS, help="where models are kept")
    options = parser.parse_args(arguments)
    begun = time.monotonic()
    # A stateless server has nothing to finish: it ends at once, also while it is starting.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: os._exit(0))
    model = newest_model(options.models.resolve())
    if model is None:
        return _refuse(f"no model in {options.models}: run `python -m nlu.train` first")
    if not _is_free(options.port):
        return _refuse(f"port {options.port} on {HOST} is taken: is the server already running?")
    print(f"nlu.serve: loading {model.name}", flush=True)
    app = _app(model, options.port, begun)
    app.run(host=HOST, port=options.port, access_log=False, debug=False, register_sys_signals=False)
    return 0


def _app(model: Path, port: int, begun: float):
    """Return Rasa's server application with our model."""
    prepare_rasa()
    from rasa.core.run import configure_app, load_agent_on_start
    from rasa.utils.common import update_sanic_log_level
    from sanic.response import json

    accept_slashes()
    app = configure_app(enable_api=True, port=port)
    update_sanic_log_level()

    async def load(app, loop) -> None:
        agent = await load_agent_on_start(str(model), None, None, app, loop)
        if not agent.is_ready():
            _refuse(f"{model.name} cannot be loaded: run `python -m nlu.train --force`")
            os._exit(1)
        await agent.parse_message("salam")  # the first parse is the slowest: have it done
        agent.parse_message = ParseCache(agent.parse_message)

    async def say_ready(app, loop) -> None:
        print(
            f"nlu.serve: ready on http://{HOST}:{port} after {time.monotonic() - begun:.1f} s",
            flush=True,
        )

    async def only_ours(request):
        if (request.method, request.path) not in _ROUTES:
            return json({"status": "failure", "reason": "not served here"}, status=404)

    app.register_listener(load, "before_server_start")
    app.register_listener(say_ready, "after_server_start")
    app.register_middleware(only_ours, "request")
    return app


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _refuse(why: str) -> int:
    print(f"nlu.serve: {why}", file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main())

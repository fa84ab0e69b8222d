"""The scripted NLU over real HTTP, for tests of whole processes."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

from tests.support.nlu import ScriptedNlu


class NluServer(ScriptedNlu):
    """A ScriptedNlu that listens on a port; use as a context manager."""

    def __init__(self, port: int):
        super().__init__()
        self.url = f"http://127.0.0.1:{port}"
        scripted = self

        class Handler(BaseHTTPRequestHandler):
            def _answer(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                request = httpx.Request(
                    self.command, f"http://nlu{self.path}", content=self.rfile.read(length)
                )
                answer = scripted._answer(request)
                self.send_response(answer.status_code)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer.content)))
                self.end_headers()
                self.wfile.write(answer.content)

            do_GET = do_POST = _answer

            def log_message(self, *_arguments: object) -> None:
                """Nothing: what people write is not logged in tests either."""

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)

    def __enter__(self) -> "NluServer":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

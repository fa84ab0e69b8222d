"""The server as a process: ready, quiet about what people write, gone at once."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest

from nlu.data import ROOT
from nlu.train import MODELS, newest_model

_SECRET = "xqsecretq"

pytestmark = pytest.mark.skipif(newest_model(MODELS) is None, reason="no model is trained")


def _start(port, **kwargs):
    command = [sys.executable, "-m", "nlu.serve", "--port", str(port)]
    environment = {**os.environ, "LOG_LEVEL": "DEBUG", "RASA_LOG_LEVEL": "DEBUG"}
    return subprocess.Popen(command, cwd=ROOT, env=environment, **kwargs)


@pytest.fixture(scope="module")
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def server(port, tmp_path_factory):
    """A running server and the file that takes all it prints."""
    log = tmp_path_factory.mktemp("serve") / "log"
    with log.open("wb") as out:
        process = _start(port, stdout=out, stderr=subprocess.STDOUT)
    try:
        for _ in range(400):
            if b"ready" in log.read_bytes():
                break
            assert process.poll() is None, log.read_text()
            time.sleep(0.1)
        yield process, log
    finally:
        process.kill()
        process.wait()


def _call(port, path, body=None, method="POST"):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data, method=method)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def test_parse(server, port):
    answer = _call(port, "/model/parse", {"text": "I am lost in the forest"})
    assert len(answer["intent_ranking"]) == 67
    assert answer["intent"]["name"] == "rescue"
    assert answer["language"] == {**answer["language"], "name": "en", "script": "Latn"}


@pytest.mark.parametrize(("method", "path"), [("PUT", "/model"), ("POST", "/model/train")])
def test_nobody_changes_the_model(server, port, method, path):
    with pytest.raises(urllib.error.HTTPError) as refused:
        _call(port, path, {}, method)
    assert refused.value.code == 404


def test_a_second_server_on_the_port_says_so_in_one_line(server, port):
    second = _start(port, stderr=subprocess.PIPE)
    _, error = second.communicate(timeout=20)
    assert second.returncode == 1
    assert error.count(b"\n") == 1
    assert b"taken" in error


def test_no_message_is_logged(server, port):
    _call(port, "/model/parse", {"text": f"{_SECRET} doctor"})
    for body in (b"{" + _SECRET.encode(), b'{"text": 7, "x": "%s"}' % _SECRET.encode()):
        request = urllib.request.Request(f"http://127.0.0.1:{port}/model/parse", body)
        try:
            urllib.request.urlopen(request, timeout=10)
        except urllib.error.HTTPError as error:
            assert error.code < 600
    assert _SECRET not in server[1].read_text()


def test_sigterm_ends_it_at_once(server):
    process, _ = server
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=5) == 0
    assert time.monotonic() - begun < 1.5

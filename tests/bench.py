"""``make bench``: time and memory of our own parts, measured on this machine, printed as a table.

NLU call: ``POST /model/parse`` over HTTP for held-out messages, one after another. Overhead: a
whole turn (load, decide, answer, save, commit on SQLite) with the model's time taken away.
Memory: resident set of each process after these messages.
"""

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

from tests.conftest import free_port
from tests.support.held_out import held_out
from tests.support.running import ROOT, Running, wait_for

MESSAGES = 600


def _rss(pid: int) -> float:
    """Resident set of a process and its children in MB (Linux; 0 elsewhere)."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return 0.0
    lines = status.read_text().splitlines()
    own = next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return own + sum(_rss(int(child)) for child in children)


def _line(name: str, times: list[float]) -> str:
    ordered = sorted(times)
    p95 = ordered[int(len(ordered) * 0.95)]
    return f"{name:34} median {statistics.median(times):7.2f} ms   p95 {p95:7.2f} ms"


def main() -> None:
    """Measure and print."""
    every = [case.text for case in held_out()]
    texts = every[:: max(1, len(every) // MESSAGES)][:MESSAGES]
    port = free_port()
    began = time.monotonic()
    nlu = subprocess.Popen(
        [ROOT / "nlu/.venv/bin/python", "-W", "ignore", "-m", "nlu.serve", "--port", str(port)],
        cwd=ROOT,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/status", 120, nlu)
        print(f"NLU server ready after {time.monotonic() - began:.1f} s")
        with tempfile.TemporaryDirectory() as folder:
            began = time.monotonic()
            with Running(Path(folder), free_port(), f"http://127.0.0.1:{port}") as service:
                print(f"service ready after {time.monotonic() - began:.1f} s")
                asyncio.run(_measure(f"http://127.0.0.1:{port}", service.url, texts))
                print(f"memory: service {_rss(service.process.pid):.0f} MB", end=", ")
                print(f"NLU server {_rss(nlu.pid):.0f} MB")
    finally:
        nlu.terminate()
        nlu.wait(15)


async def _measure(nlu_url: str, service_url: str, texts: list[str]) -> None:
    parse, whole = [], []
    async with httpx.AsyncClient(timeout=30) as client:
        for warm in texts[:20]:
            await client.post(f"{nlu_url}/model/parse", json={"text": warm})
        for n, text in enumerate(texts):
            began = time.perf_counter()
            await client.post(f"{nlu_url}/model/parse", json={"text": text})
            parse.append((time.perf_counter() - began) * 1000)
            if sys.stderr.isatty() and n % 50 == 0:
                print(f"\r  {n}/{len(texts)}", end="", file=sys.stderr)
        for n, text in enumerate(texts):
            began = time.perf_counter()
            body = {"session": f"bench{n % 100}", "text": text}
            await client.post(f"{service_url}/chat/messages", json=body)
            whole.append((time.perf_counter() - began) * 1000)
        metrics = (await client.get(f"{service_url}/metrics")).text
    print(_line("NLU call (POST /model/parse)", parse))
    print(_line("whole turn (POST /chat/messages)", whole))
    sums = {
        name: float(line.split()[-1])
        for line in metrics.splitlines()
        for name in ("rahnuma_overhead_seconds_sum", "rahnuma_overhead_seconds_count")
        if line.startswith(name)
    }
    mean = sums["rahnuma_overhead_seconds_sum"] / sums["rahnuma_overhead_seconds_count"] * 1000
    under = [
        line.split()[-1]
        for line in metrics.splitlines()
        if line.startswith('rahnuma_overhead_seconds_bucket{le="0.005"}')
    ]
    share = float(under[0]) / sums["rahnuma_overhead_seconds_count"]
    print(f"{'overhead without the NLU call':34} mean   {mean:7.2f} ms   under 5 ms: {share:.0%}")


if __name__ == "__main__":
    main()

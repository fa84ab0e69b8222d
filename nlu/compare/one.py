"""One step of a comparison in a process of its own, so that time and memory are its own.

    python -m nlu.compare.one train RECIPE SHARE MODEL_FOLDER RESULT
    python -m nlu.compare.one parse MODEL RESULT

SHARE (0 to 1) is of the training data. The result is a JSON file.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from pathlib import Path

from nlu.data import ROOT, load_contract, load_examples, some
from nlu.evaluate import figures
from nlu.runtime import accept_slashes, prepare_rasa
from nlu.train import train_graph


def train(recipe: str, share: str, folder: str) -> dict:
    """Train `recipe` on a share of the data into `folder`/compared.tar.gz; seconds and size."""
    examples = some(load_examples(ROOT / "nlu"), float(share))
    prepare_rasa()
    begun = time.monotonic()
    model = train_graph(examples, Path(recipe), Path(folder), "compared", "compared")
    seconds = time.monotonic() - begun
    return {
        "examples": len(examples),
        "training_seconds": round(seconds),
        "training_memory_mb": _peak(),
        "model_mb": round(model.stat().st_size / 1e6, 1),
    }


def parse(model: str) -> dict:
    """Parse all held-out messages one after another; figures, milliseconds and memory."""
    tests = load_examples(ROOT / "tests" / "nlu")
    prepare_rasa()
    from rasa.core.agent import Agent

    accept_slashes()
    agent = Agent.load(str(model))
    answers, seconds = [], []

    async def ask() -> None:
        await agent.parse_message("salam")  # the first loads what is left to load
        for test in tests:
            begun = time.perf_counter()
            answer = await agent.parse_message(test.text)
            seconds.append(time.perf_counter() - begun)
            # stock pipelines know no language
            answers.append({"language": {"name": None}, **answer})

    asyncio.run(ask())
    seconds.sort()
    return {
        "parse_p50_ms": round(1000 * seconds[len(seconds) // 2], 1),
        "parse_p95_ms": round(1000 * seconds[int(len(seconds) * 0.95)], 1),
        "memory_mb": _peak(),
        "groups": figures(tests, answers, load_contract())["groups"],
    }


def _peak() -> int:
    """Largest resident set of this process in MB (Linux counts in kB, a Mac in bytes)."""
    unit = 1024**2 if sys.platform == "darwin" else 1024
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit)


if __name__ == "__main__":
    what, *given, out = sys.argv[1:]
    Path(out).write_text(json.dumps({"train": train, "parse": parse}[what](*given)))

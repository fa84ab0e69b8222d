"""Side by side: make bench-nlu. Trains each pipeline on the same data and measures all alike.

Writes a table to ``docs/benchmarks.md`` between its marks, and everything to
``var/benchmarks.json``. DIET takes by far the longest: some minutes an epoch.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from nlu.data import ROOT

HERE = Path(__file__).parent
PAGE = ROOT / "docs" / "benchmarks.md"
RESULT = ROOT / "var" / "benchmarks.json"
PIPELINES = {
    "stock, DIET": HERE / "stock_diet.yml",
    "stock, logistic regression": HERE / "stock_logistic.yml",
    "frozen e5, linear": HERE / "frozen_e5.yml",
    "ours": ROOT / "config.yml",
}
NATIVE = ("ar Arab", "fa Arab", "ps Arab", "ur Arab", "fr Latn", "en Latn")
ROMANISED = ("ar Latn", "fa Latn", "ps Latn", "ur Latn")
_MARKS = ("<!-- measured -->", "<!-- /measured -->")


def main() -> int:
    """Run the command; 1 if a pipeline failed."""
    parser = argparse.ArgumentParser(prog="python -m nlu.compare", description="Compare.")
    parser.add_argument("--epochs", type=int, default=50, help="of DIET (default 50)")
    parser.add_argument(
        "--only", choices=PIPELINES, action="append", help="leave others as they are"
    )
    options = parser.parse_args()
    results = json.loads(RESULT.read_text()) if options.only and RESULT.exists() else {}
    for name in options.only or PIPELINES:
        print(f"{name}: training", flush=True)
        measured = _measure(PIPELINES[name], options.epochs)
        if measured is None:
            print(f"nlu.compare: {name} failed; its own lines above say why", file=sys.stderr)
            return 1
        results[name] = measured | {"measured": time.strftime("%Y-%m-%d")}
        if "diet" in PIPELINES[name].name:
            results[name]["epochs"] = options.epochs
        RESULT.parent.mkdir(exist_ok=True)
        RESULT.write_text(json.dumps(results, indent=1))
    table = _table(results)
    print(table)
    _write(table)
    return 0


def _measure(config: Path, epochs: int) -> dict | None:
    """Train and parse in processes of their own; None if one of them failed."""
    environment = os.environ | {"OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "1")}
    with tempfile.TemporaryDirectory(prefix="rahnuma-compare-") as folder:
        recipe, out = Path(folder) / "config.yml", Path(folder) / "result.json"
        recipe.write_text(re.sub(r"epochs: 50\b", f"epochs: {epochs}", config.read_text()))
        model = Path(folder) / "compared.tar.gz"
        result: dict = {}
        for step in (["train", str(recipe), folder], ["parse", str(model)]):
            command = [sys.executable, "-m", "nlu.compare.one", *step, str(out)]
            if subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode:
                return None
            result |= json.loads(out.read_text())
        return result


def _mean(groups: dict, names: tuple[str, ...]) -> float:
    return sum(groups[name]["macro_f1"] for name in names) / len(names)


def _table(results: dict) -> str:
    heads = (
        "pipeline", "F1 native", "F1 Latin letters", "accuracy", "danger sure: recall / precision",
        "training", "model", "parse p50 / p95", "memory",
    )  # fmt: skip
    rows = [heads, ("---",) * len(heads)]
    for name, r in results.items():
        whole = r["groups"]["all"]
        sure = whole["danger_precision"]
        rows.append(
            (
                name + (f" ({r['epochs']} epochs)" if "epochs" in r else ""),
                f"{_mean(r['groups'], NATIVE):.3f}",
                f"{_mean(r['groups'], ROMANISED):.3f}",
                f"{whole['accuracy']:.3f}",
                f"{whole['danger_recall']:.3f} / " + ("-" if sure is None else f"{sure:.3f}"),
                f"{r['training_seconds']} s",
                f"{r['model_mb']} MB",
                f"{r['parse_p50_ms']} / {r['parse_p95_ms']} ms",
                f"{r['memory_mb']} MB",
            )
        )
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def _write(table: str) -> None:
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(_MARKS[0])
    after = rest.split(_MARKS[1])[1]
    PAGE.write_text(f"{before}{_MARKS[0]}\n{table}\n{_MARKS[1]}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())

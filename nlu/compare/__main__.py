"""Side by side: make bench-nlu. Trains each pipeline on the same data and measures all alike.

By default on a twelfth of the training data: stock Rasa's DIET takes minutes an epoch on all of it.
Ours is then tuned on that part too, and its tuning counts as training. With ``--share 1`` the
encoder of the repository is used as it is. Writes a table to ``docs/benchmarks.md`` between the
marks of its share, the learning curve of ours over all shares that were measured, and everything
to ``var/benchmarks.json``.
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
OURS = "ours"
PIPELINES = {
    "stock, DIET": HERE / "stock_diet.yml",
    "stock, logistic regression": HERE / "stock_logistic.yml",
    "frozen e5, linear": HERE / "frozen_e5.yml",
    OURS: ROOT / "config.yml",
}
NATIVE = ("ar Arab", "fa Arab", "ps Arab", "ur Arab", "fr Latn", "en Latn")
ROMANISED = ("ar Latn", "fa Latn", "ps Latn", "ur Latn")
_SHARE = 0.08
_TUNER = ROOT / "nlu" / "tuning" / ".venv" / "bin" / "python"


def main() -> int:
    """Run the command; 1 if a pipeline failed."""
    parser = argparse.ArgumentParser(prog="python -m nlu.compare", description="Compare.")
    parser.add_argument("--epochs", type=int, default=50, help="of DIET (default 50)")
    parser.add_argument("--share", type=float, default=_SHARE, help="of the data (default 0.08)")
    parser.add_argument(
        "--only", choices=PIPELINES, action="append", help="leave others as they are"
    )
    options = parser.parse_args()
    stored = json.loads(RESULT.read_text()) if RESULT.exists() else {}
    name = f"{options.share:g}"
    results = stored.setdefault(name, {})
    if not options.only:
        results.clear()
    for pipeline in options.only or PIPELINES:
        print(f"{pipeline}: training", flush=True)
        try:
            measured = _measure(pipeline, options)
        except subprocess.CalledProcessError:
            print(f"nlu.compare: {pipeline} failed; its own lines say why", file=sys.stderr)
            return 1
        results[pipeline] = measured | {"measured": time.strftime("%Y-%m-%d")}
        if "diet" in PIPELINES[pipeline].name:
            results[pipeline]["epochs"] = options.epochs
        RESULT.parent.mkdir(exist_ok=True)
        RESULT.write_text(json.dumps(stored, indent=1))
    table, curve = _table(results), _curve(stored)
    print(f"{table}\n\n{curve}")
    _write(f"measured on {name}", table)
    _write("learning curve", curve)
    return 0


def _measure(pipeline: str, options: argparse.Namespace) -> dict:
    """Train and parse in processes of their own; CalledProcessError if one of them fails."""
    config, share = PIPELINES[pipeline], options.share
    environment = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    with tempfile.TemporaryDirectory(prefix="rahnuma-compare-") as folder:
        recipe, out = Path(folder) / "config.yml", Path(folder) / "result.json"
        recipe.write_text(_recipe(config.read_text(), options.epochs, folder))
        result: dict = {"tuning_seconds": 0}
        if pipeline == OURS and share < 1:
            encoder = Path(folder) / "layers.onnx"
            result["tuning_seconds"] = _tune(share, encoder, environment)
            environment["RAHNUMA_ENCODER"] = str(encoder)
        for step in (
            ["train", str(recipe), str(share), folder],
            ["parse", str(Path(folder) / "compared.tar.gz")],
        ):
            command = [sys.executable, "-m", "nlu.compare.one", *step, str(out)]
            subprocess.run(command, cwd=ROOT, env=environment, check=True)
            result |= json.loads(out.read_text())
        return result


def _recipe(text: str, epochs: int, folder: str) -> str:
    """A recipe with DIET's epochs set, and no vectors from earlier trainings: time is measured."""
    featurizer = "nlu.components.e5_featurizer.E5Featurizer"
    text = text.replace(
        f"name: {featurizer}", f"name: {featurizer}\n    cache_dir: {folder}/vectors"
    )
    return re.sub(r"epochs: 50\b", f"epochs: {epochs}", text)


def _tune(share: float, encoder: Path, environment: dict[str, str]) -> int:
    """Tune the encoder on a share of the data into the file `encoder`; seconds that it took."""
    begun = time.monotonic()
    command = [str(_TUNER), "-m", "nlu.tuning.tune", "--share", str(share), "--out", str(encoder)]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    return round(time.monotonic() - begun)


def _mean(groups: dict, names: tuple[str, ...]) -> float:
    return sum(groups[name]["macro_f1"] for name in names) / len(names)


def _table(results: dict) -> str:
    heads = (
        "pipeline", "utterances", "F1 native", "F1 Latin letters", "accuracy",
        "danger sure: recall / precision", "training", "model", "parse p50 / p95", "memory",
    )  # fmt: skip
    rows = [heads, ("---",) * len(heads)]
    for name, r in results.items():
        whole = r["groups"]["all"]
        sure = whole["danger_precision"]
        tuning = f"{r['tuning_seconds']} + " if r["tuning_seconds"] else ""
        rows.append(
            (
                name + (f" ({r['epochs']} epochs)" if "epochs" in r else ""),
                f"{r['examples']}",
                f"{_mean(r['groups'], NATIVE):.3f}",
                f"{_mean(r['groups'], ROMANISED):.3f}",
                f"{whole['accuracy']:.3f}",
                f"{whole['danger_recall']:.3f} / " + ("-" if sure is None else f"{sure:.3f}"),
                f"{tuning}{r['training_seconds']} s",
                f"{r['model_mb']} MB",
                f"{r['parse_p50_ms']} / {r['parse_p95_ms']} ms",
                f"{r['memory_mb']} MB",
            )
        )
    return _markdown(rows)


def _curve(stored: dict) -> str:
    """Our macro-F1 by how many utterances were learnt, in each language."""
    names = (*NATIVE, *ROMANISED)
    measured = sorted((r[OURS] for r in stored.values() if OURS in r), key=lambda r: r["examples"])
    rows = [("utterances", "accuracy", *names), ("---",) * (len(names) + 2)]
    for r in measured:
        groups = r["groups"]
        figures = (f"{groups[name]['macro_f1']:.3f}" for name in names)
        rows.append((f"{r['examples']}", f"{groups['all']['accuracy']:.3f}", *figures))
    return _markdown(rows)


def _markdown(rows: list[tuple[str, ...]]) -> str:
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def _write(what: str, table: str) -> None:
    """Put a table between its marks on the page, if the page has them."""
    begin, end = f"<!-- {what} -->", "<!-- /measured -->"
    page = PAGE.read_text(encoding="utf-8")
    if begin not in page:
        return
    before, rest = page.split(begin)
    after = rest.split(end, 1)[1]
    PAGE.write_text(f"{before}{begin}\n{table}\n{end}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())

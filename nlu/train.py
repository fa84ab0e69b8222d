"""Train the NLU model: nlu/.venv/bin/python -m nlu.train

Does nothing, in well under a second, if the newest model was made from the same data, recipe,
components and packages. Rasa is therefore imported only when it is needed.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import shutil
import sys
import tempfile
import time
from contextlib import redirect_stdout
from pathlib import Path

from nlu.data import (
    CONTRACT,
    LANGUAGES,
    OTHER_LANGUAGES,
    REGISTERS,
    ROOT,
    DataError,
    Example,
    check_against,
    load_contract,
    load_examples,
)
from nlu.runtime import prepare_rasa

MODELS = ROOT / "nlu" / "models"
KEPT = 2  # the newest, and the one before it to go back to
_STEPS = 4
_SECONDS_TO_TRAIN = 90


def fingerprint(data: Path, config: Path) -> str:
    """Return a hash of everything that the model is made from (64 hex digits).

    `data`: the folder with the six language folders. File names count, times do not.
    """
    code = ROOT / "nlu"
    files = [config, CONTRACT, code / "uv.lock", OTHER_LANGUAGES, REGISTERS]
    files += [code / f"{name}.py" for name in ("embedding", "importer", "normalise")]
    files += [code / "transliterate.py", code / "writing.py"]
    files += sorted((code / "components").glob("*.py"))
    files += sorted(p for p in (code / "encoder").glob("*") if p.suffix in (".py", ".onnx"))
    for language in LANGUAGES:
        files += sorted((data / language).glob("*.yml"))
    digest = hashlib.sha256()
    for path in files:
        name = f"{path.parent.name}/{path.name}".encode()
        digest.update(name + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def newest_model(models: Path = MODELS) -> Path | None:
    """Return the newest whole model (an archive with its fingerprint beside it), or None."""
    whole = [path for path in models.glob("*.tar.gz") if note_of(path).exists()]
    return max(whole, key=lambda path: path.name, default=None)


def note_of(model: Path) -> Path:
    """Return the path of the fingerprint file beside a model."""
    return model.with_name(model.name.removesuffix(".tar.gz") + ".json")


def is_current(model: Path | None, wanted: str) -> bool:
    """Tell whether `model` was made from what has the fingerprint `wanted`."""
    if model is None:
        return False
    try:
        return json.loads(note_of(model).read_text())["fingerprint"] == wanted
    except (OSError, ValueError, KeyError, TypeError):
        return False


def main(arguments: list[str] | None = None) -> int:
    """Run the command; 0 if there is a current model at the end, 1 with one line if not."""
    parser = argparse.ArgumentParser(prog="python -m nlu.train", description="Train the model.")
    parser.add_argument("--force", action="store_true", help="train even if nothing changed")
    parser.add_argument("--data", type=Path, default=ROOT / "nlu", help="the language folders")
    parser.add_argument("--config", type=Path, default=ROOT / "config.yml", help="the recipe")
    parser.add_argument("--models", type=Path, default=MODELS, help="where models are kept")
    parser.add_argument("--cache", type=Path, help="where sentence vectors are kept")
    options = parser.parse_args(arguments)
    try:
        _train(options)
    except (DataError, OSError) as error:
        print(f"nlu.train: {error}", file=sys.stderr)
        return 1
    return 0


def _train(options: argparse.Namespace) -> None:
    newest = newest_model(options.models)
    if not options.force and is_current(newest, fingerprint(options.data, options.config)):
        print(f"The model is up to date: {newest.name}")
        return
    begun = time.monotonic()
    # A snapshot: what is trained is what was checked, even if somebody saves a file meanwhile.
    with tempfile.TemporaryDirectory(prefix="rahnuma-nlu-") as folder:
        snapshot = Path(folder)
        for language in LANGUAGES:
            (snapshot / language).mkdir()
            for path in (options.data / language).glob("*.yml"):
                shutil.copy(path, snapshot / language)
        wanted = fingerprint(snapshot, options.config)
        _say(1, "checking the training data")
        examples = load_examples(snapshot)
        check_against(load_contract(), examples)
        _warn_of_contradictions(examples)
        print(f"      {len(examples)} examples of {len({e.intent for e in examples})} intents")
    model = _train_rasa(examples, options, wanted)
    note_of(model).write_text(
        json.dumps({"fingerprint": wanted, "examples": len(examples)}, indent=1) + "\n"
    )
    _drop_old(options.models)
    print(f"Trained in {time.monotonic() - begun:.0f} s: {model}")


def _train_rasa(examples: list[Example], options: argparse.Namespace, wanted: str) -> Path:
    """Compute the vectors, then let Rasa train; return the model's path."""
    from nlu import embedding
    from nlu.encoder.reading import reading, tidy

    _say(2, "sentence vectors (kept for the next time)")
    embedding.embed_all(
        [reading(tidy(e.text), e.language, e.script) for e in examples],
        options.cache or ROOT / embedding.CACHE_DIR,
        progress=lambda line: print(f"      {line}", flush=True),
    )
    _say(3, "starting Rasa (about 10 s)")
    prepare_rasa()
    _say(4, f"training the components (about {_SECONDS_TO_TRAIN} s)")
    with redirect_stdout(io.StringIO()):  # Rasa's own line, in green
        return train_graph(
            examples, options.config, options.models, time.strftime("%Y%m%d-%H%M%S"), wanted
        )


def train_graph(
    examples: list[Example], config: Path, models: Path, name: str, data_name: str
) -> Path:
    """Let Rasa train the recipe `config` on the examples; return `models`/`name`.tar.gz.

    `data_name` stands for the data and the recipe. DataError if it fails. Call `prepare_rasa`
    before.
    """
    from rasa.model_training import _train_graph  # what train_nlu calls after reading
    from rasa.shared.data import TrainingType
    from rasa.shared.exceptions import RasaException

    from nlu.importer import ExamplesImporter

    try:
        path = _train_graph(
            ExamplesImporter(examples, config.resolve(), data_name),
            training_type=TrainingType.NLU,
            output_path=str(models.resolve()),
            fixed_model_name=name,
            force_full_training=True,
        ).model
    except (RasaException, ValueError) as error:
        raise DataError(" ".join(str(error).split())) from error
    if not path:
        raise DataError("Rasa trained no model; its own lines above say why")
    return Path(path)


def _warn_of_contradictions(examples: list[Example]) -> None:
    from nlu.normalise import normalise

    seen: dict[str, str] = {}
    clashes = []
    for example in examples:
        other = seen.setdefault(normalise(example.text), example.intent)
        if other != example.intent:
            clashes.append(f"{example.text!r} ({other}, {example.intent})")
    if clashes:
        print(f"      note: {len(clashes)} utterances stand in two intents, as {clashes[0]}")


def _drop_old(models: Path) -> None:
    archives = sorted(models.glob("*.tar.gz"), key=lambda path: path.name)
    for path in archives[:-KEPT]:
        path.unlink()
        note_of(path).unlink(missing_ok=True)


def _say(step: int, what: str) -> None:
    print(f"[{step}/{_STEPS}] {what}", flush=True)


if __name__ == "__main__":
    sys.exit(main())

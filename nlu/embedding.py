"""Sentence vectors of many texts on all cores, kept on disk so that training again is quick.

Knows nothing of Rasa, so that worker processes start at once.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, as_completed
from functools import lru_cache
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from nlu.encoder.encoder import DIM, LAYERS, encoder, packed_path

CACHE_DIR = Path("var/cache/e5")  # below the project root, where every command is started

_BATCH = 64  # texts a call: the bar still moves
_KEPT = 80_000  # vectors kept at most (120 MB): two trainings of different data


def embed(text: str) -> np.ndarray:
    """Return the unit vector of one text, (384,) float32."""
    return encoder().vector(text)


@lru_cache(maxsize=1)
def model_hash() -> str:
    """Return a name for the encoder: hash of its files and code (16 hex digits)."""
    code = sorted(LAYERS.parent.glob("*.py"))
    digest = hashlib.sha256()
    for path in (packed_path(), LAYERS, *code):
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


class VectorCache:
    """Vectors by hash of their text, in one .npz file named after the encoder.

    A file that cannot be read is treated as empty: everything in it can be computed again.
    """

    def __init__(self, folder: Path | str = CACHE_DIR) -> None:
        self.path = Path(folder) / f"{model_hash()}.npz"
        self._vectors: dict[bytes, np.ndarray] = {}
        try:
            with np.load(self.path, allow_pickle=False) as stored:
                keys, vectors = stored["keys"], stored["vectors"]
            if vectors.shape == (len(keys), DIM):
                self._vectors = {key.tobytes(): row for key, row in zip(keys, vectors, strict=True)}
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            pass

    @staticmethod
    def key(text: str) -> bytes:
        """Return the 16 bytes that stand for `text`."""
        return hashlib.sha256(text.encode("utf-8")).digest()[:16]

    def __contains__(self, text: str) -> bool:
        return self.key(text) in self._vectors

    def __len__(self) -> int:
        return len(self._vectors)

    def get(self, text: str) -> np.ndarray:
        """Return the vector of `text`; KeyError if it is not here. Marks it as just used."""
        key = self.key(text)
        vector = self._vectors.pop(key)
        self._vectors[key] = vector
        return vector

    def put(self, texts: Iterable[str], vectors: np.ndarray) -> None:
        """Add one row of `vectors` for each text."""
        for text, row in zip(texts, vectors, strict=True):
            self._vectors[self.key(text)] = row

    def save(self) -> None:
        """Write to disk in one step, so that a reader never sees half a file."""
        if not self._vectors:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        recent = list(self._vectors.items())[-_KEPT:]
        keys = np.array([np.frombuffer(key, dtype=np.uint8) for key, _ in recent])
        part = self.path.with_name(f"{self.path.stem}.{os.getpid()}.part.npz")
        try:
            np.savez(part, keys=keys, vectors=np.stack([row for _, row in recent]))
            os.replace(part, self.path)
        finally:
            part.unlink(missing_ok=True)


def embed_all(
    texts: list[str],
    folder: Path | str = CACHE_DIR,
    progress: Callable[[str], None] | None = None,
    workers: int | None = None,
) -> np.ndarray:
    """Return the vectors of `texts`, (len(texts), 384) float32, from the cache where possible.

    The rest is computed on all cores (`workers` processes, one thread each). `progress` gets a
    line now and then.
    What was computed is kept even if the work is interrupted.
    """
    cache = VectorCache(folder)
    missing = sorted({t for t in texts if t not in cache}, key=lambda t: (-len(t), t))
    if missing:
        try:
            _fill(cache, missing, progress or (lambda line: None), workers or _cores())
        finally:
            cache.save()
    elif progress:
        progress(f"sentence vectors: all {len(texts)} from the cache")
    return np.stack([cache.get(t) for t in texts]) if texts else np.zeros((0, DIM), np.float32)


def _fill(
    cache: VectorCache, missing: list[str], progress: Callable[[str], None], workers: int
) -> None:
    # Longest first: the time left is then over- rather than underestimated, and the processes
    # end together.
    batches = [missing[i : i + _BATCH] for i in range(0, len(missing), _BATCH)]
    total = sum(map(_cost, missing))
    begun = shown = time.monotonic()
    done = count = 0
    progress(f"sentence vectors: {len(missing)} to compute with {workers} processes")
    for batch, vectors in _computed(batches, workers):
        cache.put(batch, vectors)
        done += sum(map(_cost, batch))
        count += len(batch)
        now = time.monotonic()
        if now - shown >= 3 or count == len(missing):
            shown = now
            left = (now - begun) * (total - done) / done
            progress(
                f"sentence vectors: [{bar(done / total)}] {count}/{len(missing)}, {left:.0f} s left"
            )


def _computed(batches: list[list[str]], workers: int):
    """Yield (batch, its vectors) as they are done."""
    if workers < 2 or len(batches) < 4:  # starting processes would take longer
        for batch in batches:
            yield batch, _embed_batch(batch)
        return
    # spawn: forking a process that has TensorFlow's threads can hang.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, initializer=_start_worker) as pool:
        try:
            waiting = {pool.submit(_embed_batch, batch): batch for batch in batches}
            for future in as_completed(waiting):
                yield waiting[future], future.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _start_worker() -> None:
    encoder()  # load it now: the first batch is then as quick as the others


def _embed_batch(texts: list[str]) -> np.ndarray:
    return np.stack([embed(text) for text in texts])


def _cost(text: str) -> int:
    """About how long a text takes: its bytes follow the number of tokens, plus the prefix."""
    return len(text.encode("utf-8")) + 10


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on a Mac
        return os.cpu_count() or 1


def bar(share: float, width: int = 20) -> str:
    """Return a progress bar for a share from 0 to 1."""
    full = round(width * min(max(share, 0.0), 1.0))
    return "#" * full + "." * (width - full)

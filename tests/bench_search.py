"""Part of ``make bench``: search over the held-out questions, without any model.

For each language and script: the share of questions that have an answer and find it first, or among
the first three, and the time of one search. Before that: how long making and reading the index of
questions takes, and what it holds in memory.
"""

import statistics
import time
import tracemalloc
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

from content.answers import Library
from content.intents import intents_with_text
from content.languages import LANGUAGES
from content.questions import index_questions, read_index, write_index
from tests.support.held_out import held_out


def main() -> None:
    """Measure and print."""
    library = Library.load()
    began = time.perf_counter()
    made = index_questions()
    print(f"index of questions made in {time.perf_counter() - began:.1f} s")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "questions-bench.bin"
        write_index(path, made)
        del made
        began = time.perf_counter()
        tracemalloc.start()
        kept = read_index(path)
        held = tracemalloc.get_traced_memory()[0] / 1e6
        tracemalloc.stop()
        seconds = time.perf_counter() - began
        print(f"read in {seconds * 1000:.0f} ms, {held:.0f} MB in memory")
    library.finder.learn(kept)
    began = time.perf_counter()
    library.finder.prepare(LANGUAGES)
    print(f"answers indexed in {time.perf_counter() - began:.2f} s (after each publication)")
    times, ranks = defaultdict(list), defaultdict(list)
    for case in held_out():
        if case.intent in intents_with_text():
            search = library.finder.of(case.language)
            began = time.perf_counter()
            found = search.find(case.text)
            of = case.language, case.script
            times[of].append((time.perf_counter() - began) * 1000)
            ranks[of].append(found.index(case.intent) if case.intent in found else 3)
    print("| language | script | questions | first | top 3 | p50 | p95 | longest |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- |")
    for of in sorted(times):
        ordered, n = sorted(times[of]), len(times[of])
        shares = (sum(rank < most for rank in ranks[of]) / n for most in (1, 3))
        first, three = (f"{share:.3f}" for share in shares)
        ms = (statistics.median(ordered), ordered[int(n * 0.95)], ordered[-1])
        row = [*of, str(n), first, three, *(f"{one:.1f} ms" for one in ms)]
        print(f"| {' | '.join(row)} |")


if __name__ == "__main__":
    main()

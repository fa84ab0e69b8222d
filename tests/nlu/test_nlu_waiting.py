"""Utterances that wait for the next tuning: sound, and copies of nothing."""

from nlu.data import ROOT, load_contract, load_examples

WAITING = ROOT / "nlu" / "waiting"


def test_what_waits_is_of_known_intents_and_stands_nowhere_else():
    waiting = load_examples(WAITING)
    texts = [example.text for example in waiting]
    assert {example.intent for example in waiting} <= set(load_contract().intents)
    assert len(set(texts)) == len(texts)
    for folder in (ROOT / "nlu", ROOT / "tests" / "nlu"):
        assert not set(texts) & {example.text for example in load_examples(folder)}

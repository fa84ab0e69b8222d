"""From a reading to a decision."""

from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.danger_words import Hit, find
from bot.conversation.decision import decide
from bot.conversation.nlu_client import Parse
from content.intents import danger_intents, intents
from nlu.thresholds import thresholds

_NAMES = sorted(intents())


def parse(ranking: dict[str, float]) -> Parse:
    ordered = sorted(ranking.items(), key=lambda item: -item[1])
    return Parse(tuple(ordered), "en", 1.0, "Latn")


rankings = st.lists(st.floats(0.0001, 1), min_size=len(_NAMES), max_size=len(_NAMES)).map(
    lambda weights: {n: w / sum(weights) for n, w in zip(_NAMES, weights, strict=True)}
)
hits = st.one_of(
    st.none(), st.builds(Hit, st.sampled_from(sorted(danger_intents())), st.booleans())
)


@given(rankings, hits)
def test_danger_that_the_model_or_the_words_see_is_never_dropped(ranking, hit):
    decision = decide(parse(ranking), hit)
    danger = sum(p for name, p in ranking.items() if name in danger_intents())
    if hit or danger >= thresholds("Latn", "en").suspected:
        assert decision.kind == "danger" or decision.suspected in danger_intents()


@given(hits)
def test_without_the_model_the_words_decide(hit):
    decision = decide(None, hit)
    if hit is None:
        assert (decision.kind, decision.suspected) == ("fallback", None)
    elif hit.sure:
        assert (decision.kind, decision.intent) == ("danger", hit.intent)
    else:
        assert decision.suspected == hit.intent


def test_a_sure_word_is_only_suspected_when_the_model_sees_no_danger_at_all():
    decision = decide(parse({"food": 0.99, "violence": 0.01}), Hit("violence", True))
    assert (decision.kind, decision.intent, decision.suspected) == ("act", "food", "violence")


def test_danger_words_fit_at_the_start_of_words_only_and_in_any_spelling_of_letters():
    assert find("I WANT to kill MYSELF!!") == Hit("suicide_risk", True)
    assert find("") is None

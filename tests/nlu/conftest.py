"""Settings for the tests of the NLU part; without Rasa only those of the normaliser run."""

import importlib.util

if importlib.util.find_spec("rasa") is None:
    collect_ignore_glob = ["test_[!n]*.py", "test_nlu_*.py"]  # all but test_normalise.py
else:
    from nlu.runtime import prepare_rasa

    prepare_rasa()

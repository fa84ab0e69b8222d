"""The model that is in use reaches what is written in floors.json, on all held-out utterances."""

import pytest

from nlu import evaluate


def test_no_figure_is_below_its_floor(capsys):
    assert evaluate.FLOORS.exists()
    if evaluate.main([]) != 0:
        out = capsys.readouterr()
        pytest.fail("\n".join(line for line in out.out.splitlines() if "floor" in line) + out.err)

"""What must be set up in a process before Rasa is imported, for every command alike."""

from __future__ import annotations

import logging
import os
import sys
import warnings

from nlu.data import ROOT


def prepare_rasa() -> None:
    """Make Rasa send nothing, cache nothing and log no message; call before importing it.

    Rasa writes each message at debug level, through `logging` and through structlog, whose
    default is to print everything: so both are set here, whatever the environment says.
    """
    os.environ.update(
        RASA_TELEMETRY_ENABLED="false",
        RASA_MAX_CACHE_SIZE="0",  # vectors of the training data are kept by us
        RASA_CACHE_DIRECTORY=str(ROOT / "var" / "cache" / "rasa"),
        TF_CPP_MIN_LOG_LEVEL="3",
        CUDA_VISIBLE_DEVICES="-1",
        SQLALCHEMY_SILENCE_UBER_WARNING="1",
        LOG_LEVEL="WARNING",
        LOG_LEVEL_LIBRARIES="ERROR",
        GIT_CEILING_DIRECTORIES=str(ROOT.parent),
    )
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")  # threads of the encoder wait in a busy loop
    # Deprecations inside pinned packages; a filter would not do: packages set their own.
    warnings.showwarning = lambda *_, **__: None
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    os.chdir(ROOT)  # paths in the recipe are below the project root
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))


def accept_slashes() -> None:
    """Let messages that begin with "/" be understood like others.

    Rasa takes "/name" for the intent `name` with full confidence, without the pipeline: a
    person could then name any intent, and the answer would lack its language.
    """
    from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader

    YAMLStoryReader.unpack_regex_message = staticmethod(lambda message, *_, **__: message)

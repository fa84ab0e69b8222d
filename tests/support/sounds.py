"""Sounds for tests, made with FFmpeg's libraries as browsers would record them."""

import io
import math
from array import array

import av

RATE, STEP = 48_000, 960


def tone(
    seconds: float, container: str = "webm", codec: str = "libopus", loud: float = 0.5, **tags: str
) -> bytes:
    """A tone of 300 Hz in a container; ``loud`` is a share of full scale; ``tags``: metadata."""
    wave = (round(math.sin(n * 2 * math.pi * 300 / RATE) * loud * 32767) for n in range(STEP))
    values = array("h", (value for value in wave for _side in "lr")).tobytes()
    out = io.BytesIO()
    with av.open(out, "w", format=container) as target:
        target.metadata.update(tags)
        stream = target.add_stream(codec, rate=RATE, layout="stereo")
        written = av.AudioResampler(stream.format.name, "stereo", RATE)
        for at in range(0, int(seconds * RATE), STEP):
            frame = av.AudioFrame(format="s16", layout="stereo", samples=STEP)
            frame.planes[0].update(values)
            frame.sample_rate, frame.pts = RATE, at
            for part in written.resample(frame):
                target.mux(stream.encode(part))
        target.mux(stream.encode(None))
    return out.getvalue()

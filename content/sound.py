"""Recorded voices: any sound that a browser records, as the voice message that Telegram takes.

Telegram's voice messages are Opus in Ogg (https://core.telegram.org/bots/api#sendvoice); browsers
record WebM, Ogg or MP4. The sound is decoded and written anew, so that nothing but sound is kept.
"""

import io
from dataclasses import dataclass

import av
from av.error import FFmpegError

#: Bytes of an upload, and of what is kept of it.
MOST_UPLOADED, MOST_KEPT = 12 * 1024 * 1024, 1536 * 1024
#: Seconds of a recording.
SHORTEST, LONGEST = 1.0, 180.0
#: Samples a second and bits a second: clear speech, some 240 kB a minute.
_RATE, _BITS = 48_000, 32_000
#: Below this share of full scale nothing can be heard.
_SILENCE = 0.003
_CONTAINERS = frozenset({"matroska,webm", "ogg", "mov,mp4,m4a,3gp,3g2,mj2", "wav", "mp3"})
MEDIA_TYPE = "audio/ogg"


class SoundRefused(Exception):
    """A sound that can't be used; the message says in words why."""


@dataclass(frozen=True)
class Voice:
    """A recording as it is kept: Ogg/Opus, mono; its length in seconds."""

    data: bytes
    seconds: float


def to_voice(upload: bytes) -> Voice:
    """The sound of an upload, written anew; takes a second or two (call it in a thread).

    Raises SoundRefused.
    """
    if len(upload) > MOST_UPLOADED:
        raise SoundRefused(f"The file is larger than {MOST_UPLOADED // 1024**2} MB.")
    out = io.BytesIO()
    try:
        seconds, loudest = _convert(upload, out)
    except (FFmpegError, ValueError) as error:
        raise SoundRefused("This is not a sound that can be read.") from error
    if seconds < SHORTEST:
        raise SoundRefused("The recording is shorter than a second.")
    if loudest < _SILENCE:
        raise SoundRefused("Nothing can be heard. Is the right microphone chosen?")
    if len(out.getvalue()) > MOST_KEPT:
        raise SoundRefused("The recording is too large. Speak for less than three minutes.")
    return Voice(out.getvalue(), seconds)


def _convert(upload: bytes, out: io.BytesIO) -> tuple[float, float]:
    """Write the first sound of an upload as Ogg/Opus; its seconds and its loudest sample (0–1)."""
    samples, loudest = 0, 0.0
    with av.open(io.BytesIO(upload)) as source, av.open(out, "w", format="ogg") as target:
        if source.format.name not in _CONTAINERS or not source.streams.audio:
            raise SoundRefused("This is not a sound that can be read.")
        voice = target.add_stream("libopus", rate=_RATE, layout="mono")
        voice.bit_rate = _BITS
        to_opus = av.AudioResampler(format="s16", layout="mono", rate=_RATE)
        for frame in source.decode(source.streams.audio[0]):
            for part in to_opus.resample(frame):
                samples += part.samples
                loudest = max(loudest, _peak(part))
                if samples > LONGEST * _RATE:
                    raise SoundRefused("The recording is longer than three minutes.")
                target.mux(voice.encode(part))
        for part in to_opus.resample(None):
            samples += part.samples
            target.mux(voice.encode(part))
        target.mux(voice.encode(None))
    return samples / _RATE, loudest


def _peak(frame: av.AudioFrame) -> float:
    """The loudest of some of a frame's samples, as a share of full scale."""
    values = memoryview(bytes(frame.planes[0])).cast("h")[: frame.samples : 4]
    return max((abs(v) for v in values), default=0) / 32768

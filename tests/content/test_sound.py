"""Recordings of all browsers become Telegram's voice messages."""

import io

import av
import pytest

from content.sound import SoundRefused, to_voice
from tests.support.sounds import tone


@pytest.mark.parametrize(
    ("container", "codec"),
    [("webm", "libopus"), ("ogg", "libopus"), ("mp4", "aac"), ("wav", "pcm_s16le")],
)
def test_what_browsers_record_becomes_mono_opus_in_ogg(container, codec):
    voice = to_voice(tone(3, container, codec, title="Ana's phone", artist="Ana"))
    assert 2.9 < voice.seconds < 3.2
    assert voice.data.startswith(b"OggS") and b"OpusHead" in voice.data[:64]
    assert b"Ana" not in voice.data
    with av.open(io.BytesIO(voice.data)) as read:
        [stream] = read.streams
        assert (stream.codec_context.name, stream.channels) in {("opus", 1), ("libopus", 1)}


@pytest.mark.parametrize(
    ("upload", "why"),
    [
        (b"", "not a sound"),
        (b"OggS" + b"\x00" * 400, "not a sound"),
        (b"hello, this is a text that somebody renamed to voice.ogg" * 10, "not a sound"),
        (tone(0.5), "shorter"),
        (tone(2, loud=0), "Nothing can be heard"),
        (b"x" * (12 * 1024 * 1024 + 1), "larger"),
    ],
)
def test_what_cannot_be_used_is_refused_in_words(upload, why):
    with pytest.raises(SoundRefused, match=why):
        to_voice(upload)


def test_a_recording_of_more_than_three_minutes_is_refused():
    with pytest.raises(SoundRefused, match="three minutes"):
        to_voice(tone(181))

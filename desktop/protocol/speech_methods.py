"""What the page may ask about reading aloud; a part of ``METHODS``."""

from desktop.protocol.method import Method, Nothing
from desktop.protocol.speech import SayParams, SpeechAudio, SpeechVoices, Spoken, StopParams

SPEECH_METHODS: dict[str, Method] = {
    "speech.voices": Method(Nothing, SpeechVoices),
    "speech.say": Method(SayParams, Nothing),
    "speech.stop": Method(StopParams, Nothing),
    "speech.audio": Method(Spoken, SpeechAudio),
    "speech.choose_program": Method(Nothing, SpeechVoices),
    "speech.forget_program": Method(Nothing, SpeechVoices),
}

"""The two languages that a learner can read, and text that exists in both of them."""

from __future__ import annotations

import os
from typing import Final, Literal

import msgspec

__all__ = ["LANGUAGES", "Language", "Text", "default_language", "text"]

Language = Literal["en", "zh"]
LANGUAGES: Final[tuple[Language, ...]] = ("en", "zh")

# In the order in which POSIX gives them precedence, after our own variable.
_CHINESE = ("zh", "chinese", "cn", "中文")
_VARIABLES = ("GRADE_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


class Text(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One sentence or passage for a learner, in both languages."""

    en: str
    """English."""
    zh: str
    """Simplified Chinese."""

    def to(self, language: Language) -> str:
        """Return the text in one language."""
        return self.zh if language == "zh" else self.en

    def filled(self, **values: object) -> Text:
        """Return the text with `{name}` replaced in both languages, as `str.format` does."""
        return Text(en=self.en.format(**values), zh=self.zh.format(**values))


def text(value: Text | str) -> Text:
    """Return `value` as a `Text`; a plain string (code, a number) reads the same in both."""
    return value if isinstance(value, Text) else Text(en=value, zh=value)


def default_language() -> Language:
    """Return the user's language from the environment: Chinese locales give `zh`, others `en`."""
    for variable in _VARIABLES:
        if value := os.environ.get(variable, "").strip():
            return "zh" if value.lower().startswith(_CHINESE) else "en"
    return "en"

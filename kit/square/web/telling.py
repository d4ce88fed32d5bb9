"""Times, counts and lengths as a reader says them."""

from datetime import UTC, datetime

from kit.world.model import DAY, HOUR

_MINUTE = 60
#: The languages that a world's people write; others are named by their letters.
_LANGUAGES = {
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "gu": "Gujarati",
    "hi": "Hindi",
    "it": "Italian",
}


def counted(number: int, one: str, many: str = "") -> str:
    """A number with its noun.

    >>> counted(1, "like"), counted(1200, "like"), counted(2, "reply", "replies")
    ('1 like', '1,200 likes', '2 replies')
    """
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def when(at: int) -> datetime:
    """A moment of the Square's clock."""
    return datetime.fromtimestamp(at, UTC)


def moment(at: int) -> str:
    """A moment in full.

    >>> moment(1_780_300_800)
    '1 June 2026, 08:00'
    """
    return f"{day(at)}, {when(at):%H:%M}"


def day(at: int) -> str:
    """A day.

    >>> day(1_780_300_800)
    '1 June 2026'
    """
    return f"{when(at).day} {when(at):%B %Y}"


def ago(at: int, now: int) -> str:
    """How long ago a moment was; the day itself where it is longer than a week.

    >>> now = 1_780_300_800
    >>> ago(now - 20, now), ago(now - 60, now), ago(now - 7200, now), ago(now - 8 * 86_400, now)
    ('just now', '1 minute ago', '2 hours ago', '24 May 2026, 08:00')
    """
    passed = now - at
    if passed < _MINUTE:
        return "just now"
    if passed < HOUR:
        return f"{counted(passed // _MINUTE, 'minute')} ago"
    if passed < DAY:
        return f"{counted(passed // HOUR, 'hour')} ago"
    if passed < 7 * DAY:
        return f"{counted(passed // DAY, 'day')} ago"
    return moment(at)


def lasting(seconds: int) -> str:
    """How long something lasts.

    >>> lasting(1266), lasting(3700)
    ('21 minutes', '1 hour 1 minute')
    """
    hours, minutes = divmod(seconds // _MINUTE, 60)
    said = [counted(hours, "hour")] if hours else []
    return " ".join([*said, counted(minutes, "minute")] if minutes or not hours else said)


def language_name(code: str) -> str:
    """The English name of a language.

    >>> language_name("gu"), language_name("cy")
    ('Gujarati', 'cy')
    """
    return _LANGUAGES.get(code, code)

"""What is amiss in a scenario pack, each with its file and line and what to do."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kit.errors import ScenarioError
from kit.world import pack as packs
from kit.world.lint_outside import outside_problems
from kit.world.model import HOUR, Intent, Role
from kit.world.pack import Pack
from kit.world.phrasebook import REPLY_STYLES, Phrasebook
from kit.world.scenario import (
    BOTS,
    ORGANISATIONS,
    PUBLIC,
    Organisation,
    Scenario,
    Storyline,
    Topic,
    read,
)
from kit.world.voice import LONGEST, SLOTS, slots_of

#: A cell with fewer phrases than this repeats itself before long.
FEWEST = 3
#: A storyline with fewer posts than this is lost among the others.
NOTICED = 30

_ADDRESS = re.compile(r"https?://([^/\s\"'<>)]+)", re.IGNORECASE)
_ACCOUNT = re.compile(r"(?<![\w@/.{])@([A-Za-z0-9_]{2,15})\b")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")
_USERNAME = re.compile(r"[A-Za-z0-9_]{1,15}")
_MOODS = ("positive", "negative", "neutral")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to mend in a file of a pack; line 0 where no line is to blame."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else str(self.path)
        return f"{place}: {self.message}"


def check(pack: Pack) -> list[Problem]:
    """Everything that is amiss in a pack; an empty list if nothing is."""
    try:
        scenario = read(pack)
    except ScenarioError as error:
        return [Problem(pack.folder, 0, str(error))]
    return list(_Lint(pack, scenario).problems())


class _Lint:
    """The checks, on a pack that can be read."""

    def __init__(self, pack: Pack, scenario: Scenario) -> None:
        self.pack = pack
        self.scenario = scenario
        self.contents = {place: pack.parse(place) for place in pack.files}
        self.topics = {topic.name: topic for topic in scenario.topics}
        self.codes = [language.code for language in scenario.languages]
        self.tellers = {
            account.username
            for account in (scenario.ministry, *scenario.organisations, *scenario.characters)
        }
        self.accounts = {
            account.username.lower()
            for account in (scenario.ministry, *scenario.organisations, *scenario.characters)
        }

    def problems(self) -> Iterator[Problem]:
        """All problems, file by file."""
        yield from self._languages()
        yield from self._names()
        for storyline in self.scenario.storylines:
            yield from self._storyline(storyline)
        for place, near, message in outside_problems(self.scenario):
            yield self._problem(place, message, near)
        for code, book in self.scenario.phrasebooks.items():
            yield from self._phrases(code, book)
        yield from self._texts()

    def _problem(self, place: str, message: str, near: str = "") -> Problem:
        """A problem in a file, at the first line that holds ``near``."""
        path = self.pack.files.get(place, self.pack.folder / place)
        line = 0
        if near and path.is_file():
            lines = path.read_text(encoding="utf-8").splitlines()
            line = next((number for number, text in enumerate(lines, 1) if near in text), 0)
        return Problem(path, line, message)

    def _languages(self) -> Iterator[Problem]:
        """Languages that are named somewhere, but that the pack has no phrases for."""
        written = {place.split("/")[1] for place in self.pack.files if place.startswith("voice/")}
        for place in self.pack.files:
            if place.split("/")[0] in packs.SHARED:
                continue
            for key, code in _languages_in(self.contents[place]):
                if code not in written:
                    yield self._problem(
                        place,
                        f"{key} names the language {code!r}, but there is no folder voice/{code}. "
                        f"There are {', '.join(sorted(written))}.",
                        f'"{code}"',
                    )

    def _names(self) -> Iterator[Problem]:
        main, scenario = packs.MAIN, self.scenario
        total = sum(language.share for language in scenario.languages)
        if abs(total - 1) > 0.01:
            yield self._problem(
                main, f"The languages' shares add up to {total:.2f}. Make it 1.", "[languages"
            )
        seen: set[str] = set()
        for account in (scenario.ministry, *scenario.organisations, *scenario.characters):
            name = account.username
            if not _USERNAME.fullmatch(name):
                yield self._problem(
                    main,
                    f"The username {name!r} cannot be one. Use 1 to 15 letters A-Z, digits and _.",
                    name,
                )
            if name.lower() in seen:
                yield self._problem(main, f"Two accounts are called {name!r}. Rename one.", name)
            seen.add(name.lower())
        for office in (scenario.ministry, *scenario.organisations):
            for topic in office.topics:
                if topic not in self.topics:
                    yield self._problem(main, self._no_topic(office.username, topic), topic)
        for character in scenario.characters:
            if character.interest not in self.topics:
                yield self._problem(
                    main, self._no_topic(character.username, character.interest), character.username
                )
        for topic_ in scenario.topics:
            if topic_.owner and topic_.owner.lower() not in self.accounts:
                yield self._problem(
                    main,
                    f"[topics.{topic_.name}] has owner = {topic_.owner!r}, which is no account of "
                    "this pack. Name the ministry, an organisation or a character.",
                    f"[topics.{topic_.name}]",
                )
        if "advert" not in self.topics:
            yield self._problem(main, "There is no [topics.advert]. Advertisers need it.")

    def _no_topic(self, who: str, topic: str) -> str:
        return f"{who!r} names the topic {topic!r}, but there is no [topics.{topic}]. Add it."

    def _storyline(self, storyline: Storyline) -> Iterator[Problem]:
        place = f"storylines/{storyline.name}.toml"
        for key, topic in (("topic", storyline.topic), ("interest", storyline.interest)):
            if topic not in self.topics:
                yield self._problem(place, self._no_topic(key, topic), f"{key} =")
                return
        if not self.topics[storyline.interest].interest:
            yield self._problem(
                place,
                f"interest = {storyline.interest!r}, but nobody is interested in that: its topic "
                "has no interest above 0. Choose one that people have.",
                "interest =",
            )
        for key in ("truth", "right_response", "if_nobody_acts"):
            if len(getattr(storyline, key).split()) < 3:
                yield self._problem(
                    place,
                    f"{key} is empty. Without it nobody can say what would solve this storyline.",
                    key,
                )
        yield from self._noticed(storyline, place)
        tellers = {*(phase.by for phase in storyline.phase if phase.by), storyline.voices_of}
        tellers |= {storyline.starter} if storyline.starter else set()
        for who in tellers - {PUBLIC, ORGANISATIONS, BOTS}:
            if who not in self.tellers:
                yield self._problem(
                    place,
                    f"{who!r} tells it, but is no account of this pack. Add a [[character]] to "
                    f"{packs.MAIN}, or say {PUBLIC}, {ORGANISATIONS} or {BOTS}.",
                    who,
                )
        intents = {intent for phase in storyline.phase for intent in phase.voices}
        for intent in intents - set(Intent):
            yield self._problem(place, _no_intent(intent), intent)
        asks = intents & {Intent.QUESTION, Intent.COMPLAINT}
        owner = self.topics[storyline.topic].owner
        if asks and storyline.answerable and not owner and storyline.voices_of == PUBLIC:
            everyday = self.topics[storyline.topic]
            if everyday.service:
                yield self._problem(
                    place,
                    f"People ask about {storyline.topic!r}, but nobody owes an answer: its topic "
                    "has no owner. Give it one, or say answerable = false.",
                    "topic =",
                )

    def _noticed(self, storyline: Storyline, place: str) -> Iterator[Problem]:
        scenario = self.scenario
        begins = storyline.begins
        if not scenario.begins <= begins < scenario.ends:
            yield self._problem(
                place,
                f"It starts at {storyline.starts:%Y-%m-%d %H:%M}, outside the world's time. "
                "Nobody would notice it: choose a moment between history and future.",
                "starts",
            )
            return
        posts = sum(phase.posts for phase in storyline.phase)
        if posts < NOTICED:
            yield self._problem(
                place,
                f"It has {posts} posts in all. Nobody would notice it: give it at least {NOTICED}.",
                "posts",
            )
        last = max((phase.to_hours for phase in storyline.phase), default=0.0)
        if begins + last * HOUR <= scenario.now:
            yield self._problem(
                place,
                "It is over before a learner opens the Square, so that nobody can solve it. Let "
                "a phase reach past now.",
                "to_hours",
            )
        for phase in storyline.phase:
            if phase.to_hours <= phase.from_hours or phase.half_life_hours <= 0:
                yield self._problem(
                    place,
                    f"A phase from hour {phase.from_hours} to {phase.to_hours} with half-life "
                    f"{phase.half_life_hours} cannot be. Mend the hours.",
                    f"from_hours = {phase.from_hours:g}",
                )

    def _phrases(self, code: str, book: Phrasebook) -> Iterator[Problem]:
        common = f"voice/{code}/common.toml"
        for style in REPLY_STYLES:
            if len(book.common.replies.get(style, ())) < FEWEST:
                yield self._problem(common, _too_few(style, "[replies]"), "[replies]")
        for role in Role:
            if role in (Role.MINISTRY, Role.ORGANISATION):
                continue
            if not book.common.bios.get(role):
                yield self._problem(common, f"[bios] lacks {role.value!r}. Write some.", "[bios]")
        for mood in _MOODS:
            if not book.common.emoji.get(mood):
                yield self._problem(common, f"[emoji] lacks {mood!r}. Add some.", "[emoji]")
        for topic in self.scenario.topics:
            yield from self._topic(code, book, topic)
        gathered = (*book.gatherings.talks, *(plan.topic for plan in book.gatherings.lists))
        for name in dict.fromkeys(gathered):
            if name not in self.topics:
                yield self._problem(f"gatherings/{code}.toml", self._no_topic(code, name), name)

    def _topic(self, code: str, book: Phrasebook, topic: Topic) -> Iterator[Problem]:
        place = f"voice/{code}/{topic.name}.toml"
        voice = book.topics.get(topic.name)
        needed = self._needed(code, topic)
        if voice is None:
            if needed or topic.interest:
                yield self._problem(place, f"People write about {topic.name!r}: add this file.")
            return
        if topic.interest and not voice.interest:
            yield self._problem(place, 'Bios need interest = "…" here, as a noun. Add it.')
        for intent in sorted(needed):
            if intent not in set(Intent):
                yield self._problem(packs.MAIN, _no_intent(intent), f"[topics.{topic.name}]")
            elif len(voice.posts.get(intent, ())) < FEWEST:
                yield self._problem(place, _too_few(intent, "[posts]"), "[posts]")

    def _needed(self, code: str, topic: Topic) -> set[str]:
        """The intents with which this language's speakers write about a topic."""
        needed = set(topic.talk)
        for storyline in self.scenario.storylines:
            if storyline.topic != topic.name or (
                storyline.languages and code not in storyline.languages
            ):
                continue
            for phase in storyline.phase:
                if code in self._spoken_by(phase.by or storyline.voices_of):
                    needed |= set(phase.voices)
        if any(topic.name in o.topics and o.language == code for o in self._offices()):
            needed.add(Intent.OFFICIAL)
        return needed

    def _spoken_by(self, who: str) -> set[str]:
        if who == ORGANISATIONS:
            return {office.language for office in self._offices()}
        for character in self.scenario.characters:
            if character.username == who:
                return {character.language}
        return set(self.codes)

    def _offices(self) -> list[Organisation]:
        return [self.scenario.ministry, *self.scenario.organisations]

    def _texts(self) -> Iterator[Problem]:
        """Slots that nothing fills, and anything that could be real."""
        for place, path in self.pack.files.items():
            content = self.contents[place]
            for text in _strings(content):
                for host in _ADDRESS.findall(text):
                    if not host.split(":")[0].lower().endswith(".example"):
                        yield self._problem(
                            place,
                            f"{host!r} could be a real site. Use a host that ends in .example.",
                            host,
                        )
                for name in _ACCOUNT.findall(_MAIL.sub(" ", text)):
                    if name.lower() not in self.accounts:
                        yield self._problem(
                            place,
                            f"@{name} could be a real account. Write {{handle}} for the "
                            "ministry's, or name an account of this pack.",
                            f"@{name}",
                        )
                for mail in _MAIL.findall(text):
                    if not mail.lower().rstrip(".").endswith(".example"):
                        yield self._problem(
                            place, f"{mail!r} could be a real address. Take it out.", mail
                        )
            folder, _, rest = place.partition("/")
            if folder in packs.SHARED and "/" in rest:
                yield from self._slots(place, path, content)

    def _slots(self, place: str, path: Path, content: dict[str, object]) -> Iterator[Problem]:
        folder, code, file = place.split("/")
        book = self.scenario.phrasebooks.get(code)
        if book is None:
            return
        topic = file.removesuffix(".toml")
        voice = book.topics.get(topic)
        known = {*SLOTS, *book.common.words, *(voice.words if voice else ())}
        if folder == "blogs":
            known |= {*book.blog_common.words, "number", "title"}
        if topic == "common" and folder == "voice":
            known.add("interest")
        for text in _strings(content):
            for name in slots_of(text):
                if name not in known:
                    yield self._problem(
                        place,
                        f"The slot {{{name}}} is filled by nothing. Known here: "
                        f"{', '.join(sorted(known))}.",
                        f"{{{name}}}",
                    )
            if folder == "voice" and len(text) > LONGEST:
                yield self._problem(
                    place,
                    f"A phrase has {len(text)} characters; a post has room for {LONGEST}. "
                    "Shorten it.",
                    text[:40],
                )


def _no_intent(intent: str) -> str:
    return f"{intent!r} is no intent. Allowed: {', '.join(each.value for each in Intent)}."


def _too_few(cell: str, section: str) -> str:
    return f"{section} has fewer than {FEWEST} phrases for {cell!r}. Write what people say there."


def _languages_in(content: object) -> Iterator[tuple[str, str]]:
    """Every ``language`` and ``languages`` in a file, at any depth, with its key."""
    if isinstance(content, list):
        for each in content:
            yield from _languages_in(each)
    elif isinstance(content, dict):
        for key, value in content.items():
            if key == "language" and isinstance(value, str):
                yield key, value
            elif key == "languages":
                yield from ((key, code) for code in value)
            else:
                yield from _languages_in(value)


def _strings(content: object) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        for value in content.values():
            yield from _strings(value)
    elif isinstance(content, list):
        for value in content:
            yield from _strings(value)

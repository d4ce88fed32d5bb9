"""A pack of one's own: copied from another, then given other names, without writing code."""

import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import tomlkit

from kit.errors import ScenarioError
from kit.world import pack as packs
from kit.world.pack import MAIN, SHIPPED, Pack
from kit.world.scenario import FEWEST, MOST

#: What can be set besides ``service.TOPIC``, ``tags.TOPIC`` and ``ministry.LANGUAGE``.
KEYS = {
    "title": "what the invented place is called",
    "ministry": "the office's name, in every language (ministry.fr: in French only)",
    "handle": "its account, such as @Alderwick",
    "bio": "what its profile says",
    "site": "its web address, on a host that ends in .example",
    "domain": "where the invented sites are, such as alderwick.example",
    "languages": "which languages people write, such as en,fr",
    "people": "how many people there are",
    "posts": "how many posts lie before now, at the least",
}
_NOTICED = 30
#: A name of fewer letters is only changed where it is set, not in phrases.
_DISTINCT = 4
_SHOWN = ", ".join((*KEYS, "service.TOPIC", "tags.TOPIC", "ministry.LANGUAGE"))


def new(name: str, source: str) -> Pack:
    """Copy a pack, whole, to the user's own folder.

    Args:
        name: what the copy is called: lower-case letters, digits and hyphens.
        source: the name of the pack to copy.

    Raises:
        ScenarioError: the name cannot be one or is taken, or there is no such source.
    """
    if not name or name.strip("abcdefghijklmnopqrstuvwxyz0123456789-") or name[0] == "-":
        raise ScenarioError(
            f"{name!r} cannot be a scenario's name. Use lower-case letters, digits and hyphens, "
            "such as 'city-council'."
        )
    known = packs.available()
    if name in known:
        raise ScenarioError(
            f"There is a scenario called {name!r} already, in {known[name]}. Choose another name, "
            "or delete that folder first."
        )
    folder = packs.own_folder() / name
    with _unfinished(packs.find(source), folder) as copy:
        _edit(copy / MAIN, lambda main: main.pop("base", None))
    return packs.at(folder)


@contextmanager
def _unfinished(pack: Pack, folder: Path) -> Iterator[Path]:
    """A whole copy of a pack, base included, that takes a folder's place at the end.

    Raises:
        ScenarioError: there is no room for it; then the folder is as it was.
    """
    copy = folder.with_name(f".{folder.name}.unfinished")
    old = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(copy, ignore_errors=True)
    try:
        for place, path in pack.files.items():
            target = copy / place
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
        yield copy
        shutil.rmtree(old, ignore_errors=True)
        if folder.exists():
            folder.rename(old)
        copy.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise ScenarioError(
            f"The scenario could not be written to {folder}: {error}. Make room, or set "
            "KIT_SCENARIOS to a folder that can be written to."
        ) from error
    finally:
        shutil.rmtree(copy, ignore_errors=True)


def parse(settings: Sequence[str]) -> dict[str, str]:
    """Settings as they are typed, ``KEY=VALUE``, by key.

    Raises:
        ScenarioError: one of them has no ``=``.
    """
    for setting in settings:
        if "=" not in setting:
            raise ScenarioError(
                f"{setting!r} sets nothing. Write KEY=VALUE, with quotes around a value of "
                f'several words: ministry="City Council of Alderwick". Keys: {_SHOWN}.'
            )
    pairs = [setting.split("=", 1) for setting in settings]
    keys = [key for key, _ in pairs]
    for key in keys:
        if keys.count(key) > 1:
            raise ScenarioError(f"{key!r} is set twice. Leave one of the two out.")
    return {key: value.strip() for key, value in pairs}


def change(pack: Pack, settings: Mapping[str, str]) -> None:
    """Give a pack other names: see :data:`KEYS` for what can be set.

    The changes are made in a copy that takes the pack's place at the end, so that a mistake
    or a full disk leaves the pack as it was.

    Raises:
        ScenarioError: a setting is unknown or cannot be, or the pack ships with the kit.
    """
    if SHIPPED in pack.folder.parents:
        raise ScenarioError(
            f"The scenario {pack.name!r} ships with the kit and stays as it is. Copy it first: "
            f"kit scenario new NAME --from {pack.name}"
        )
    for key, value in settings.items():
        if not value:
            raise ScenarioError(f"{key} is set to nothing. Write {key}=VALUE.")
        if any(ord(sign) < 32 or sign in '"\\{}' for sign in value):
            raise ScenarioError(
                f"{key}={value!r} cannot be: quotes, braces, backslashes and line breaks have a "
                "meaning of their own in a pack. Leave them out."
            )
    with _unfinished(pack, pack.folder) as folder:
        _edit(folder / MAIN, lambda main: main.pop("base", None))
        for key, value in settings.items():
            _change(packs.at(folder), key, value)()


Change = Callable[[], None]


def _change(pack: Pack, key: str, value: str) -> Change:
    """What has to be done for one setting."""
    name, _, part = key.partition(".")
    if name == "service" and part:
        return _service(pack, part, value)
    if name == "tags" and part:
        return _tags(pack, part, value)
    if name == "ministry":
        return _ministry(pack, part, value)
    if key not in KEYS:
        raise ScenarioError(f"{key!r} cannot be set. What can be: {_SHOWN}.")
    if name == "handle":
        return _handle(pack, value)
    if name == "languages":
        return _languages(pack, [code.strip() for code in value.split(",")])
    if name in ("people", "posts"):
        return _size(pack, name, value)
    if name in ("bio", "site"):
        return _with_old(pack, ("ministry", name), value, everywhere=name == "site")
    return _with_old(pack, (name,), value, everywhere=name == "domain")


def _size(pack: Pack, name: str, value: str) -> Change:
    """How many people or posts; with the people, storylines grow and shrink too."""
    if not (value.isascii() and value.isdecimal()):
        raise ScenarioError(f"{name}={value!r} is no whole number. Write it like {name}=20000.")
    number = int(value)
    if name == "people" and not FEWEST <= number <= MOST:
        raise ScenarioError(
            f"people={number:,} cannot be. Choose a number from {FEWEST:,} to {MOST:,}."
        )
    times = number / pack.parse(MAIN)["size"]["people"] if name == "people" else 1.0

    def do() -> None:
        _edit_main(pack, lambda main: main["size"].update({name: number}))
        for path in sorted((pack.folder / "storylines").glob("*.toml")):
            _edit(path, grow)

    def grow(story: tomlkit.TOMLDocument) -> None:
        for phase in story.get("phase", ()):
            # Not so few that nobody would notice it.
            phase["posts"] = max(min(phase["posts"], _NOTICED), round(phase["posts"] * times))

    return do


def _with_old(pack: Pack, keys: tuple[str, ...], value: str, *, everywhere: bool) -> Change:
    """Set a text of ``scenario.toml``; with ``everywhere``, replace the old one in all files."""

    def do() -> None:
        main = pack.parse(MAIN)
        old = main[keys[0]] if len(keys) == 1 else main[keys[0]][keys[1]]
        if everywhere:
            _replace(pack, {str(old): value})
        else:
            _edit_main(pack, lambda main: _set(main, keys, value))

    return do


def _handle(pack: Pack, value: str) -> Change:
    username = value.removeprefix("@")
    if not username.isascii() or not username.replace("_", "").isalnum() or len(username) > 15:
        raise ScenarioError(
            f"{value!r} cannot be a handle. Use 1 to 15 letters A-Z, digits and _, such as "
            "@Alderwick."
        )
    main = pack.parse(MAIN)
    others = (*main.get("organisation", ()), *main.get("character", ()))
    if username.lower() in {other["username"].lower() for other in others}:
        raise ScenarioError(f"{value} is another account of this pack. Choose another handle.")
    return lambda: _replace(pack, {main["ministry"]["username"]: username})


def _ministry(pack: Pack, language: str, value: str) -> Change:
    codes = list(pack.parse(MAIN)["languages"])
    if language and language not in codes:
        raise ScenarioError(
            f"The scenario {pack.name!r} has no language {language!r}. It has {', '.join(codes)}."
        )

    def do() -> None:
        if not language:
            _edit_main(pack, lambda main: _set(main, ("ministry", "name"), value))
        for code in [language] if language else codes:
            common = pack.folder / "voice" / code / "common.toml"
            _edit(common, lambda book: _set(book, ("ministry",), value))

    return do


def _topic(pack: Pack, topic: str) -> None:
    topics = pack.parse(MAIN)["topics"]
    if topic not in topics:
        raise ScenarioError(
            f"The scenario {pack.name!r} has no topic {topic!r}. It has {', '.join(topics)}."
        )


def _service(pack: Pack, topic: str, value: str) -> Change:
    _topic(pack, topic)

    def do() -> None:
        old = pack.parse(MAIN)["topics"][topic].get("service", "")
        _edit_main(pack, lambda main: _set(main, ("topics", topic, "service"), value))
        if len(old) >= _DISTINCT:  # a short name is also a word or a part of one
            _replace(pack, {old: value})

    return do


def _tags(pack: Pack, topic: str, value: str) -> Change:
    _topic(pack, topic)
    tags = [tag.strip().removeprefix("#") for tag in value.split(",")]
    for tag in tags:
        if not tag.replace("_", "").isalnum() or tag.isdigit():
            raise ScenarioError(
                f"{tag!r} cannot be a hashtag. Use letters, digits and _, such as #BinDay."
            )

    def do() -> None:
        for path in sorted((pack.folder / "voice").glob(f"*/{topic}.toml")):
            _edit(path, lambda voice: _set(voice, ("tags",), tags))

    return do


def _languages(pack: Pack, codes: list[str]) -> Change:
    """Which languages people write. Nothing of the others is deleted: it only rests."""
    places = (place.split("/") for place in pack.files if place.startswith("voice/"))
    known = sorted({place[1] for place in places})
    if len(set(codes)) < len(codes):
        raise ScenarioError(f"A language is named twice in {','.join(codes)}. Leave one out.")
    for code in codes:
        if code not in known:
            raise ScenarioError(
                f"There are no phrases for the language {code!r}; there are for "
                f"{', '.join(known)}. Write voice/{code} and blogs/{code} first, as for the others."
            )

    def edit(main: tomlkit.TOMLDocument) -> None:
        languages: Any = main["languages"]
        for code in [code for code in languages if code not in codes]:
            languages.remove(code)
        for code in codes:
            if code not in languages:
                fresh = tomlkit.inline_table()
                fresh.update({"share": 1 / len(codes), "midday": 12.5, "evening": 20.5})
                languages[code] = fresh
        total = sum(float(languages[code]["share"]) for code in codes)
        for code in codes:
            languages[code]["share"] = round(float(languages[code]["share"]) / total, 4)

    return lambda: _edit_main(pack, edit)


def _set(document: tomlkit.TOMLDocument, keys: tuple[str, ...], value: object) -> None:
    table: Any = document
    for key in keys[:-1]:
        table = table[key]
    table[keys[-1]] = value


def _edit(path: Path, edit: Callable[[tomlkit.TOMLDocument], object]) -> None:
    document = tomlkit.parse(path.read_text(encoding="utf-8"))
    edit(document)
    path.write_text(tomlkit.dumps(document), encoding="utf-8")


def _edit_main(pack: Pack, edit: Callable[[tomlkit.TOMLDocument], object]) -> None:
    _edit(pack.folder / MAIN, edit)


def _replace(pack: Pack, texts: Mapping[str, str]) -> None:
    """Replace names, where they stand as words of their own, in all files of a pack."""
    for path in sorted(pack.folder.rglob("*.toml")):
        old = path.read_text(encoding="utf-8")
        changed = old
        for text, other in texts.items():
            name = re.compile(rf"(?<!\w){re.escape(text)}(?!\w)")
            changed = name.sub(other, changed)
        if changed != old:
            path.write_text(changed, encoding="utf-8")

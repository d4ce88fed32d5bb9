"""Packs as files: found, laid over a base, copied, re-skinned, and checked with file and line."""

import re
import shutil
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from kit.cli import app
from kit.errors import ScenarioError
from kit.world import lint, pack, reskin, scenario
from kit.world.make import make

_RUN = CliRunner()


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIT_SCENARIOS", str(tmp_path / "packs"))


@pytest.fixture
def mine() -> pack.Pack:
    """A copy of the pack that ships."""
    return reskin.new("mine", "calderland")


def _edit(folder: Path, place: str, old: str, new: str) -> None:
    path = folder / place
    text = path.read_text(encoding="utf-8")
    assert old in text, (place, old)
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def _problems(found: pack.Pack) -> str:
    return "\n".join(map(str, lint.check(pack.at(found.folder))))


def test_the_packs_that_ship_have_nothing_amiss() -> None:
    for name, folder in pack.available().items():
        assert not lint.check(pack.at(folder)), name


def test_a_copy_is_the_same_world_and_can_be_opened_by_name(mine: pack.Pack) -> None:
    assert pack.available()["mine"] == mine.folder
    ours = make(scenario.load("mine").sized(400), 3)
    theirs = make(scenario.load("calderland").sized(400), 3)
    assert ours.posts.digest() == theirs.posts.digest()


@pytest.mark.parametrize("name", ["", "../x", "Big", "a b", "-x", "calderland"])
def test_a_name_that_cannot_be_is_refused(name: str) -> None:
    with pytest.raises(ScenarioError, match=r"cannot be|already"):
        reskin.new(name, "calderland")
    assert not list(pack.own_folder().glob("*")), "nothing may be left"


def test_a_copy_that_cannot_be_written_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    written = Path.write_text

    def full(path: Path, *args: object, **kwargs: object) -> int:
        if path.name == "feeds.toml":
            raise OSError(28, "No space left on device")
        return written(path, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(ScenarioError, match=r"No space left.*KIT_SCENARIOS"):
        reskin.new("mine", "calderland")
    assert not list((tmp_path / "packs").glob("*"))


def test_a_pack_takes_from_its_base_what_it_lacks(mine: pack.Pack) -> None:
    shutil.rmtree(mine.folder / "voice")
    shutil.rmtree(mine.folder / "blogs")
    main = mine.folder / pack.MAIN
    main.write_text('base = "calderland"\n' + main.read_text())
    laid = pack.at(mine.folder)
    assert not lint.check(laid)
    assert laid.digest() != pack.find("calderland").digest()
    _edit(mine.folder, pack.MAIN, 'base = "calderland"', 'base = "atlantis"')
    with pytest.raises(ScenarioError, match=r"atlantis.*calderland"):
        pack.at(mine.folder)


def test_names_services_hashtags_and_languages_change_everywhere(mine: pack.Pack) -> None:
    reskin.change(
        mine,
        reskin.parse(
            [
                "ministry=City Council of Alderwick",
                "ministry.fr=la mairie d'Alderwick",
                "handle=@AlderwickCity",
                "service.fines=ParkAlder",
                "tags.fines=#ParkAlder, #Fined",
                "languages=en,fr",
                "domain=alderwick.example",
                "site=https://council.alderwick.example",
                "people=900",
                "posts=7000",
            ]
        ),
    )
    assert not lint.check(pack.at(mine.folder)), _problems(mine)
    made = make(scenario.load("mine"), 1)
    texts = "\n".join(made.posts.text)
    assert set(made.posts.language) == {"en", "fr"}
    assert made.people.username[0] == "AlderwickCity"
    assert made.people.name[0] == "City Council of Alderwick"
    assert "@AlderwickCity" in texts
    assert "#ParkAlder" in texts
    assert "la mairie d'Alderwick" in texts
    for old in ("CalderJustice", "PayFines", "justice.calderland.example"):
        assert old not in texts, old
        assert old not in "\n".join(made.entries.body)
    assert "AlderwickCity" in set(made.post_truth.answer_from)
    assert len(made.people) == 900


def test_what_rests_can_be_taken_up_again(mine: pack.Pack) -> None:
    reskin.change(mine, {"languages": "en"})
    assert {feed.language for feed in scenario.load("mine").feeds} == {"en"}
    reskin.change(mine, {"languages": "en,gu"})
    again = scenario.load("mine")
    assert {feed.language for feed in again.feeds} == {"en", "gu"}
    assert sum(language.share for language in again.languages) == pytest.approx(1)


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("colour=red", r"'colour' cannot be set.*ministry"),
        ("ministry", r"KEY=VALUE"),
        ("handle=@far_too_long_a_handle", r"1 to 15 letters"),
        ("handle=@büro", r"1 to 15 letters"),
        ("languages=en,xx", r"'xx'.*voice/xx"),
        ("service.moon=X", r"no topic 'moon'.*fines"),
        ("tags.fines=#not a tag", r"cannot be a hashtag"),
        ("ministry.xx=X", r"no language 'xx'"),
        ("people=many", r"no whole number"),
        ("people=²", r"no whole number"),
        ("people=3", r"from 200"),
        ("handle=@CalderTribunals", r"another account"),
        ("languages=en,en", r"named twice"),
        ("title=Again", r"set twice"),
        ('bio=a "quoted" word', r"quotes"),
        ("bio=two\nlines", r"line breaks"),
        ("bio=", r"set to nothing"),
    ],
)
def test_a_setting_that_cannot_be_changes_nothing(mine: pack.Pack, setting: str, told: str) -> None:
    before = pack.at(mine.folder).digest()
    with pytest.raises(ScenarioError, match=told):
        reskin.change(mine, reskin.parse(["title=New", setting]))
    assert pack.at(mine.folder).digest() == before


def test_a_pack_that_ships_stays_as_it_is() -> None:
    with pytest.raises(ScenarioError, match=r"kit scenario new NAME --from calderland"):
        reskin.change(pack.find("calderland"), {"title": "X"})


@pytest.mark.parametrize(
    ("place", "old", "new", "told"),
    [
        ("scenario.toml", "people = 20000", 'people = "many"', r"scenario\.toml, line \d+.*people"),
        ("scenario.toml", "people = 20000", "people = 3", r"3 people.*200"),
        ("scenario.toml", "posts = 150000", "posts = 9", r"9 posts"),
        ("scenario.toml", "history_days = 28", "history_days = 0", r"history_days is 0"),
        ("scenario.toml", "2026-06-01T08:00:00Z", "2026-06-01T08:00:00", r"timezone"),
        ("scenario.toml", 'owner = "CalderJustice"', 'owner = "Nobody"', r":\d+: .*Nobody"),
        ("scenario.toml", '"StraightTalkCL"', '"Straight Talk"', r":\d+: .*cannot be one"),
        ("scenario.toml", "share = 0.46", "share = 0.96", r"add up to 1\.50"),
        (
            "storylines/outage.toml",
            'topic = "outage"',
            'topic = "moon"',
            r":\d+: .*\[topics\.moon\]",
        ),
        (
            "storylines/outage.toml",
            "2026-05-31T18",
            "2029-05-31T18",
            r":\d+: .*Nobody would notice",
        ),
        ("storylines/outage.toml", "to_hours = 48", "to_hours = 13.5", r"over before|cannot be"),
        ("storylines/outage.toml", "posts = 1300", "post = 1300", r"outage\.toml.*post"),
        ("storylines/jury_rumour.toml", 'truth = "', 'truth = ""\n# ', r":\d+: truth is empty"),
        ("storylines/jury_rumour.toml", "StraightTalkCL", "Somebody", r":\d+: 'Somebody'"),
        ("feeds.toml", 'format = "rss"', 'format = "rsss"', r"feeds\.toml:\d+: .*'rsss'"),
        (
            "feeds.toml",
            'defect = "no_dates"',
            'defect = "no_luck"',
            r":\d+: .*'no_luck'.*'same_ids'",
        ),
        ("feeds.toml", 'category = "Arts"', 'category = "Cooking"', r":\d+: .*'Cooking'.*'Arts'"),
        ("feeds.toml", 'format = "rdf"', 'format = "atom"', r":\d+: dates = 'w3cdtf'"),
        ("feeds.toml", "status = 301", "status = 303", r":\d+: status = 303.*301, 302, 410"),
        ("feeds.toml", 'feed = "the-back-bench"', 'feed = "moon"', r":\d+: .*'moon'"),
        ("feeds.toml", 'slug = "tenants-board"', 'slug = "plain-law"', r":\d+: .*'plain-law'"),
        ("wiki.toml", '"jury_rumour.rumour"', '"jury.opera"', r":\d+: unfit = 'jury.opera'"),
        ("wiki.toml", 'title = "BookCourt"', 'title = "Jurado en Calderland"', r":\d+: Two pages"),
        ("wiki.toml", "[words.gu]", "[words.xx]", r":\d+: There is no \[words.gu\]"),
        ("feeds.toml", '"football.news"', '"football.opera"', r":\d+: .*football\.opera"),
        ("voice/fr/fines.toml", "question = [", 'question = ["{moon}?",', r":\d+: .*\{moon\}"),
        (
            "voice/fr/fines.toml",
            "question = [",
            "queries = [",
            r"fewer than 3 phrases for 'question'",
        ),
        (
            "voice/de/common.toml",
            "positive = [",
            "positiv = [",
            r":\d+: \[emoji\] lacks 'positive'",
        ),
        (
            "voice/it/food.toml",
            "question = [",
            'question = ["https://google.com/x",',
            r":\d+: 'google\.com' could be a real site",
        ),
        (
            "voice/es/food.toml",
            "question = [",
            'question = ["hola @elonmusk",',
            r":\d+: @elonmusk could be a real account",
        ),
        ("voice/en/food.toml", "question = [", 'question = ["a@b.com",', r"a@b\.com"),
        ("voice/gu/common.toml", 'language = "gu"', 'language = "hi"', r"language = 'hi'"),
    ],
)
def test_a_mistake_is_named_with_its_place(
    mine: pack.Pack, place: str, old: str, new: str, told: str
) -> None:
    _edit(mine.folder, place, old, new)
    assert re.search(told, _problems(mine)), _problems(mine)


@pytest.mark.parametrize(
    ("place", "old", "new"),
    [
        ("scenario.toml", 'topics = ["legal_aid"]', "topics = []"),
        ("scenario.toml", "share = 0.46", "share = nan"),
        ("scenario.toml", "share = 0.46", "share = -1"),
        ("scenario.toml", "interest = 0.19", "interest = inf"),
        ("scenario.toml", "talk = { chat", "talk = {} # { chat"),
        ("scenario.toml", "posts_a_day = 3", "posts_a_day = 1e9"),
        ("storylines/outage.toml", "posts = 1300", "posts = 1000000000000"),
        ("storylines/outage.toml", "posts = 1300", "posts = 0"),
        ("storylines/outage.toml", "to_hours = 48", "to_hours = inf"),
        ("feeds.toml", "cells = {", "cells = {} # {"),
        ("feeds.toml", "entries = ", "entries = 0 # "),
        ("voice/en/common.toml", "given = [", "given = []\nothers = ["),
        ("voice/en/jury.toml", "question = [", 'question = ["",'),
    ],
)
def test_what_cannot_be_made_is_refused_before_it_is_made(
    mine: pack.Pack, place: str, old: str, new: str
) -> None:
    _edit(mine.folder, place, old, new)
    with pytest.raises(ScenarioError, match=re.escape(place)):
        scenario.load("mine")


def test_a_pack_need_not_have_wikis(mine: pack.Pack) -> None:
    (mine.folder / "wiki.toml").unlink()
    assert not lint.check(pack.at(mine.folder))
    made = make(scenario.load("mine").sized(200), 1)
    assert len(made.wiki_pages) == len(made.wiki_edits) == 0
    assert len(made.comments) > 0


def test_two_packs_cannot_be_each_others_base(mine: pack.Pack) -> None:
    other = reskin.new("other", "calderland")
    for folder, base in ((mine.folder, "other"), (other.folder, "mine")):
        main = folder / pack.MAIN
        main.write_text(f'base = "{base}"\n' + main.read_text())
    with pytest.raises(ScenarioError, match="has a base itself"):
        pack.find("mine")


def test_a_full_disk_leaves_the_pack_as_it_was(
    mine: pack.Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, written = pack.at(mine.folder).digest(), Path.write_text

    def full(path: Path, *args: object, **kwargs: object) -> int:
        if path.name == "feeds.toml":
            raise OSError(28, "No space left on device")
        return written(path, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(ScenarioError, match="No space left"):
        reskin.change(mine, {"title": "New", "handle": "@New"})
    monkeypatch.undo()
    assert pack.at(mine.folder).digest() == before


def test_a_short_name_does_not_eat_the_words_it_is_part_of(mine: pack.Pack) -> None:
    for name in ("a", "PayNow", "Aid", "Calder"):
        reskin.change(pack.at(mine.folder), {"service.fines": name})
    assert not lint.check(pack.at(mine.folder)), _problems(mine)
    assert scenario.load("mine").topic("fines").service == "Calder"
    assert scenario.load("mine").domain == "calderland.example"


def test_storylines_shrink_with_the_people(mine: pack.Pack) -> None:
    reskin.change(mine, {"people": "2000", "posts": "15000"})
    plan = scenario.load("mine")
    told = sum(phase.posts for story in plan.storylines for phase in story.phase)
    assert told < 0.15 * plan.posts


def test_a_pack_with_a_base_is_whole_after_a_change() -> None:
    folder = pack.own_folder() / "lean"
    folder.mkdir(parents=True)
    for path in pack.find("calderland").folder.glob("*.toml"):
        folder.joinpath(path.name).write_text(path.read_text())
    main = folder / pack.MAIN
    main.write_text('base = "calderland"\n' + main.read_text())
    reskin.change(pack.find("lean"), {"ministry": "Town Hall", "tags.football": "#Kick"})
    assert scenario.load("lean").phrasebooks["fr"].topics["football"].tags == ["Kick"]


def test_a_missing_file_and_a_missing_language_are_named(mine: pack.Pack) -> None:
    (mine.folder / "voice" / "hi" / "jury.toml").unlink()
    assert re.search(r"voice/hi/jury\.toml: .*add this file", _problems(mine))
    shutil.rmtree(mine.folder / "voice" / "hi")
    assert re.search(r"lacks the file .*voice/hi/common\.toml", _problems(mine))


def test_the_commands_work_as_they_say(tmp_path: Path) -> None:
    assert "calderland" in _RUN.invoke(app, ["scenario", "list"]).output
    made = _RUN.invoke(app, ["scenario", "new", "town", "--from", "calderland"])
    assert made.exit_code == 0, made.output
    done = _RUN.invoke(app, ["scenario", "set", "town", "ministry=Town Hall", "handle=@Town"])
    assert done.exit_code == 0, done.output
    checked = _RUN.invoke(app, ["scenario", "check", "town"])
    assert checked.exit_code == 0, checked.output
    assert "Nothing is amiss in town." in checked.output
    main = tmp_path / "packs" / "town" / "scenario.toml"
    assert tomllib.loads(main.read_text())["ministry"]["name"] == "Town Hall"
    assert "# Nothing in this pack is real" in main.read_text(), "comments stay"
    _edit(main.parent, "scenario.toml", "[topics.advert]", "[topics.adverts]")
    checked = _RUN.invoke(app, ["scenario", "check", "town"])
    assert checked.exit_code == 1
    assert "to mend." in checked.output

"""`kit run` and `kit square serve`: programs that know nothing of the Square, run against it."""

import contextlib
import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import requests

import kit
from kit.desk.client import Square
from kit.desk.environment import Environment, environment
from kit.desk.serve import words
from kit.square.network.proxy import Proxy
from kit.world.model import id_time
from tests.browser import free_port
from tests.calderland import PEOPLE, world

CLIENTS = Path(__file__).parent / "clients"
REAL_BEARER = "AAAAAAAAAAAAAAAAAAAAAMLheAAAAAAA0%2BuSeid"
REAL_ACCESS = "1234567890-" + "aB3d" * 10

posix = pytest.mark.skipif(os.name != "posix", reason="sends signals, which Windows has not")


@dataclass(frozen=True)
class Led:
    """A Square, and an environment that leads to it."""

    square: Square
    proxy: Proxy
    variables: dict[str, str]

    def run(self, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
        env = self.variables | more
        return subprocess.run(command, capture_output=True, text=True, env=env, timeout=60)


@pytest.fixture(scope="module")
def led(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Led]:
    folder = tmp_path_factory.mktemp("settings")
    with kit.open_square(people=PEOPLE) as square, Proxy(square.url) as proxy:
        made = environment(os.environ, square, proxy, folder)
        yield Led(square, proxy, dict(made.variables))


# Clients nobody here wrote, unmodified.


def assert_read(done: subprocess.CompletedProcess[str], square: Square) -> None:
    """What a program read is what the world holds, word for word."""
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    ids = {name: int(number) for number, name in [answer["user"]]}
    assert ids == {"CalderJustice": square.client.get_user(username="CalderJustice").data.id}
    assert theirs(answer["timeline"]) == newest_of(ids["CalderJustice"])
    found = square.client.search_recent_tweets("court -is:retweet", max_results=50).data
    assert answer["search"] == [[str(tweet.id), tweet.text] for tweet in found]
    assert len(found) == 50


def newest_of(author: int) -> list[int]:
    """The newest posts of an account in the world, 100 at most."""
    posts = world().posts
    own = (posts.author == author) & (posts.at <= world().now)
    return sorted(posts.id[own].tolist(), reverse=True)[:100]


def theirs(timeline: list[list[str]]) -> list[int]:
    """A timeline without what the other tests wrote."""
    return [int(number) for number, text in timeline if not text.startswith(TEXT[:6])]


@pytest.mark.parametrize(
    "program",
    [
        ("tweepy_client.py", "read"),
        ("tweepy_async.py", "read"),
        ("pytwitter_api.py", "read"),
        *(("plain_http.py", "read", name) for name in ("requests", "httpx", "urllib", "aiohttp")),
    ],
    ids=lambda program: "-".join(program),
)
def test_python_s_clients_read(led: Led, program: Sequence[str]) -> None:
    name, *arguments = program
    assert_read(led.run(sys.executable, str(CLIENTS / name), *arguments), led.square)


def assert_written(done: subprocess.CompletedProcess[str], square: Square, text: str) -> None:
    """What a program wrote is on the Square, word for word, by the account of its tokens."""
    assert done.returncode == 0, done.stderr
    answer = json.loads(done.stdout)
    number, said = answer["posted"]
    assert (said, answer["liked"]) == (text, True)
    post = square.client.get_tweet(number, expansions="author_id").data
    assert post.text == text
    author = square.client.get_user(username=square.username).data
    assert post.author_id == author.id
    likers = square.client.get_liking_users(number).data
    assert [user.id for user in likers] == [author.id]


#: What signatures and encodings stumble over.
TEXT = "¿Quién? Grüße & ગુજરાત 100% +1 ~ “ok” <b>👩🏽‍⚖️</b> {}"


@pytest.mark.parametrize("name", ["tweepy_client", "tweepy_async", "pytwitter_api"])
def test_python_s_clients_write(led: Led, name: str) -> None:
    text = TEXT.format(name)
    done = led.run(sys.executable, str(CLIENTS / f"{name}.py"), "write", text)
    assert_written(done, led.square, text)


@pytest.fixture(scope="session")
def node_modules(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with twitter-api-v2 as npm installs it."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    folder = tmp_path_factory.mktemp("node")
    command = ["npm", "install", "--no-fund", "--no-audit", "--ignore-scripts", "twitter-api-v2"]
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
    except subprocess.TimeoutExpired:
        pytest.skip("npm's registry did not answer within two minutes")
    if done.returncode:
        pytest.skip(f"npm could not install twitter-api-v2: {done.stderr.strip()[-200:]}")
    return folder / "node_modules"


def test_node_s_twitter_api_v2_reads_and_writes(led: Led, node_modules: Path) -> None:
    program, where = str(CLIENTS / "twitter_api_v2.cjs"), str(node_modules)
    assert_read(led.run("node", program, "read", NODE_PATH=where), led.square)
    text = TEXT.format("twitter-api-v2")
    done = led.run("node", program, "write", text, NODE_PATH=where)
    assert_written(done, led.square, text)


needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")


@needs_node
def test_node_s_own_fetch_reads(led: Led) -> None:
    assert_read(led.run("node", str(CLIENTS / "node_fetch.cjs"), "read"), led.square)


@needs_node
@pytest.mark.parametrize(
    "call",
    [
        "fetch('https://example.org/').catch((e) => console.log(e.cause.message))",
        "fetch('http://example.org/').catch((e) => console.log(e.cause.message))",
        "require('https').get('https://example.org/').on('error', (e) => console.log(e.message))",
        "require('http').get('http://example.org/').on('error', (e) => console.log(e.message))",
        "require('https').get({host: "
        "'example.org', agent: new (require('https').Agent)({keepAlive: true})})"
        ".on('error', (e) => console.log(e.message))",
    ],
)
def test_node_is_refused_everything_else_with_the_sentence(
    led: Led, call: str, caplog: pytest.LogCaptureFixture
) -> None:
    done = led.run("node", "-e", call)
    (told,) = caplog.messages
    assert told.startswith("The Square does not serve example.org:")
    by_itself = "process.allowedNodeEnvironmentFlags.has('--use-env-proxy')"
    if led.run("node", "-p", by_itself).stdout == "false\n":  # else Node has words of its own
        assert done.stdout.strip() == told, done.stderr


@needs_node
def test_node_reads_the_square_s_own_pages(led: Led) -> None:
    call = """
        const url = process.env.SQUARE_URL + '/feeds.opml';
        fetch(url).then(async (answer) => console.log((await answer.text()).slice(0, 5)));
        require('http').get(url, (answer) => answer.on('data', (data) => {
            console.log(String(data).slice(0, 5)); answer.destroy(); }));
    """
    assert led.run("node", "-e", call).stdout == "<?xml\n<?xml\n"


@pytest.mark.skipif(
    importlib.util.find_spec("pkg_resources") is None,
    reason="twarc 2.14 needs pkg_resources, which setuptools has up to version 80",
)
def test_twarc2_reads(led: Led, tmp_path: Path) -> None:
    def twarc2(*arguments: str) -> list[list[str]]:
        done = led.run(
            str(Path(sys.executable).with_name("twarc2")),
            "--log",
            str(tmp_path / "twarc.log"),
            *arguments,
            XDG_CONFIG_HOME=str(tmp_path),
        )
        assert done.returncode == 0, done.stderr
        pages = [json.loads(line) for line in done.stdout.splitlines()]
        return [[tweet["id"], tweet["text"]] for page in pages for tweet in page["data"]]

    token = ["--bearer-token", led.square.bearer_token]
    # It asks for pages of 100, and stops when it has its limit.
    found = twarc2(*token, "search", "--limit", "10", "court -is:retweet")
    true = led.square.client.search_recent_tweets("court -is:retweet", max_results=100).data
    assert found == [[str(tweet.id), tweet.text] for tweet in true]
    own = twarc2("timeline", "--limit", "10", "CalderJustice")  # the token from the environment
    ministry = led.square.client.get_user(username="CalderJustice").data.id
    assert theirs(own) == newest_of(ministry)


def test_feedparser_reads_the_feeds_under_it(led: Led) -> None:
    title, url = next(iter(led.square.feeds.items()))
    script = f"import feedparser; print(feedparser.parse({url!r}).feed.title)"
    assert led.run(sys.executable, "-c", script).stdout.strip() == title


def test_python_is_refused_everything_else_with_the_sentence(led: Led) -> None:
    for library in ("requests", "httpx", "urllib", "aiohttp"):
        script = (
            f"from tests.clients.plain_http import with_{library} as get; "
            "get('https://example.org/')"
        )
        done = led.run(sys.executable, "-c", script)
        assert done.returncode == 1
        assert "The Square does not serve example.org:443" in done.stderr, library


# The environment.


def made(led: Led, tmp_path: Path, **given: str) -> Environment:
    return environment(given, led.square, led.proxy, tmp_path)


def test_exceptions_to_the_proxy_are_taken_out_and_the_rest_is_kept(
    led: Led, tmp_path: Path
) -> None:
    given = {"NO_PROXY": "*", "no_proxy": "x.com", "LANG": "gu_IN", "https_proxy": "http://house"}
    led_there = made(led, tmp_path, **given)
    variables = led_there.variables
    assert {"NO_PROXY", "no_proxy"}.isdisjoint(variables)
    assert variables["LANG"] == "gu_IN"
    assert variables["https_proxy"] == variables["HTTPS_PROXY"] == led.proxy.url
    assert Path(variables["SSL_CERT_FILE"]).read_bytes() == led.proxy.certificate
    assert list(Path(variables["SSL_CERT_DIR"]).iterdir()) == []
    assert led_there.overridden == ()


def test_tokens_of_x_never_reach_the_command(led: Led, tmp_path: Path) -> None:
    given = {
        "BEARER_TOKEN": REAL_BEARER,
        "OUR_OWN_NAME": f" {REAL_BEARER}\n",
        "ACCESS_TOKEN_OF_ADA": REAL_ACCESS,
        "LOOKS_ALIKE": "AAAA",
        "PHONE": "1234567890-12",
    }
    led_there = made(led, tmp_path, **given)
    text = "\n".join(led_there.variables.values())
    assert REAL_BEARER not in text
    assert REAL_ACCESS not in text
    assert led_there.variables["OUR_OWN_NAME"] == led.square.bearer_token
    assert led_there.variables["ACCESS_TOKEN_OF_ADA"] == led.square.credentials().access_token
    assert led_there.variables["LOOKS_ALIKE"] == "AAAA"
    assert led_there.variables["PHONE"] == "1234567890-12"
    assert led_there.overridden == ("ACCESS_TOKEN_OF_ADA", "BEARER_TOKEN", "OUR_OWN_NAME")


def test_settings_of_ones_own_for_python_and_node_stay(led: Led, tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("print('mine too')")
    variables = made(led, tmp_path, PYTHONPATH=str(tmp_path), NODE_OPTIONS="--no-warnings")
    assert variables.variables["NODE_OPTIONS"].endswith('node.cjs" --no-warnings')
    done = led.run(sys.executable, "-c", "", PYTHONPATH=variables.variables["PYTHONPATH"])
    assert (done.stdout, done.stderr) == ("mine too\n", "")


# The command.


def kit_run(*arguments: str, **more: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*KIT, "run", "--people", str(PEOPLE), *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        **more,  # type: ignore[call-overload]
    )


KIT = [sys.executable, "-c", "from kit.cli import main; main()"]


def test_input_output_and_exit_code_are_the_command_s() -> None:
    script = "import sys; print(sys.stdin.read()[::-1]); sys.exit(int(sys.argv[2]))"
    done = kit_run("--", sys.executable, "-c", script, "--seed", "7", input="!dlrow")
    assert (done.returncode, done.stdout) == (7, "world!\n")
    assert "Traceback" not in done.stderr


def test_a_program_reads_through_kit_run_and_its_tokens_stay_home() -> None:
    """End to end; also without the two dashes."""
    program = [sys.executable, str(CLIENTS / "tweepy_client.py"), "read"]
    env = {**os.environ, "BEARER_TOKEN": REAL_BEARER}
    done = kit_run("--seed", "1", *program, env=env)
    with kit.open_square(people=PEOPLE) as square:
        assert_read(done, square)
    assert "BEARER_TOKEN held what looks like a token of X's." in done.stderr
    assert REAL_BEARER not in done.stderr
    assert "On X these calls would have cost $" in done.stderr
    assert "GET /2/tweets/search/recent" in done.stderr


def test_a_refusal_is_told_to_whoever_runs_it() -> None:
    script = "import urllib.request as u; u.urlopen('https://example.org')"
    done = kit_run("--", sys.executable, "-c", f"try: {script}\nexcept OSError: print('no')")
    assert (done.returncode, done.stdout) == (0, "no\n"), done.stderr
    assert done.stderr.startswith("The Square does not serve example.org:443 and never lets")


def test_a_command_that_does_not_exist_is_127_and_makes_no_world(tmp_path: Path) -> None:
    env = {**os.environ, "KIT_CACHE": str(tmp_path)}
    done = kit_run("--", "no-such-client", "--flag", env=env)
    assert (done.returncode, done.stdout, done.stderr) == (
        127,
        "",
        "There is no command 'no-such-client': look at its spelling, or give its whole path.\n",
    )
    assert list(tmp_path.iterdir()) == []


@posix
def test_a_file_that_is_no_program_is_126(tmp_path: Path) -> None:
    for mode in (0o644, 0o755):
        script = tmp_path / "client.py"
        script.write_text("print('hello')")
        script.chmod(mode)
        done = kit_run("--", str(script))
        assert done.returncode == 126
        assert f"{str(script)!r} cannot be run" in done.stderr
        assert "Traceback" not in done.stderr


def test_a_port_in_use_is_a_sentence(led: Led) -> None:
    port = led.square.url.rpartition(":")[2]
    done = kit_run("--port", port, "--", sys.executable, "-c", "print('ran')")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"Port {port} on 127.0.0.1 is used by another program")


def test_the_folder_with_the_certificate_is_private_and_gone_afterwards() -> None:
    script = "import os; p = os.environ['SSL_CERT_FILE']; print(p, os.stat(p[:-6]).st_mode & 0o77)"
    path, rights = kit_run("--", sys.executable, "-c", script).stdout.split()
    assert not Path(path).parent.exists()
    assert rights == "0"
    assert Path(path).parent.parent == Path(tempfile.gettempdir())


COUNT = """
import signal, sys, time
got = []
for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(number, lambda number, frame: got.append(signal.Signals(number).name))
print("ready", flush=True)
while not got:
    time.sleep(0.01)
time.sleep(0.5)
print(*got, flush=True)
sys.exit(3)
"""


@posix
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_is_passed_on_and_the_command_decides(name: str) -> None:
    command = [*KIT, "run", "--people", str(PEOPLE), "--", sys.executable, "-c", COUNT]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, start_new_session=True
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "ready\n"
        running.send_signal(getattr(signal, name))
        assert running.stdout.read() == f"{name}\n"
    assert running.returncode == 3


@posix
def test_ctrl_c_at_a_terminal_reaches_the_command_once() -> None:
    ours, theirs = os.openpty()
    # The first terminal that the leader of a session opens is its own, from which signals come.
    shell = 'exec 0<>"$0" 1>&0 2>&0; exec "$@"'
    command = [*KIT, "run", "--people", str(PEOPLE), "--", sys.executable, "-c", COUNT]
    running = subprocess.Popen(
        ["sh", "-c", shell, os.ttyname(theirs), *command], start_new_session=True
    )
    shown = b""
    with contextlib.suppress(OSError):  # the terminal is gone
        while data := os.read(ours, 1000):
            if b"ready" in data:
                os.close(theirs)
                os.write(ours, b"\x03")
            shown += data
    os.close(ours)
    assert running.wait(10) == 3
    assert shown.replace(b"^C", b"").split() == [b"ready", b"SIGINT"]


@posix
def test_a_command_that_a_signal_ended_gives_a_shell_s_exit_code() -> None:
    assert kit_run("--", "sh", "-c", "kill -9 $$").returncode == 128 + 9


# A Square for a class.


def words_of(running: subprocess.Popen[str]) -> list[str]:
    assert running.stdout is not None
    lines: list[str] = []
    for line in running.stdout:
        lines.append(line.strip())
        if "Ctrl-C" in line:
            break
    return lines


@posix
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_a_square_for_a_class_serves_until_it_is_told_to_stop(name: str, tmp_path: Path) -> None:
    port, proxy_port = free_port(), free_port()
    where = ["--people", str(PEOPLE), "--port", str(port), "--proxy-port", str(proxy_port)]
    where += ["--keep", str(tmp_path / "class.square"), "--speed", "0"]
    with subprocess.Popen(
        [*KIT, "square", "serve", *where],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        lines = words_of(running)
        assert f"The Square: http://127.0.0.1:{port}" in lines
        opml = f"http://127.0.0.1:{port}/feeds.opml"
        assert f"Its feeds:  {opml}" in lines
        assert any(str(tmp_path / "class.square") in line for line in lines)
        assert requests.get(opml, timeout=5).text.startswith("<?xml")
        (settings,) = re.findall(r"after:  \. (\S+)$", "\n".join(lines), re.M)
        assert Path(settings).parent.stat().st_mode & 0o77 == 0
        # Another terminal, and a client in it.
        client = f'. {settings} && "$0" "$@"'
        program = [sys.executable, str(CLIENTS / "tweepy_client.py"), "read"]
        done = subprocess.run(
            ["sh", "-c", client, *program],
            capture_output=True,
            text=True,
            env={**os.environ, "NO_PROXY": "*"},
        )
        with kit.open_square(people=PEOPLE) as square:
            assert_read(done, square)
        begun = time.monotonic()
        running.send_signal(getattr(signal, name))
        rest, problems = running.stdout.read(), running.stderr.read()
    assert time.monotonic() - begun < 5
    assert (running.returncode, rest, problems) == (0, "The Square is stopped.\n", "")
    assert not Path(settings).parent.exists()
    with pytest.raises(requests.ConnectionError):
        requests.get(opml, timeout=5)


def served_until(running: subprocess.Popen[str]) -> tuple[float, Path]:
    """What time it is on a Square that runs, and where its settings are."""
    text = "\n".join(words_of(running))
    (url,) = re.findall(r"^The Square: (\S+)$", text, re.M)
    (settings,) = re.findall(r"after:  \. (\S+)$", text, re.M)
    (bearer,) = re.findall(r"^export BEARER_TOKEN=(\S+)", Path(settings).read_text("utf-8"), re.M)
    time.sleep(0.2)
    answer = requests.get(
        f"{url}/2/tweets/counts/recent",
        {"query": "court", "granularity": "minute"},
        headers={"Authorization": f"Bearer {bearer}"},
        timeout=5,
    )
    end: str = answer.json()["data"][-1]["end"]
    return datetime.fromisoformat(end).timestamp(), Path(settings)


@posix
def test_a_class_killed_at_any_moment_goes_on_later_than_it_was(tmp_path: Path) -> None:
    seen = world().now
    keep = tmp_path / "class.square"
    where = ["--people", str(PEOPLE), "--port", "0", "--proxy-port", "0", "--keep", str(keep)]
    for _ in range(2):
        command = [*KIT, "square", "serve", *where, "--speed", "3600"]
        env = {**os.environ, "PYTHONUNBUFFERED": "1"}
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as running:
            try:
                now, settings = served_until(running)
            finally:
                running.kill()
        assert now > seen + 300  # the clock ran
        seen = now
        shutil.rmtree(settings.parent)


def test_streams_reach_a_program_that_runs(tmp_path: Path) -> None:
    listen = (
        "import tweepy, os\n"
        "class Listener(tweepy.StreamingClient):\n"
        "    def on_tweet(self, tweet):\n"
        "        print(tweet.id)\n"
        "        self.disconnect()\n"
        "Listener(os.environ['BEARER_TOKEN']).sample()\n"
    )
    done = kit_run("--speed", "36000", "--", sys.executable, "-c", listen)
    assert done.returncode == 0, done.stderr
    assert id_time(int(done.stdout)) >= world().now


def test_a_port_in_use_stops_a_square_for_a_class_before_it_begins(
    led: Led, tmp_path: Path
) -> None:
    taken = str(led.proxy.port)
    command = [*KIT, "square", "serve", "--people", str(PEOPLE), "--port", "0"]
    command += ["--keep", str(tmp_path / "class.square")]
    done = subprocess.run([*command, "--proxy-port", taken], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"Port {taken} on 127.0.0.1 is used by another program")


def test_time_passes_for_a_class_and_its_square_goes_on_where_it_ended(tmp_path: Path) -> None:
    keep = tmp_path / "class.square"
    with kit.open_square(people=PEOPLE, keep=keep, shared=True) as square:
        square.run(speed=3600)
        square.client_for("team_red").create_tweet(text="Is anybody there?")
        begun = square.now
        time.sleep(0.05)  # three minutes there, and search knows what is half a minute old
        assert square.now - begun >= timedelta(minutes=2)
        assert square.client.search_recent_tweets("from:team_red").meta["result_count"] == 1
        code = square.sign_in_code("team_red")
        passed = square.now
    with kit.open_square(people=PEOPLE, keep=keep, shared=True) as square:
        me = square.client_for("team_red").get_me().data
        assert [post.text for post in square.client.get_users_tweets(me.id).data] == [
            "Is anybody there?"
        ]
        assert square.sign_in_code("team_red") == code
        begun = square.now
        assert begun >= passed  # not the moment of the last act
        time.sleep(1.1)  # without a speed no second passes
        assert square.now == begun


@pytest.mark.parametrize("speed", ["-1", "90000", "fast"])
def test_a_speed_that_cannot_be_is_refused_before_a_square_is_made(speed: str) -> None:
    done = kit_run("--speed", speed, "--", sys.executable, "-c", "print('ran')")
    assert (done.returncode, done.stdout) == (2, "")
    assert "--speed" in done.stderr


def test_a_square_open_to_a_room_says_what_that_means(led: Led) -> None:
    said = "\n".join(words(led.square, led.proxy, "0.0.0.0", Path("/private/settings.sh")))
    assert "Open to the room: everybody on this network can read this Square at http://" in said
    assert f":{led.proxy.port}/ca.pem" in said
    alone = "\n".join(words(led.square, led.proxy, "127.0.0.1", Path("/private/settings.sh")))
    assert "room" not in alone
    assert "ca.pem" not in alone

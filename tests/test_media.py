"""Pictures and films: sent by tweepy and by hand, posted, shown and looked up."""

import base64
import io
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest
import tweepy

from kit.desk.client import Adapter
from kit.errors import RequestError
from kit.page import PALETTE
from kit.square import acts
from kit.square.access.tokens import Tokens
from kit.square.acts import Act
from kit.square.acts.uploads import EXPIRES, LARGEST
from kit.square.app import make_app
from kit.square.clock import Clock
from kit.square.network.server import Server
from kit.square.pictures import TONES, contrast
from kit.square.routes import call
from kit.square.store import Store
from tests import files
from tests.conftest import Api
from tests.square_world import ADA, BOB, LATER, MINISTRY, NOW, PICTURE, small_id

Json = dict[str, Any]
UPLOAD = "/2/media/upload"


@pytest.fixture
def ada(store: Store, clock: Clock) -> Api:
    return Api(make_app(store, clock), Tokens(store).credentials(ADA))


@pytest.fixture
def bob(store: Store, ada: Api) -> Api:
    return Api(ada.app, Tokens(store).credentials(BOB))


def sent(api: Api, content: bytes, category: str = "tweet_image") -> str:
    answer = api(UPLOAD, method="POST", files={"media": content}, data={"media_category": category})
    assert answer.status_code == 200, answer.text
    return str(answer.json()["data"]["id"])


def posted(api: Api, *media: str, text: str = "Look") -> httpx.Response:
    return api("/2/tweets", method="POST", json={"text": text, "media": {"media_ids": media}})


def shown(api: Api, post: str) -> Json:
    fields = "alt_text,url,width,height,type,variants,duration_ms,preview_image_url,public_metrics"
    asked = {"expansions": "attachments.media_keys", "media.fields": fields}
    answer = api(f"/2/tweets/{post}", asked).json()
    (medium,) = answer["includes"]["media"]
    assert answer["data"]["attachments"] == {"media_keys": [medium["media_key"]]}
    return dict(medium)


def get(api: Api, url: str) -> httpx.Response:
    assert url.startswith("http://square/")
    return api(url, headers={})


def test_a_picture_is_sent_described_posted_and_shown(ada: Api) -> None:
    media = sent(ada, files.png())
    described = {"id": media, "metadata": {"alt_text": {"text": "A queue before a court"}}}
    answer = ada("/2/media/metadata", method="POST", json=described)
    assert answer.json()["data"]["associated_metadata"] == described["metadata"]
    medium = shown(ada, posted(ada, media).json()["data"]["id"])
    assert medium == {
        "media_key": f"3_{media}",
        "type": "photo",
        "alt_text": "A queue before a court",
        "width": 12,
        "height": 8,
        "url": f"http://square/media/3_{media}.png",
    }
    file = get(ada, medium["url"])
    assert (file.content, file.headers["content-type"]) == (files.png(), "image/png")
    assert file.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "form", ["multipart", "multipart, nameless", "JSON", "older commands", "in the address"]
)
def test_a_film_is_sent_in_parts_in_every_way(ada: Api, form: str) -> None:
    content = files.mp4()
    half = len(content) // 2
    parts = (content[half:], content[:half])
    about: Json = {"media_category": "tweet_video", "total_bytes": len(content)}
    if form in ("multipart", "multipart, nameless", "JSON"):
        begun = ada(f"{UPLOAD}/initialize", method="POST", json=about).json()["data"]["id"]
        for place, part in zip((1, 0), parts, strict=True):
            body: Json = (
                {"files": {"media": part}, "data": {"segment_index": str(place)}}
                if form == "multipart"
                else {"files": {"media": (None, part), "segment_index": (None, str(place))}}
                if form == "multipart, nameless"
                else {"json": {"media": base64.b64encode(part).decode(), "segment_index": place}}
            )
            answer = ada(f"{UPLOAD}/{begun}/append", method="POST", **body)
            assert answer.json()["data"]["expires_at"] == NOW + EXPIRES
        done = ada(f"{UPLOAD}/{begun}/finalize", method="POST")
    else:
        where = "params" if form == "in the address" else "data"

        def command(name: str, media: bytes | None = None, **said: object) -> httpx.Response:
            values = {key: str(value) for key, value in {"command": name, **said}.items()}
            sent: Json = {where: values} | ({"files": {"media": media}} if media else {})
            return ada(UPLOAD, method="POST", **sent)

        begun = command("INIT", **about).json()["data"]["id"]
        for place, part in zip((1, 0), parts, strict=True):
            assert command("APPEND", part, media_id=begun, segment_index=place).status_code == 200
        done = command("FINALIZE", media_id=begun)
    assert done.json()["data"] == {
        "id": begun,
        "media_key": f"7_{begun}",
        "size": len(content),
        "expires_after_secs": EXPIRES,
    }
    status = ada(UPLOAD, {"media_id": begun, "command": "STATUS"})
    assert status.json() == done.json()
    medium = shown(ada, posted(ada, begun).json()["data"]["id"])
    (variant,) = medium["variants"]
    assert (medium["duration_ms"], medium["width"]) == (2500, 64)
    assert variant["content_type"] == "video/mp4"
    assert get(ada, variant["url"]).content == content
    assert "alt_text" not in medium
    assert medium["public_metrics"] == {"view_count": 0}
    assert "Video" in get(ada, medium["preview_image_url"]).text
    assert "url" not in medium


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated")  # tweepy's
def test_tweepy_sends_pictures_and_films(store: Store, clock: Clock, tmp_path: Path) -> None:
    with Server(make_app(store, clock)) as server:
        held = Tokens(store).credentials(ADA)
        auth = tweepy.OAuth1UserHandler(
            held.consumer_key, held.consumer_secret, held.access_token, held.access_token_secret
        )
        api = tweepy.API(auth)
        for host in ("https://api.twitter.com/", "https://upload.twitter.com/"):
            api.session.mount(host, Adapter(server.url))
        path = tmp_path / "queue.png"
        path.write_bytes(files.png())
        picture = api.media_upload(str(path))
        assert picture.image == {"image_type": "image/png", "w": 12, "h": 8}
        assert (picture.size, picture.media_key) == (len(files.png()), f"3_{picture.media_id}")
        api.create_media_metadata(picture.media_id_string, "A queue")
        gif = api.media_upload(
            "a.gif", file=io.BytesIO(files.gif(frames=2)), chunked=True, media_category="tweet_gif"
        )
        assert gif.media_key == f"16_{gif.media_id}"
        film = api.media_upload("a.mp4", file=io.BytesIO(files.mp4()), chunk_size=10)
        assert film.video == {"video_type": "video/mp4"}
        assert api.get_media_upload_status(film.media_id).media_id == film.media_id
        with pytest.raises(tweepy.BadRequest, match="324 - This is no PNG"):
            api.media_upload("a.png", file=io.BytesIO(b"text"))
        client = tweepy.Client(
            held.bearer_token,
            held.consumer_key,
            held.consumer_secret,
            held.access_token,
            held.access_token_secret,
        )
        client.session.mount("https://api.twitter.com/", Adapter(server.url))
        post = client.create_tweet(text="Look", media_ids=[picture.media_id]).data["id"]
        found = client.get_tweet(
            post, expansions="attachments.media_keys", media_fields=["alt_text", "url"]
        )
        (medium,) = found.includes["media"]
        assert medium.alt_text == "A queue"
        assert httpx.get(medium.url).content == files.png()


def test_a_category_may_be_written_as_node_s_clients_do(ada: Api) -> None:
    kept = sent(ada, files.gif(frames=2), "TweetGif")
    post = posted(ada, kept).json()["data"]["id"]
    assert shown(ada, post)["type"] == "animated_gif"


@pytest.mark.parametrize(
    ("media", "category", "part"),
    [
        (b"%PDF-1.7", "tweet_image", "no PNG, JPEG, GIF, WebP or MP4"),
        (files.png(), "tweet_video", "for a video, and the file is a photo"),
        (files.png(), "tweet_sound", "is not one of [tweet_image,"),
        (files.png() + bytes(LARGEST["photo"]), "tweet_image", "1 to 5242880 bytes"),
    ],
)
def test_what_cannot_be_posted_is_refused(ada: Api, media: bytes, category: str, part: str) -> None:
    answer = ada(UPLOAD, method="POST", files={"media": media}, data={"media_category": category})
    assert answer.status_code == 400
    assert part in answer.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    ("body", "part"),
    [
        ({"data": {"command": "DANCE"}}, "not one of [INIT,APPEND,FINALIZE,STATUS]"),
        ({"data": {"command": "INIT", "total_bytes": "many"}}, "whole number, not [many]"),
        ({"data": {"command": "INIT", "total_bytes": str(2**31)}}, "1 to 33554432 bytes"),
        ({"data": {"command": "APPEND", "media_id": "5", "segment_index": "0"}}, "missing"),
        (
            {
                "data": {"command": "APPEND", "media_id": "5", "segment_index": "0"},
                "files": {"media": b"a"},
            },
            "no such file of yours",
        ),
        ({"json": {"media": "not base64!"}}, "neither a file nor base64"),
        ({"json": {}}, "`media` is missing"),
        (
            {"content": b"--x", "headers": {"content-type": "multipart/form-data"}},
            "no valid form",
        ),
    ],
)
def test_what_is_badly_sent_is_refused(ada: Api, body: Json, part: str) -> None:
    answer = ada(UPLOAD, method="POST", **body)
    assert answer.status_code == 400
    assert part in answer.json()["errors"][0]["message"]
    old = ada("/1.1/media/upload.json", method="POST", **body)
    assert old.json()["errors"][0]["code"] in (214, 324)
    assert part in old.json()["errors"][0]["message"]


def test_parts_that_are_missing_are_missed(ada: Api) -> None:
    content = files.png()
    about = {"total_bytes": len(content), "media_category": "tweet_image"}
    begun = ada(f"{UPLOAD}/initialize", method="POST", json=about).json()["data"]["id"]
    part: Json = {"files": {"media": content[:30]}, "data": {"segment_index": "0"}}
    ada(f"{UPLOAD}/{begun}/append", method="POST", **part)
    early = ada(f"{UPLOAD}/{begun}/finalize", method="POST")
    assert early.status_code == 400
    assert f"{len(content)} bytes were announced, and 30 came" in early.text
    assert posted(ada, begun).status_code == 400
    part = {"files": {"media": content[30:]}, "data": {"segment_index": "1"}}
    ada(f"{UPLOAD}/{begun}/append", method="POST", **part)
    assert ada(f"{UPLOAD}/{begun}/finalize", method="POST").status_code == 200
    late = ada(f"{UPLOAD}/{begun}/append", method="POST", **part)
    assert late.status_code == 403


def test_a_file_is_its_senders_and_shown_once(ada: Api, bob: Api, clock: Clock) -> None:
    media = sent(ada, files.jpeg())
    invalid = "Your media IDs are invalid."
    assert posted(bob, media).json()["errors"][0]["message"] == invalid
    assert bob(UPLOAD, {"media_id": media}).status_code == 400
    assert get(ada, f"http://square/media/3_{media}.jpg").status_code == 404
    assert posted(ada, media, media).json()["errors"][0]["message"] == invalid
    post = posted(ada, media).json()["data"]["id"]
    assert get(ada, f"http://square/media/3_{media}.jpg").content == files.jpeg()
    assert get(ada, f"http://square/media/3_{media}.png").status_code == 404
    assert posted(ada, media, text="Again").json()["errors"][0]["message"] == invalid
    ada(f"/2/tweets/{post}", method="DELETE")
    assert get(ada, f"http://square/media/3_{media}.jpg").status_code == 404
    old = sent(ada, files.jpeg(31))
    clock.advance(EXPIRES)
    assert posted(ada, old).json()["errors"][0]["message"] == invalid


def test_a_post_takes_four_photos_or_one_film(ada: Api) -> None:
    photos = [sent(ada, files.png(width)) for width in range(1, 6)]
    gif = sent(ada, files.gif(frames=2), "tweet_gif")
    assert posted(ada, *photos).status_code == 403
    assert "or one animated GIF" in posted(ada, photos[0], gif).text
    keys = posted(ada, *photos[:4]).json()["data"]["id"]
    found = ada(f"/2/tweets/{keys}", {"tweet.fields": "attachments"}).json()["data"]
    assert found["attachments"]["media_keys"] == [f"3_{each}" for each in photos[:4]]


def test_a_still_gif_can_be_an_animated_one_or_a_photo(ada: Api) -> None:
    for category, kind in (("tweet_gif", "animated_gif"), ("tweet_image", "photo")):
        media = sent(ada, files.gif(), category)
        medium = shown(ada, posted(ada, media, text=kind).json()["data"]["id"])
        assert medium["type"] == kind
        assert medium["media_key"] == f"{'16' if kind == 'animated_gif' else '3'}_{media}"


def test_media_are_looked_up_by_key(ada: Api, api: Api) -> None:
    first, second = (f"3_{small_id(PICTURE) + each}" for each in (0, 1))
    keys = ",".join([second, first, "3_5"])
    answer = api("/2/media", {"media_keys": keys, "media.fields": "alt_text,url"}).json()
    assert [each["media_key"] for each in answer["data"]] == [second, first]
    assert answer["data"][1]["alt_text"] == "A queue"
    assert [each["value"] for each in answer["errors"]] == ["3_5"]
    one = api(f"/2/media/{first}").json()
    assert one == {"data": {"media_key": first, "type": "photo"}}
    assert api("/2/media/3_5").json()["errors"][0]["resource_type"] == "media"
    assert api("/2/media").status_code == 400


def test_what_a_world_has_no_file_of_is_drawn(api: Api, clock: Clock) -> None:
    key = f"3_{small_id(PICTURE)}"
    url = api(f"/2/media/{key}", {"media.fields": "url"}).json()["data"]["url"]
    drawing = get(api, url)
    assert drawing.headers["content-type"] == "image/svg+xml"
    assert "sandbox" in drawing.headers["content-security-policy"]
    root = ElementTree.fromstring(drawing.text)
    assert "A queue" in "".join(root.itertext())
    assert get(api, url).content == drawing.content
    assert get(api, f"http://square/media/3_{small_id(LATER)}.svg").status_code == 404


def test_accounts_have_drawn_portraits(api: Api, ada: Api, store: Store) -> None:
    user = api(f"/2/users/{MINISTRY}", {"user.fields": "profile_image_url"}).json()["data"]
    assert user["profile_image_url"] == f"http://square/avatars/{MINISTRY}.svg"
    texts = list(ElementTree.fromstring(get(api, user["profile_image_url"]).text).itertext())
    assert "C" in [each.strip() for each in texts]
    named = {"username": "angle", "name": "<b> Ünal & Sons"}
    made = acts.perform(store, Act(NOW, 0, "join", named))
    portrait = get(ada, f"http://square/avatars/{made}.svg").text
    assert "<b>" not in portrait
    assert [text.strip() for text in ElementTree.fromstring(portrait).itertext()][-2:] == ["ÜS", ""]
    assert get(api, "http://square/avatars/5.svg").status_code == 404


def test_words_on_every_colour_can_be_read() -> None:
    for tone in TONES:
        assert contrast(tone, "#ffffff") >= 4.5
    for back in PALETTE:
        assert max(contrast(front, back) for front in ("#000000", "#FFFFFF")) >= 4.5
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_files_play_again_exactly(store: Store, small_file: Path, ada: Api) -> None:
    media = sent(ada, files.png())
    post = posted(ada, media).json()["data"]["id"]
    detail = store.database.value("SELECT detail FROM main.acts WHERE verb = 'upload'")
    assert len(detail) < 200
    again = Store.open(small_file)
    acts.replay(again, acts.log(store))
    assert again.uploads.content(int(media)) == files.png()
    assert [each.key for each in again.posts.media([int(post)])] == [f"3_{media}"]
    assert acts.log(again) == acts.log(store)
    again.close()


def test_a_body_has_an_end(ada: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call, "LARGEST_BODY", 1000)
    answer = ada(UPLOAD, method="POST", json={"media": "a" * 1000})
    assert (answer.status_code, answer.json()["title"]) == (413, "Payload Too Large")
    assert "send a large file in parts" in answer.json()["detail"]
    assert sent(ada, files.png())


def test_a_description_has_an_end(store: Store, ada: Api) -> None:
    media = int(sent(ada, files.png()))
    with pytest.raises(RequestError, match="1000 characters at most, and this one 1001"):
        acts.perform(store, Act(NOW, ADA, "describe", {"upload": media, "text": "a" * 1001}))


def test_a_post_shows_one_sort_of_thing(ada: Api) -> None:
    poll = {"options": ["a", "b"], "duration_minutes": 60}
    body = {"text": "Both", "poll": poll, "quote_tweet_id": str(small_id(PICTURE))}
    answer = ada("/2/tweets", method="POST", json=body)
    assert answer.status_code == 400
    assert "[poll,quote_tweet_id] cannot go together" in answer.json()["errors"][0]["message"]
    assert ada("/2/tweets", method="POST", json=body | {"poll": None}).status_code == 201

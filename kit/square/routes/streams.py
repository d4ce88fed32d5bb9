"""Streams: the filtered one, and those of a sample."""

from starlette.routing import Route

from kit.square.answers import problems
from kit.square.answers.fields import OF_TWEETS
from kit.square.answers.params import refuse
from kit.square.answers.payloads import moment
from kit.square.ids import first_id
from kit.square.routes.call import Call, Endpoints, Json
from kit.square.streaming.reader import Reader
from kit.world.model import DAY

_TIMES = {"start_time", "end_time"}
_STREAM = {"backfill_minutes", *OF_TWEETS}
#: What is past can be asked for again for a day.
_RECOVERABLE = DAY


def routes(endpoints: Endpoints) -> list[Route]:
    """``/2/tweets/search/stream``, and the streams of samples."""
    return [
        endpoints.stream("/tweets/search/stream", filtered, _STREAM | _TIMES),
        endpoints.stream("/tweets/sample/stream", sample, _STREAM),
        endpoints.stream("/tweets/sample10/stream", sample10, _STREAM | _TIMES | {"partition"}),
    ]


def filtered(call: Call, name: str) -> Reader | Json:
    """The posts that the app's rules match."""
    reader = _reader(call, name)
    return reader if call.store.rules.of([call.caller.app]) else problems.without_rules()


def sample(call: Call, name: str) -> Reader:
    """One in a hundred posts."""
    return _reader(call, name, range(1))


def sample10(call: Call, name: str) -> Reader:
    """Ten in a hundred posts, in two parts."""
    call.params.required("partition")
    part = call.params.integer("partition", 1, 2, 1)
    return _reader(call, name, range(5 * part - 5, 5 * part))


def _reader(call: Call, name: str, lots: range | None = None) -> Reader:
    after, until = _past(call)
    return Reader(call.caller.app, name, call.tweets(), lots, after, until)


def _past(call: Call) -> tuple[int | None, int | None]:
    """Which posts of the past are asked for: a few minutes before the new ones, or only they."""
    minutes = call.params.integer("backfill_minutes", 0, 5, 0)
    start, end = call.params.time("start_time"), call.params.time("end_time")
    if start is None and end is None:
        return (first_id(call.now - 60 * minutes) - 1 if minutes else None), None
    if start is None:
        refuse("An `end_time` needs a `start_time`", "end_time", moment(end or 0))
    end = call.now if end is None else end
    if minutes:
        text = "Ask for `backfill_minutes` or for a `start_time`, not for both"
        refuse(text, "backfill_minutes", str(minutes))
    if not call.now - _RECOVERABLE <= start < end <= call.now:
        refuse(
            f"`start_time` and `end_time` must lie between {moment(call.now - _RECOVERABLE)} and "
            f"{moment(call.now)}, and the start before the end",
            "start_time",
            moment(start),
        )
    return first_id(start) - 1, first_id(end) - 1

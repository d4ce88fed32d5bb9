"""What makes a feed a podcast: Apple's elements, sound files, and transcripts to read.

The sound of an episode has an address under .example, where nothing can be heard. Its
transcript can be read: the Square serves it in WebVTT.
"""

import re

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree

from kit.square.rows import Entry, Feed

#: Podcasting 2.0, where transcripts are defined.
NAMESPACE = "https://podcastindex.org/namespace/1.0"
#: The size of a sound file: 64 kilobits a second.
_BYTES_A_SECOND = 8_000
_SENTENCES = re.compile(r"(?<=[.!?।…])\s+")


class PodcastFeed(BaseExtension):  # type: ignore[misc]  # feedgen has no types
    """Declares the namespace of Podcasting 2.0."""

    def extend_ns(self) -> dict[str, str]:
        """The namespace by its prefix."""
        return {"podcast": NAMESPACE}


class PodcastEntry(BaseEntryExtension):  # type: ignore[misc]  # feedgen has no types
    """Says where the transcript of an episode is."""

    def __init__(self) -> None:
        self.transcript = ""
        self.language = ""

    def extend_rss(self, item: etree._Element) -> etree._Element:
        """Add the element to an item."""
        attributes = {"url": self.transcript, "type": "text/vtt", "language": self.language}
        etree.SubElement(item, f"{{{NAMESPACE}}}transcript", attributes)
        return item


def prepare(generator: FeedGenerator, feed: Feed) -> None:
    """Say of a feed what directories of podcasts ask for."""
    generator.load_extension("podcast")
    # Apple reads these words as true and false, and older readers know no others.
    generator.podcast.itunes_explicit("yes" if feed.explicit else "clean")
    generator.podcast.itunes_author(feed.author)
    generator.podcast.itunes_summary(feed.description)
    generator.podcast.itunes_image(f"{feed.home}cover.jpg")
    generator.podcast.itunes_type("episodic")
    if feed.category:
        generator.podcast.itunes_category({"cat": feed.category})
    generator.register_extension("transcript", PodcastFeed, PodcastEntry, atom=False)


def add(item: FeedEntry, feed: Feed, entry: Entry, transcript: str) -> None:
    """Say of an entry what makes it an episode; ``transcript`` is the address of its words."""
    item.enclosure(f"{entry.link}.mp3", str(entry.duration * _BYTES_A_SECOND), "audio/mpeg")
    minutes, seconds = divmod(entry.duration, 60)
    item.podcast.itunes_duration(f"{minutes:02}:{seconds:02}")
    item.podcast.itunes_explicit("yes" if feed.explicit else "clean")
    item.podcast.itunes_author(entry.author)
    item.podcast.itunes_season(entry.season)
    item.podcast.itunes_episode(entry.episode)
    item.podcast.itunes_episode_type("full")
    item.transcript.transcript = transcript
    item.transcript.language = feed.language


def transcript(entry: Entry) -> str:
    """What is said in an episode, in WebVTT: a cue for each sentence, as long as it is."""
    text = re.sub(r"<[^>]+>", " ", entry.body.replace("</p>", "\n"))
    sentences = [part.strip() for part in _SENTENCES.split(text) if part.strip()]
    total = sum(len(sentence) for sentence in sentences)
    cues, said = ["WEBVTT\n"], 0
    for sentence in sentences:
        begins, said = said, said + len(sentence)
        span = (_moment(entry.duration * edge / total) for edge in (begins, said))
        cues.append(f"{' --> '.join(span)}\n{' '.join(sentence.split())}\n")
    return "\n".join(cues)


def _moment(seconds: float) -> str:
    minutes, rest = divmod(round(seconds * 1000), 60_000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{rest // 1000:02}.{rest % 1000:03}"

"""The towns as places on a map, and the posts that people tag with their own.

The invented country lies where nothing else does: around the point of the ocean that is
farthest from any land.
"""

import hashlib
import math

import numpy as np

from kit.world.activity import Drafts
from kit.world.model import Coded, Kind, Places, Posts, Role, Tagged
from kit.world.people import Population
from kit.world.scenario import Scenario
from kit.world.streams import Streams

#: ISO 3166-1 leaves XA to XZ to whoever needs a code: no real country ever has this one.
COUNTRY_CODE = "XC"
#: Degrees west to east and south to north: Point Nemo in the southern Pacific.
CENTRE = (-123.3933, -48.8767)
#: A town's box is so many degrees high; towns lie on a spiral with so much room for each.
_HEIGHT, _ROOM = 0.1, 0.3
_GOLDEN_ANGLE = math.pi * (3 - math.sqrt(5))
#: Of the posts that citizens begin. From 1 to 2 in a hundred tweets carried a place in published
#: studies (Leetaru et al. 2013; Morstatter et al. 2013); who tags is a modelling choice.
TAGGED = 0.015


def places(scenario: Scenario) -> Places:
    """A place for each town of a scenario, whatever the seed."""
    names = scenario.places
    boxes = np.round([_box(number) for number in range(len(names))], 4)
    return Places(
        id=_ids(scenario),
        name=names,
        full_name=[f"{name}, {scenario.country}" for name in names],
        kind=[scenario.place_kind] * len(names),
        country=[scenario.country] * len(names),
        country_code=[COUNTRY_CODE] * len(names),
        west=boxes[:, 0],
        south=boxes[:, 1],
        east=boxes[:, 2],
        north=boxes[:, 3],
    )


def tag(
    scenario: Scenario, population: Population, streams: Streams, drafts: Drafts, posts: Posts
) -> Tagged:
    """Some posts that citizens began, with the author's own town."""
    citizens = population.has_role(Role.CITIZEN)[drafts.author]
    drawn = streams.uniform("place tag", drafts.key) < TAGGED
    rows = np.flatnonzero(citizens & drawn & (drafts.kind == Kind.ORIGINAL))
    towns = population.people.place
    assert isinstance(towns, Coded)
    return Tagged(posts.id[rows], Coded(_ids(scenario), towns.codes[drafts.author[rows]]))


def _ids(scenario: Scenario) -> list[str]:
    """Ids that look like X's: 16 hexadecimal digits."""
    return [
        hashlib.blake2b(f"{number}/{name}".encode(), digest_size=8).hexdigest()
        for number, name in enumerate(scenario.places)
    ]


def _box(number: int) -> tuple[float, float, float, float]:
    """West, south, east and north of the ``number``-th town, on a sunflower's spiral."""
    distance, angle = _ROOM * math.sqrt(number), number * _GOLDEN_ANGLE
    wide = 1 / math.cos(math.radians(CENTRE[1]))  # a degree of longitude is shorter there
    x = CENTRE[0] + distance * math.cos(angle) * wide
    y = CENTRE[1] + distance * math.sin(angle)
    half = _HEIGHT / 2
    return x - half * wide, y - half, x + half * wide, y + half

"""The world that ships, with fewer people, made once for all tests that ask about it."""

from functools import cache

from kit.world import scenario
from kit.world.make import make
from kit.world.model import World
from kit.world.scenario import Scenario

#: Enough for every kind of post in every language; the whole public has four times as many.
PEOPLE = 5_000


@cache
def pack() -> Scenario:
    return scenario.load("calderland").sized(PEOPLE)


@cache
def world(seed: int = 1) -> World:
    return make(pack(), seed)

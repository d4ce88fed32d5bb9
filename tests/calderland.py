"""The world that ships, made once for all tests that ask about it."""

from functools import cache

from kit.world import scenario
from kit.world.make import make
from kit.world.model import World
from kit.world.scenario import Scenario


@cache
def pack() -> Scenario:
    return scenario.load("calderland")


@cache
def world(seed: int = 1) -> World:
    return make(pack(), seed)

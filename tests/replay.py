"""The digests that a small world of the pack that ships must have, on every machine.

``python -m tests.replay`` writes them anew; do so with every change of a world's content,
after raising ``kit.world.make.VERSION``.
"""

import json
from pathlib import Path

from kit.world import scenario
from kit.world.make import VERSION, make

GOLDEN = Path(__file__).with_name("replay.json")
PEOPLE, SEED = 700, 1


def digests() -> dict[str, object]:
    """The version, and the SHA-256 of every table."""
    made = make(scenario.load("calderland").sized(PEOPLE), SEED)
    return {"version": VERSION, "tables": made.digests()}


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(digests(), indent=2) + "\n")

"""The Square's clock, which a notebook moves while a server reads it."""

import sys
import threading

from kit.square.clock import Clock


def test_it_goes_on_from_where_it_was_at_each_change_of_speed() -> None:
    wall = [10.0]
    clock = Clock(1000, wall=lambda: wall[0])
    for speed, later in ((60, 1000), (0, 1060), (1, 1060), (60, 1061)):
        clock.run(speed)
        assert clock.now == later
        assert clock.speed == speed
        wall[0] += 1
    assert clock.advance(9) == 1130


def test_no_thread_sees_time_go_back_while_another_changes_its_pace() -> None:
    clock = Clock(0)
    done = threading.Event()
    back: list[tuple[int, int]] = []

    def watch() -> None:
        before = 0
        while not done.is_set():
            now = clock.now
            if now < before:
                back.append((before, now))
            before = now

    watching = threading.Thread(target=watch)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        watching.start()
        for number in range(10_000):
            clock.run(1e6 * (number % 2))
    finally:
        done.set()
        watching.join()
        sys.setswitchinterval(interval)
    assert back == []

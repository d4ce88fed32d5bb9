"""Loaded by Python before a program, so that aiohttp goes through the proxy too.

Python's other HTTP clients heed ``HTTPS_PROXY``; aiohttp, and so ``tweepy.AsyncClient``, only in
a session made with ``trust_env=True``. This makes that the default. It runs in whichever Python
the program runs in, and imports nothing else.
"""

import os
import sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from types import ModuleType

_SESSION = "aiohttp.client"


class Heeding:
    """Finds aiohttp's sessions as Python would, and makes them heed the environment."""

    def find_spec(self, name, path=None, target=None):  # type: ignore[no-untyped-def]
        """The module, if it is the one with sessions."""
        if name != _SESSION:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            run = spec.loader.exec_module

            def run_and_change(module: ModuleType) -> None:
                run(module)
                start = module.ClientSession.__init__
                start.__kwdefaults__ = {**(start.__kwdefaults__ or {}), "trust_env": True}

            spec.loader.exec_module = run_and_change  # type: ignore[method-assign]
        return spec


def _run_the_next() -> None:
    """Run the ``sitecustomize`` that this one hides, if there is one."""
    here = os.path.dirname(os.path.abspath(__file__))
    others = [entry for entry in sys.path if os.path.abspath(entry) != here]
    spec = PathFinder.find_spec(__name__, others)
    if spec is not None and spec.loader is not None:
        spec.loader.exec_module(module_from_spec(spec))


if __name__ == "sitecustomize":  # and not where a tool reads it as one of the kit's modules
    sys.meta_path.insert(0, Heeding())
    _run_the_next()

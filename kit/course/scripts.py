"""The commands that were installed beside this Python, and how to find them."""

import os
import sysconfig


def path_with_scripts() -> str:
    """``PATH`` with the folder of this Python's own commands first.

    Without an activated environment that folder is on no path. nbgrader calls ``alembic``
    by its name, and who opens a terminal in JupyterLab expects ``nbgrader`` and ``kit``.
    """
    scripts, path = sysconfig.get_path("scripts"), os.environ.get("PATH", os.defpath)
    return path if scripts in path.split(os.pathsep) else os.pathsep.join((scripts, path))

"""Every error the kit raises, in one place.

::

    KitError                    something a person can mend; the message says how
    ├── ScenarioError           a scenario pack is unknown, or has a mistake in it
    ├── WorldError              a world cannot be made, kept or opened
    ├── SquareError             a Square cannot be started or reached
    │   └── PortInUseError      another program holds the port
    ├── RequestError            a request the Square refuses, with its HTTP status
    │   └── QueryError          a search query that is not valid, with the position
    ├── CourseError             a workshop, exercise or course folder is not as it should be
    │   └── StaleNotebookError  a notebook in git differs from the text it is made from
    └── AnswerError             an answer that cannot be sent to the judge as data
"""


class KitError(Exception):
    """Something a person can mend. The message says what is wrong and what to do."""


class ScenarioError(KitError):
    """A scenario pack is unknown, or has a mistake in it."""


class WorldError(KitError):
    """A world cannot be made, kept or opened."""


class SquareError(KitError):
    """A Square cannot be started or reached."""


class PortInUseError(SquareError):
    """Another program already uses the port that was asked for."""


class RequestError(KitError):
    """A request that the Square refuses.

    Args:
        message: what is wrong with which value, as X words it where X has words for it.
        status: the HTTP status, 400 to 499.
        parameters: the request's parameters at fault, by name, with the values sent.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        parameters: dict[str, list[str]] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.parameters = parameters or {}


class QueryError(RequestError):
    """A search query that is not valid. ``position`` counts characters from 1."""

    def __init__(self, message: str, *, query: str, position: int | None = None) -> None:
        super().__init__(message, parameters={"query": [query]})
        self.query = query
        self.position = position


class CourseError(KitError):
    """A workshop, an exercise or a course folder is not as it should be."""


class StaleNotebookError(CourseError):
    """A notebook kept in git differs from the text it is made from."""


class AnswerError(KitError):
    """An answer that cannot be sent to the judge as plain data."""

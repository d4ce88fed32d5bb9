"""Reading files that were sent to a Square, and keeping their bytes, each file once."""

import hashlib
from collections.abc import Iterable

from kit.square.rows import Upload
from kit.square.store.database import LISTED, Database, listed


class Uploads:
    """Files that were sent; whether they are shown is for posts to say."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def with_ids(self, ids: Iterable[int]) -> list[Upload]:
        """The uploads with these ids, in the order of their ids."""
        return self._database.read(
            Upload,
            f"SELECT * FROM main.uploads WHERE id IN {LISTED} ORDER BY id",
            (listed(ids),),
        )

    def content(self, upload: int) -> bytes:
        """The bytes of a file: those of its parts, one after another."""
        return b"".join(
            self._database.column(
                "SELECT content FROM main.upload_parts JOIN main.contents USING (digest) "
                "WHERE upload = ? ORDER BY position",
                (upload,),
            )
        )

    def types(self, keys: Iterable[str]) -> dict[str, str]:
        """The types of the files behind media keys, for those that have a file."""
        numbers = {int(key.partition("_")[2]): key for key in keys}
        return {numbers[each.id]: each.mime for each in self.with_ids(numbers) if each.finished}

    def keep(self, content: bytes) -> str:
        """Keep bytes, and give the name under which they are kept. Only in a transaction."""
        digest = hashlib.sha256(content).hexdigest()
        sql = "INSERT OR IGNORE INTO main.contents VALUES (?, ?)"
        self._database.execute(sql, (digest, content))
        return digest

    def kept(self, digest: str) -> bytes:
        """The bytes that are kept under a name."""
        sql = "SELECT content FROM main.contents WHERE digest = ?"
        return bytes(self._database.value(sql, (digest,)))

"""Drive: files by name."""

import json
import os
from urllib.parse import quote_plus

from ._connection import Connection
from ._streaming import DriveStreamingBody

DEFAULT_HOST = "drive.deta.sh"
CHUNK_BYTES = 10 * 1024 * 1024
MAX_DELETE_NAMES = 1000

__all__ = ["DriveStreamingBody"]


class _Drive:
    def __init__(self, name, project_key, project_id, host=None):
        assert name, "No Drive name provided"
        self.name = name
        self.host = host or os.getenv("DETA_DRIVE_HOST") or DEFAULT_HOST
        self.base_path = f"/v1/{project_id}/{name}"
        self.client = Connection(self.host, {"X-API-Key": project_key})

    def get(self, name):
        """The content as a stream, or None."""
        assert name, "No name provided"
        response = self.client.stream("GET", f"{self.base_path}/files/download?name={quote_plus(name)}")
        return None if response is None else DriveStreamingBody(response)

    def put(self, name, data=None, *, path=None, content_type=None):
        """Stores text, bytes, an open file, or the file at `path`; returns the name."""
        assert name, "No name provided"
        assert (data is None) != (path is None), "Provide either data or path"
        if path is not None:
            with open(path, "rb") as file:
                return self._upload(name, file, content_type)
        return self._upload(name, data, content_type)

    def list(self, limit=1000, prefix=None, last=None):
        """`{"names": […]}`, with `paging` when there are more; pass its `last` to the next call."""
        query = f"limit={limit}"
        if prefix:
            query += f"&prefix={quote_plus(prefix)}"
        if last:
            query += f"&last={quote_plus(last)}"
        return self._call("GET", f"/files?{query}")

    def delete(self, name):
        """Deletes the file, if there is one; returns the name."""
        assert name, "No name provided"
        failed = self.delete_many([name]).get("failed") or {}
        if name in failed:
            raise Exception(f"Failed to delete '{name}': {failed[name]}")
        return name

    def delete_many(self, names):
        """Deletes up to 1000 files: `{"deleted": […], "failed": {name: reason}}`."""
        assert names, "Names is empty"
        assert len(names) <= MAX_DELETE_NAMES, f"delete_many takes at most {MAX_DELETE_NAMES} names"
        return self._call("DELETE", "/files", json.dumps({"names": names}).encode(), "application/json")

    def _upload(self, name, data, content_type):
        upload = f"/uploads/{self._start_upload(name, content_type)}"
        query = f"?name={quote_plus(name)}"
        try:
            for number, chunk in enumerate(chunks_of(data), start=1):
                self._call("POST", f"{upload}/parts{query}&part={number}", chunk, content_type)
            self._call("PATCH", upload + query)
        except BaseException:
            self._abort(upload + query)
            raise
        return name

    def _start_upload(self, name, content_type):
        answer = self._call("POST", f"/uploads?name={quote_plus(name)}", None, content_type)
        return answer["upload_id"]

    def _abort(self, path):
        try:
            self._call("DELETE", path)
        except Exception:
            # The first error is the one to report; the server expires the upload.
            pass

    def _call(self, method, path, body=None, content_type=None):
        headers = {"Content-Type": content_type} if content_type else {}
        status, content, _ = self.client.request(method, self.base_path + path, body, headers)
        if status == 404:
            raise Exception(f"Not found: {path.split('?')[0]}")
        return json.loads(content) if content else {}


def chunks_of(data):
    """Pieces of 10 MiB; at least one, which may be empty."""
    if isinstance(data, str):
        data = data.encode()
    if isinstance(data, (bytes, bytearray, memoryview)):
        view = memoryview(data)
        for start in range(0, max(len(view), 1), CHUNK_BYTES):
            yield bytes(view[start : start + CHUNK_BYTES])
        return
    if not hasattr(data, "read"):
        raise TypeError(f"data must be str, bytes or an open file, not {type(data).__name__}")
    yield from file_chunks(data)


def file_chunks(file):
    is_first = True
    while True:
        chunk = read_whole(file)
        if chunk or is_first:
            yield chunk
        if len(chunk) < CHUNK_BYTES:
            return
        is_first = False


def read_whole(file):
    """A full chunk unless the file ends: a raw stream may give less than asked for."""
    parts, missing = [], CHUNK_BYTES
    while missing > 0:
        part = file.read(missing)
        if not part:
            break
        part = part.encode() if isinstance(part, str) else part
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)

"""Base: documents by key."""

import os

from . import _payloads as payloads
from ._connection import Connection
from ._payloads import BASE_TTL_ATTRIBUTE, FetchResponse, Util  # noqa: F401

DEFAULT_HOST = "database.deta.sh"


class _Base:
    def __init__(self, name, project_key, project_id, host=None):
        assert name, "No Base name provided"
        self.name = name
        self.util = Util()
        self.host = host or os.getenv("DETA_BASE_HOST") or DEFAULT_HOST
        self.base_path = f"/v1/{project_id}/{name}"
        self.ttl_attribute = BASE_TTL_ATTRIBUTE
        self.client = Connection(self.host, payloads.headers(project_key))

    def get(self, key):
        """The item, or None."""
        return self._call("GET", payloads.item_path(key))[1]

    def delete(self, key):
        """Deletes the item, if there is one."""
        self._call("DELETE", payloads.item_path(key))

    def put(self, data, key=None, *, expire_in=None, expire_at=None):
        """Stores the item, replacing one with the same key, and returns it. Not a dict: stored under `value`."""
        body = payloads.put([payloads.item(data, key)], expire_in, expire_at)
        return payloads.first_processed(self._call("PUT", "/items", body)[1])

    def put_many(self, items, *, expire_in=None, expire_at=None):
        """Stores up to 25 items: `{"processed": {"items": […]}}`, and `failed` if some were not stored."""
        return self._call("PUT", "/items", payloads.put_many(items, expire_in, expire_at))[1]

    def insert(self, data, key=None, *, expire_in=None, expire_at=None):
        """Like `put`; raises when the key exists."""
        body = payloads.insert(payloads.item(data, key), expire_in, expire_at)
        with payloads.explained_conflict(body["item"]):
            return self._call("POST", "/items", body)[1]

    def update(self, updates, key, *, expire_in=None, expire_at=None):
        """Changes attributes of an item (see `util`); raises when there is no such item."""
        path = payloads.item_path(key)
        status, _ = self._call("PATCH", path, payloads.update(updates, expire_in, expire_at))
        payloads.require_found(status, key)

    def fetch(self, query=None, *, limit=1000, last=None, desc=False):
        """One page of the items that match `query`, a dict or a list of dicts (OR)."""
        _, answer = self._call("POST", "/query", payloads.query(query, limit, last, desc))
        return FetchResponse.of(answer)

    def _call(self, method, path, body=None):
        status, content, headers = self.client.request(method, self.base_path + path, payloads.encode(body))
        return status, None if status == 404 else payloads.decode(content, headers.get("Content-Type"))



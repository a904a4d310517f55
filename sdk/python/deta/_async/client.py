"""AsyncBase: the methods of Base as coroutines."""

import os

from .. import _payloads as payloads
from .._payloads import BASE_TTL_ATTRIBUTE, FetchResponse, Util
from ..base import DEFAULT_HOST
from .transport import open_transport


class _AsyncBase:
    def __init__(self, name, project_key, project_id, host=None, session=None):
        assert name, "No Base name provided"
        self.name = name
        self.util = Util()
        self.host = host or os.getenv("DETA_BASE_HOST") or DEFAULT_HOST
        self.base_path = f"/v1/{project_id}/{name}"
        self.ttl_attribute = BASE_TTL_ATTRIBUTE
        self._transport = open_transport(self.host, payloads.headers(project_key), session)

    async def close(self):
        await self._transport.close()

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        await self.close()

    async def get(self, key):
        return (await self._call("GET", payloads.item_path(key)))[1]

    async def delete(self, key):
        await self._call("DELETE", payloads.item_path(key))

    async def put(self, data, key=None, *, expire_in=None, expire_at=None):
        body = payloads.put([payloads.item(data, key)], expire_in, expire_at)
        return payloads.first_processed((await self._call("PUT", "/items", body))[1])

    async def put_many(self, items, *, expire_in=None, expire_at=None):
        return (await self._call("PUT", "/items", payloads.put_many(items, expire_in, expire_at)))[1]

    async def insert(self, data, key=None, *, expire_in=None, expire_at=None):
        body = payloads.insert(payloads.item(data, key), expire_in, expire_at)
        with payloads.explained_conflict(body["item"]):
            return (await self._call("POST", "/items", body))[1]

    async def update(self, updates, key, *, expire_in=None, expire_at=None):
        body = payloads.update(updates, expire_in, expire_at)
        status, _ = await self._call("PATCH", payloads.item_path(key), body)
        payloads.require_found(status, key)

    async def fetch(self, query=None, *, limit=1000, last=None, desc=False):
        _, answer = await self._call("POST", "/query", payloads.query(query, limit, last, desc))
        return FetchResponse.of(answer)

    async def _call(self, method, path, body=None):
        request = (method, self.base_path + path, payloads.encode(body))
        status, content, headers = await self._transport.request(*request)
        return status, None if status == 404 else payloads.decode(content, headers.get("Content-Type"))


AsyncBase = _AsyncBase

"""How AsyncBase sends its requests: with aiohttp where it is installed, else in threads."""

import asyncio
import functools

from .._connection import OK, Connection, HTTPError


def open_transport(host, headers, session):
    try:
        import aiohttp
    except ImportError:
        return Threads(host, headers)
    return Aiohttp(aiohttp, host, headers, session)


class Threads:
    def __init__(self, host, headers):
        self._connection = Connection(host, headers)

    async def request(self, method, path, body):
        call = functools.partial(self._connection.request, method, path, body)
        return await asyncio.get_running_loop().run_in_executor(None, call)

    async def close(self):
        self._connection.close()


class Aiohttp:
    def __init__(self, aiohttp, host, headers, session):
        self._aiohttp = aiohttp
        self._root = f"https://{host}"
        self._headers = headers
        self._given = session
        self._own = None

    async def request(self, method, path, body):
        session = self._session()
        yarl_url = self._raw_url(path)
        async with session.request(method, yarl_url, data=body, headers=self._headers) as response:
            content = await response.read()
            if response.status in OK or response.status == 404:
                return response.status, content, response.headers
            raise HTTPError(str(yarl_url), response.status, response.reason, response.headers, content)

    async def close(self):
        if self._own is not None:
            await self._own.close()
            self._own = None

    def _session(self):
        if self._given is not None:
            return self._given
        # Made here and not in __init__: it belongs to the loop that is running now.
        if self._own is None or self._own.closed:
            self._own = self._aiohttp.ClientSession()
        return self._own

    def _raw_url(self, path):
        """The path is encoded already; encoding it again would change keys with special characters."""
        from yarl import URL

        return URL(self._root + path, encoded=True)

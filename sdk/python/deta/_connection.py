"""One keep-alive HTTPS connection per thread, and what an answer of the data API means."""

import http.client
import io
import json
import os
import ssl
import threading
import urllib.error

OK = (200, 201, 202, 207)
TIMEOUT_S = 30
RETRIES = 2
DISCONNECTED = (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError, ConnectionAbortedError)


class HTTPError(urllib.error.HTTPError):
    """An answer that is neither success nor 404. `str()` has the server's own sentence."""

    def __init__(self, url, status, reason, headers, body):
        super().__init__(url, status, error_text(body) or reason, headers, io.BytesIO(body))


def error_text(body):
    try:
        errors = json.loads(body)["errors"]
        return str(errors[0])
    except (ValueError, KeyError, IndexError, TypeError):
        return ""


def is_json(content_type):
    return "application/json" in (content_type or "")


class Connection:
    """Sends requests to one host. Safe to share between threads and across fork()."""

    def __init__(self, host, headers):
        self.host = host
        self._headers = headers
        self._context = None
        self._local = threading.local()

    def request(self, method, path, body=None, headers=None):
        """Answers (status, body as bytes, headers). Raises HTTPError; 404 is an answer."""
        response = self._send(method, path, body, headers)
        content = response.read()
        if response.status in OK or response.status == 404:
            return response.status, content, response.headers
        raise HTTPError(f"https://{self.host}{path}", response.status, response.reason, response.headers, content)

    def stream(self, method, path):
        """Answers the open response, on a connection of its own; None for 404."""
        connection = self._open()
        try:
            connection.request(method, path, headers=self._headers)
            response = connection.getresponse()
            if response.status in OK:
                # The response keeps the socket open; http.client closes it at the end of the body.
                return response
            content = response.read()
        except BaseException:
            connection.close()
            raise
        connection.close()
        if response.status == 404:
            return None
        url = f"https://{self.host}{path}"
        raise HTTPError(url, response.status, response.reason, response.headers, content)

    def close(self):
        connection = getattr(self._local, "connection", None)
        self._local.connection = None
        if connection is not None:
            connection.close()

    def _send(self, method, path, body, headers):
        for attempt in range(RETRIES + 1):
            connection = self._current()
            try:
                connection.request(method, path, body=body, headers={**self._headers, **(headers or {})})
                return connection.getresponse()
            except DISCONNECTED:
                # The server has closed an idle connection.
                self.close()
                if attempt == RETRIES:
                    raise
            except Exception:
                # The state of the connection is not known.
                self.close()
                raise

    def _current(self):
        if getattr(self._local, "connection", None) is None or self._local.pid != os.getpid():
            # After fork() the socket belongs to the parent, too.
            self._local.connection = self._open()
            self._local.pid = os.getpid()
        return self._local.connection

    def _open(self):
        if self._context is None:
            self._context = ssl.create_default_context()
        return http.client.HTTPSConnection(self.host, timeout=TIMEOUT_S, context=self._context)

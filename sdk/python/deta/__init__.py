"""Base and Drive of an Ownspace app."""

import os

from ._async.client import _AsyncBase
from ._version import __version__
from .base import FetchResponse, Util, _Base
from .drive import DriveStreamingBody, _Drive

__all__ = ["AsyncBase", "Base", "Deta", "Drive", "send_email"]


class Deta:
    """The collection that a data key opens; by default the app's own."""

    def __init__(self, project_key=None, *, project_id=None, host=None):
        key = project_key or os.getenv("DETA_PROJECT_KEY", "")
        assert key, "No project key defined: pass one to Deta() or set DETA_PROJECT_KEY"
        assert project_id or key.count("_") == 1, "Bad project key: it has the form <id>_<secret>"
        self.project_key = key
        self.project_id = project_id or key.split("_")[0]
        self.host = host

    def Base(self, name, host=None):
        """The Base of this name. It is created by the first write."""
        return _Base(name, self.project_key, self.project_id, host or self.host)

    def AsyncBase(self, name, host=None, session=None):
        """Like `Base`, with coroutines. `session` is an aiohttp.ClientSession; the caller closes it."""
        return _AsyncBase(name, self.project_key, self.project_id, host or self.host, session)

    def Drive(self, name, host=None):
        """The Drive of this name. It is created by the first upload."""
        return _Drive(name, self.project_key, self.project_id, host or self.host)

    def send_email(self, to, subject, message, charset="UTF-8"):
        return send_email(to, subject, message, charset)


def Base(name, host=None):
    return Deta().Base(name, host)


def AsyncBase(name, host=None, session=None):
    return Deta().AsyncBase(name, host, session)


def Drive(name, host=None):
    return Deta().Drive(name, host)


def send_email(to, subject, message, charset="UTF-8"):
    raise NotImplementedError(
        "send_email was a service of Deta Cloud, which has ended. Send mail with smtplib or a mail service."
    )

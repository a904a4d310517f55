"""What Base sends and how it reads the answers; shared by the blocking and the asynchronous client."""

import datetime
import json
from contextlib import contextmanager
from urllib.error import HTTPError
from urllib.parse import quote

from ._connection import is_json

BASE_TTL_ATTRIBUTE = "__expires"
MAX_PUT_ITEMS = 25


class Util:
    """Operations of `update`."""

    class Trim:
        pass

    class Increment:
        def __init__(self, value=None):
            self.val = 1 if value is None else value

    class Append:
        def __init__(self, value):
            self.val = value if isinstance(value, list) else [value]

    class Prepend(Append):
        pass

    def trim(self):
        """Removes the attribute."""
        return self.Trim()

    def increment(self, value=None):
        """Adds to a number; 1 by default, negative to subtract."""
        return self.Increment(value)

    def append(self, value):
        """Adds to the end of a list: a value, or every value of a list."""
        return self.Append(value)

    def prepend(self, value):
        """Adds to the start of a list."""
        return self.Prepend(value)


class FetchResponse:
    """A page of items. `last` is None on the last page; pass it to the next `fetch` otherwise."""

    def __init__(self, count=0, last=None, items=None):
        self._count = count
        self._last = last
        self._items = items if items is not None else []

    @classmethod
    def of(cls, answer):
        paging = answer.get("paging") or {}
        items = answer.get("items", [])
        return cls(paging.get("size", len(items)), paging.get("last"), items)

    @property
    def count(self):
        return self._count

    @property
    def last(self):
        return self._last

    @property
    def items(self):
        return self._items

    def __eq__(self, other):
        if not isinstance(other, FetchResponse):
            return NotImplemented
        return (self.count, self.last, self.items) == (other.count, other.last, other.items)

    __hash__ = None

    def __iter__(self):
        return iter(self.items)

    def __len__(self):
        return len(self.items)

    def __repr__(self):
        return f"FetchResponse(count={self.count}, last={self.last!r}, items={self.items!r})"


def headers(project_key):
    return {"Content-Type": "application/json", "X-API-Key": project_key}


def encode(body):
    return None if body is None else json.dumps(body).encode()


def decode(content, content_type):
    return json.loads(content) if content and is_json(content_type) else None


def item_path(key):
    if not isinstance(key, str) or key == "":
        raise ValueError("Key is empty" if key in ("", None) else f"Key is not a string: {key!r}")
    return f"/items/{quote(key, safe='')}"


def item(data, key=None):
    copy = dict(data) if isinstance(data, dict) else {"value": data}
    if key is not None and key != "":
        copy["key"] = key
    return copy


def put(items, expire_in, expire_at):
    for each in items:
        insert_ttl(each, expire_in, expire_at)
    return {"items": items}


def put_many(items, expire_in, expire_at):
    assert isinstance(items, (list, tuple)), "put_many takes a list"
    assert len(items) <= MAX_PUT_ITEMS, f"put_many takes at most {MAX_PUT_ITEMS} items"
    return put([item(each) for each in items], expire_in, expire_at)


def insert(one, expire_in, expire_at):
    insert_ttl(one, expire_in, expire_at)
    return {"item": one}


def first_processed(answer):
    processed = ((answer or {}).get("processed") or {}).get("items")
    return processed[0] if processed else None


OPERATIONS = {"increment": Util.Increment, "prepend": Util.Prepend, "append": Util.Append}


def update(updates, expire_in, expire_at):
    body = {"set": {}, "increment": {}, "append": {}, "prepend": {}, "delete": []}
    for name, value in (updates or {}).items():
        if isinstance(value, Util.Trim):
            body["delete"].append(name)
            continue
        kind = next((kind for kind, operation in OPERATIONS.items() if isinstance(value, operation)), "set")
        body[kind][name] = value if kind == "set" else value.val
    insert_ttl(body["set"], expire_in, expire_at)
    return body


def query(conditions, limit, last, desc):
    body = {"limit": limit, "last": last or None, "sort": "desc" if desc else ""}
    if conditions:
        body["query"] = list(conditions) if isinstance(conditions, (list, tuple)) else [conditions]
    return body


def insert_ttl(target, expire_in, expire_at):
    """Sets the second at which the item expires: `expire_in` seconds from now, or `expire_at`."""
    if expire_in is not None and expire_at is not None:
        raise ValueError("'expire_in' and 'expire_at' are mutually exclusive parameters")
    if expire_in is not None:
        expire_at = datetime.datetime.now() + datetime.timedelta(seconds=expire_in)
    if expire_at is None:
        return
    if isinstance(expire_at, datetime.datetime):
        expire_at = expire_at.replace(microsecond=0).timestamp()
    if isinstance(expire_at, bool) or not isinstance(expire_at, (int, float)):
        raise TypeError("'expire_at' must be a datetime, int or float")
    target[BASE_TTL_ATTRIBUTE] = int(expire_at)


@contextmanager
def explained_conflict(one):
    try:
        yield
    except HTTPError as error:
        if error.code != 409:
            raise
        raise Exception(f"Item with key '{one.get('key')}' already exists") from error


def require_found(status, key):
    if status == 404:
        raise Exception(f"Key '{key}' not found")

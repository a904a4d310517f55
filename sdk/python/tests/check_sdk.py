"""Run by the tests of the server against an empty data API: every method, argument and error of the interface."""

import asyncio
import datetime
import io
import os
import tempfile
import threading
import time

import deta
from deta import Deta


def raises(kind, call, text=""):
    try:
        call()
    except kind as error:
        assert text in str(error), f"{text!r} is not in {error!r}"
        return error
    raise AssertionError(f"{kind.__name__} was not raised")


def check_setup():
    raises(AssertionError, lambda: Deta("a_b_c"), "Bad project key")
    raises(AssertionError, lambda: Deta().Base(""), "No Base name")
    raises(AssertionError, lambda: Deta().Drive(""), "No Drive name")
    raises(NotImplementedError, lambda: deta.send_email("a", "b", "c"), "Deta Cloud")
    key = os.environ.pop("DETA_PROJECT_KEY")
    raises(AssertionError, Deta, "No project key")
    os.environ["DETA_PROJECT_KEY"] = key
    error = raises(deta._connection.HTTPError, lambda: Deta("other_key").Base("b").get("x"), "Unauthorized")
    assert error.code == 401


def check_base():
    db = deta.Base("things")
    assert db.get("none") is None
    assert db.put({"name": "a"}, "k1") == {"name": "a", "key": "k1"}
    given = {"key": "loses"}
    assert db.put(given, key="wins")["key"] == "wins" and given == {"key": "loses"}
    assert db.put("text", "k2") == {"value": "text", "key": "k2"}
    assert db.put(3.5)["key"].startswith("generated")
    special = "a/b %@#ü"
    db.put({"x": 1}, special)
    assert db.get(special)["x"] == 1
    assert db.insert({"n": 1}, "k3") == {"n": 1, "key": "k3"}
    raises(Exception, lambda: db.insert({"n": 1}, "k3"), "Item with key 'k3' already exists")
    many = db.put_many([{"key": "m1"}, "two", 3])
    assert [item.get("value") for item in many["processed"]["items"]] == [None, "two", 3]
    raises(AssertionError, lambda: db.put_many([1] * 26), "25")
    raises(ValueError, lambda: db.get(""), "Key is empty")
    db.put({"count": 1, "list": [2], "old": 1, "map": {"a": 1}}, "u")
    util = db.util
    updates = {"count": util.increment(), "list": util.append(3), "old": util.trim(), "name": "new"}
    assert db.update(updates, "u") is None
    db.update({"list": util.prepend([0, 1]), "count": util.increment(-3)}, "u")
    assert db.get("u") == {"count": -1, "list": [0, 1, 2, 3], "map": {"a": 1}, "name": "new", "key": "u"}
    raises(Exception, lambda: db.update({"a": 1}, "missing"), "Key 'missing' not found")
    assert db.delete("u") is None and db.get("u") is None


def check_ttl():
    db = deta.Base("things")
    now = int(time.time())
    assert abs(db.put({}, "t", expire_in=60)["__expires"] - now - 60) <= 2
    at = datetime.datetime.fromtimestamp(now + 90)
    assert db.insert({}, "t2", expire_at=at)["__expires"] == now + 90
    assert db.put_many([{}], expire_at=now + 5.7)["processed"]["items"][0]["__expires"] == now + 5
    db.update({}, "t", expire_at=now + 7)
    assert db.get("t")["__expires"] == now + 7
    raises(ValueError, lambda: db.put({}, expire_in=1, expire_at=1), "mutually exclusive")
    raises(TypeError, lambda: db.put({}, expire_at="soon"))


def check_fetch():
    db = deta.Base("things")
    page = db.fetch({"name": "a"})
    assert (page.count, page.last, [item["key"] for item in page]) == (1, None, ["k1"])
    assert db.fetch([{"name": "a"}, {"value": "text"}]).count == 2
    first = db.fetch(limit=2)
    assert first.last == first.items[-1]["key"] and len(first) == 2
    assert db.fetch(limit=2, last=first.last).items[0]["key"] > first.last
    assert db.fetch(desc=True).items == list(reversed(db.fetch().items))
    assert db.fetch() == db.fetch()


def check_drive():
    drive = Deta().Drive("files")
    assert drive.get("none") is None
    assert drive.put("a b.txt", data="hällo") == "a b.txt"
    assert drive.get("a b.txt").read() == "hällo".encode()
    assert drive.put("empty", data=b"") == "empty" and drive.get("empty").read() == b""
    big = bytes(range(256)) * 90_000  # three parts
    drive.put("dir/big", io.BytesIO(big), content_type="application/x-test")
    assert b"".join(drive.get("dir/big").iter_chunks(100_000)) == big
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"one\r\ntwo\n\nend")
        file.flush()
        drive.put("lines", path=file.name)
    assert list(drive.get("lines").iter_lines(chunk_size=2)) == [b"one", b"two", b"", b"end"]
    body = drive.get("lines")
    assert body.read(3) == b"one" and not body.closed
    body.close()
    assert body.closed
    raises(AssertionError, lambda: drive.put("x"), "either data or path")
    raises(AssertionError, lambda: drive.put("", "x"), "No name")
    raises(TypeError, lambda: drive.put("x", 5))
    assert drive.list()["names"] == ["a b.txt", "dir/big", "empty", "lines"]
    assert drive.list(prefix="dir/", limit=10)["names"] == ["dir/big"]
    assert drive.delete("lines") == "lines"
    raises(Exception, lambda: drive.delete(" "), "Failed to delete ' ': invalid name")
    assert drive.delete_many(["empty", "none"])["deleted"] == ["empty", "none"]
    raises(AssertionError, lambda: drive.delete_many([]), "empty")


def check_threads():
    db = deta.Base("things")
    failures = []

    def work(number):
        try:
            for turn in range(5):
                assert db.put({"n": number}, f"thread{number}")["n"] == number, turn
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []


async def check_async():
    async with Deta().AsyncBase("things") as db:
        assert await db.get("none") is None
        assert (await db.put({"a": 1}, "async/ü"))["key"] == "async/ü"
        assert (await db.get("async/ü"))["a"] == 1
        await db.update({"a": db.util.increment(4)}, "async/ü")
        assert (await db.fetch({"a": 5})).count == 1
        await asyncio.gather(*(db.put({}, f"g{number}") for number in range(10)))
        try:
            await db.insert({}, "g1")
            raise AssertionError("insert did not raise")
        except Exception as error:
            assert "already exists" in str(error)
        assert await db.delete("g1") is None
        assert len((await db.put_many([1, 2]))["processed"]["items"]) == 2


check_setup()
check_base()
check_ttl()
check_fetch()
check_drive()
check_threads()
asyncio.run(check_async())
print(f"all of {deta.__version__} works")

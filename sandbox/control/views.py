"""What can be read: people, chats, calls, pushes, rules."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from sandbox.control.wish import BadWish, Body, person_of
from sandbox.house import House

LONGEST_WAIT_S = 25.0


async def health(house: House, query: Mapping[str, str]) -> Body:
    """Alive, and how much is waiting."""
    store = house.world.store
    return {
        "ok": True,
        "jobs": store.count("SELECT count(*) FROM jobs"),
        "waiting": store.count("SELECT count(*) FROM callbacks WHERE outcome = 'waiting'"),
        "now": house.world.clock.now(),
    }


async def followers(house: House, query: Mapping[str, str]) -> Body:
    """People in order, with their open windows and grants."""
    limit, after = whole(query, "limit", 100), whole(query, "after", 0)
    rows = house.world.store.all(
        "SELECT * FROM followers WHERE number > ? ORDER BY number LIMIT ?", after, limit
    )
    people = house.world.people
    return {
        "total": people.total(),
        "following": people.following(),
        "followers": [person(house, dict(row)) for row in rows],
    }


def person(house: House, row: Body) -> Body:
    """One of them."""
    store, openid = house.world.store, row["openid"]
    windows = [dict(window) for window in house.world.windows.of(openid)]
    consents = [
        dict(each)
        for each in store.all("SELECT template, long, times FROM consents WHERE openid = ?", openid)
    ]
    return {**row, "following": bool(row["following"]), "windows": windows, "consents": consents}


async def messages(house: House, query: Mapping[str, str]) -> Body:
    """A chat; with `after`, only what is newer."""
    row = person_of(house, dict(query))
    limit = whole(query, "limit", 200)
    chat = house.world.phones.chat(row["openid"], whole(query, "after", 0), limit)
    return {"openid": row["openid"], "messages": chat}


async def received(house: House, query: Mapping[str, str]) -> Body:
    """How many messages of a kind each person got: to see that nobody was told twice."""
    rows = house.world.store.all(
        "SELECT openid, count(*) AS n FROM messages WHERE way = 'out' AND id > ? "
        "AND (? = '' OR via = ?) GROUP BY openid",
        whole(query, "after", 0),
        query.get("via", ""),
        query.get("via", ""),
    )
    counts = {row["openid"]: row["n"] for row in rows}
    return {"people": len(counts), "messages": sum(counts.values()), "counts": counts}


async def calls(house: House, query: Mapping[str, str]) -> Body:
    """The log of API calls, newest first; `path` its beginning, `errors` only refused ones."""
    sql = "SELECT * FROM calls WHERE id > ? AND path LIKE ? AND (errcode != 0 OR ? = 0)"
    values = (whole(query, "after", 0), query.get("path", "") + "%", whole(query, "errors", 0))
    limit = whole(query, "limit", 100)
    rows = house.world.store.all(sql + " ORDER BY id DESC LIMIT ?", *values, limit)
    return {"calls": [{**dict(row), "query": json.loads(row["query"])} for row in rows]}


async def callbacks(house: House, query: Mapping[str, str]) -> Body:
    """The log of pushes, newest first."""
    rows = house.world.store.all(
        "SELECT id FROM callbacks WHERE id > ? AND (? = '' OR openid = ?) ORDER BY id DESC LIMIT ?",
        whole(query, "after", 0),
        query.get("openid", ""),
        query.get("openid", ""),
        whole(query, "limit", 100),
    )
    return {"callbacks": [house.postman.row(row["id"]) for row in rows]}


async def rules(house: House, query: Mapping[str, str]) -> Body:
    """Every rule with its number now, its error code and its page."""
    return {"rules": house.world.rules.listed()}


async def masses(house: House, query: Mapping[str, str]) -> Body:
    """Mass sends, newest first."""
    rows = house.world.store.all("SELECT * FROM masses ORDER BY msg_id DESC LIMIT 50")
    return {"masses": [{**dict(row), "msg_id": str(row["msg_id"])} for row in rows]}


async def tags(house: House, query: Mapping[str, str]) -> Body:
    """Every tag and who carries it."""
    store = house.world.store
    shown = []
    for tag in store.all("SELECT id, name FROM tags ORDER BY id"):
        people = store.all("SELECT openid FROM tagged WHERE tag = ? ORDER BY openid", tag["id"])
        shown.append({**dict(tag), "openids": [row["openid"] for row in people]})
    return {"tags": shown}


async def state(house: House, query: Mapping[str, str]) -> Body:
    """What the page shows beside chat and logs; with `version`, waits for a newer one."""
    world = house.world
    if whole(query, "version", 0) >= world.store.version:
        try:
            wait_s = min(LONGEST_WAIT_S, whole(query, "wait", 20))
            await asyncio.wait_for(world.store.next_change(), wait_s)
        except TimeoutError:
            return {"version": world.store.version, "same": True}
    templates = [dict(row) for row in world.store.all("SELECT * FROM templates ORDER BY id")]
    confirming = world.store.all("SELECT msg_id FROM masses WHERE status = 'CONFIRMING'")
    shown: dict[str, Any] = {
        "version": world.store.version,
        "name": world.options.name,
        "home": world.options.home,
        "callback": house.postman.url,
        "mode": world.setting("mode"),
        "account_type": world.setting("account_type"),
        "confirm_mass": world.setting("confirm_mass"),
        "clock": {"now": world.clock.now(), "offset": world.clock.offset},
        "menu": world.store.kept("menu"),
        "faults": house.faults.listed(),
        "templates": templates,
        "confirming": [str(row["msg_id"]) for row in confirming],
        "jobs": world.store.count("SELECT count(*) FROM jobs"),
    }
    return {**shown, **await followers(house, {"limit": "50"})}


def whole(query: Mapping[str, str], name: str, default: int) -> int:
    """A whole number of the query. Raises BadWish."""
    text = query.get(name, "")
    if text == "":
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise BadWish(f"{name}：要数字")
    return int(text)

"""HTTP to the project's callback address."""

from collections.abc import Mapping
from typing import Protocol

import aiohttp


class Transport(Protocol):
    """Raises TimeoutError when no answer came in time, OSError when there was no connection."""

    async def post(
        self, url: str, query: Mapping[str, str], body: bytes, timeout_s: float
    ) -> tuple[int, bytes]:
        """Status and body of the answer."""
        ...

    async def get(self, url: str, query: Mapping[str, str], timeout_s: float) -> tuple[int, bytes]:
        """The same, for the verification."""
        ...


class HttpTransport:
    """aiohttp, one session for the life of the process."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    async def post(
        self, url: str, query: Mapping[str, str], body: bytes, timeout_s: float
    ) -> tuple[int, bytes]:
        headers = {"Content-Type": "text/xml", "User-Agent": "Mozilla/4.0"}
        return await self._request("POST", url, query, timeout_s, body, headers)

    async def get(self, url: str, query: Mapping[str, str], timeout_s: float) -> tuple[int, bytes]:
        return await self._request(
            "GET", url, query, timeout_s, None, {"User-Agent": "Mozilla/4.0"}
        )

    async def close(self) -> None:
        """Close what is open."""
        if self._session is not None:
            await self._session.close()

    async def _request(
        self, method: str, url: str, query: Mapping[str, str], timeout_s: float,
        body: bytes | None, headers: Mapping[str, str],
    ) -> tuple[int, bytes]:  # fmt: skip
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=200)
            self._session = aiohttp.ClientSession(connector=connector, trust_env=False)
        timeout = aiohttp.ClientTimeout(total=timeout_s)
        try:
            async with self._session.request(
                method, url, params=query, data=body, headers=headers, timeout=timeout,
                allow_redirects=False,
            ) as answer:  # fmt: skip
                return answer.status, await answer.read()
        except aiohttp.ServerDisconnectedError as away:
            raise ConnectionResetError(str(away)) from away
        except aiohttp.ClientError as away:
            raise ConnectionError(str(away)) from away

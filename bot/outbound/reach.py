"""How WeChat's host is reached: TLS, and the proxy that the environment names."""

import asyncio
import base64
import ssl
from dataclasses import dataclass, field
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from bot.outbound.line import Line, LineBroken

LOOPBACK = ("127.0.0.1", "localhost", "::1")
PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Reach:
    """One host by one way. `prefix` stands before a path in the request line."""

    base: SplitResult
    proxy: SplitResult | None = None
    tls: ssl.SSLContext | None = field(default=None, repr=False)

    @classmethod
    def of(cls, base_url: str) -> "Reach":
        """Loopback never goes through a proxy; others do where the environment says so."""
        base = urlsplit(base_url)
        host = base.hostname or ""
        named = "" if host in LOOPBACK or proxy_bypass(host) else getproxies().get(base.scheme, "")
        proxy = urlsplit(named if "//" in named else f"http://{named}") if named else None
        tls = ssl.create_default_context() if base.scheme == "https" else None
        return cls(base, proxy, tls)

    @property
    def prefix(self) -> str:
        """Empty, or the host as a proxy of plain HTTP wants it named."""
        by_name = self.proxy is not None and self.tls is None
        return f"http://{self.base.netloc}{self.base.path}" if by_name else self.base.path

    @property
    def head(self) -> str:
        """The header lines that every request carries."""
        plain_proxy = self.tls is None
        return f"Host: {self.base.netloc}\r\n" + (_pass(self.proxy) if plain_proxy else "")

    async def open(self, within_s: float) -> Line:
        """A new line. Raises OSError, TimeoutError or LineBroken: nothing of ours was asked yet."""
        async with asyncio.timeout(within_s):
            if self.proxy is None:
                return await _connect(self.base, self.tls)
            line = await _connect(self.proxy, None)
            return line if self.tls is None else await self._tunnel(line, within_s)

    async def _tunnel(self, line: Line, within_s: float) -> Line:
        """TLS to the host, through a proxy's CONNECT."""
        host = f"{self.base.hostname}:{_port(self.base)}"
        request = f"CONNECT {host} HTTP/1.1\r\nHost: {host}\r\n{_pass(self.proxy)}\r\n"
        answer = await line.ask(request.encode(), within_s, bare=True)
        if answer.status != 200 or self.tls is None:
            line.close()
            raise LineBroken(f"the proxy answers {answer.status}")
        wrapped = await asyncio.get_running_loop().start_tls(
            line.transport, line, self.tls, server_hostname=self.base.hostname
        )
        if wrapped is None:
            raise LineBroken("no TLS through the proxy")
        line.wrap(wrapped)
        return line


async def _connect(to: SplitResult, tls: ssl.SSLContext | None) -> Line:
    loop = asyncio.get_running_loop()
    _, line = await loop.create_connection(
        Line, to.hostname or "", _port(to), ssl=tls, server_hostname=to.hostname if tls else None
    )
    return line


def _port(url: SplitResult) -> int:
    return url.port or PORTS.get(url.scheme, 80)


def _pass(proxy: SplitResult | None) -> str:
    """The proxy's name and password, where its address carries them."""
    if proxy is None or not proxy.username:
        return ""
    pair = f"{unquote(proxy.username)}:{unquote(proxy.password or '')}"
    return f"Proxy-Authorization: Basic {base64.b64encode(pair.encode()).decode()}\r\n"

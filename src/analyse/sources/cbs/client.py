"""One address, one answer: tried again when that can help, refused when it is not what was asked for.

Only the hosts of ``parameters/open_data.yaml`` are asked, over HTTPS, at public addresses; a redirect goes nowhere
else. A configured test server is the one exception.
"""

from __future__ import annotations

import datetime
import email.utils
import ipaddress
import json
import socket
import ssl
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx
import tenacity

from analyse.errors import DataError, ParameterError
from analyse.sources.cbs.catalogue import Settings
from analyse.sources.cbs.raw import Raw

NAME = "jeugdhulp-analyse"
AGAIN = (408, 425, 429, 500, 502, 503, 504)
"""Statuses after which the same question can get an answer later."""
MOST_REDIRECTS = 3
LONGEST_ANSWER = 10
"""One answer may take this many times the timeout of a single read."""
HEADERS = {"User-Agent": NAME, "Accept": "application/json", "Accept-Encoding": "gzip"}


class Absent(DataError):
    """The host has no such table."""


class Passing(DataError):
    """A failure that may pass: the address is tried again."""

    def __init__(self, message: str, wait_seconds: float | None = None) -> None:
        """Say what happened, and how long the host asks to wait."""
        super().__init__(message)
        self.wait_seconds = wait_seconds


class Client:
    """Asks addresses of the configured hosts and keeps every answer.

    Parameters
    ----------
    settings : Settings
        Hosts, and manners on the network.
    raw : Raw
        Where answers are kept, and looked up first.
    offline : bool
        Answer from what is kept only; the network is not touched.
    tell : callable
        Gets the address before each question.
    """

    def __init__(
        self,
        settings: Settings,
        raw: Raw,
        *,
        offline: bool = False,
        tell: Callable[[str], None] = lambda address: None,
    ) -> None:
        """Remember the settings; connect at the first question."""
        self.network, self.raw, self.offline, self.tell = settings.network, raw, offline, tell
        self.hosts = {urlsplit(settings.base(name)).netloc for name in settings.hosts}
        self._connection: httpx.Client | None = None
        self._asked = 0.0

    def __enter__(self) -> Client:
        """Use as a context, so that connections are closed."""
        return self

    def __exit__(self, *exception: object) -> None:
        """Close the connections."""
        if self._connection is not None:
            self._connection.close()

    def get(self, address: str, *, reuse: bool = True) -> Any:
        """The JSON at an address: from what was kept of this edition, or from the network.

        Parameters
        ----------
        address : str
            Below one of the configured hosts.
        reuse : bool
            Whether a kept answer will do; offline it always does.

        Raises
        ------
        Absent
            If the host says that there is nothing there (status 404).
        DataError
            If the address is not allowed, or there is no right answer after the configured number of tries.
        """
        kept = self.raw.find(address) if reuse or self.offline else None
        if kept is not None:
            return _there(json.loads(kept), address)
        if self.offline:
            raise DataError(f"update: {_short(address)} was not downloaded before; run without --offline")
        try:
            content, kind, parsed = self._tries()(self._fetch, address)
        except Absent:
            self.raw.keep(address, b"null", "absent")
            raise
        self.raw.keep(address, content, kind)
        return parsed

    def _tries(self) -> tenacity.Retrying:
        network = self.network
        longer = tenacity.wait_exponential_jitter(
            multiplier=network.first_wait_seconds,
            max=network.longest_wait_seconds,
            jitter=network.first_wait_seconds,
        )

        def wait(state: tenacity.RetryCallState) -> float:
            asked = getattr(state.outcome.exception(), "wait_seconds", None) if state.outcome else None
            return min(asked, network.longest_wait_seconds) if asked is not None else longer(state)

        return tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(Passing),
            stop=tenacity.stop_after_attempt(network.attempts),
            wait=wait,
            reraise=True,
        )

    def _fetch(self, address: str) -> tuple[bytes, str, Any]:
        """One try: follow redirects within the host, read what came, and parse it."""
        self.tell(address)
        target = address
        for _ in range(MOST_REDIRECTS + 1):
            self._check(target)
            time.sleep(max(0.0, self._asked + self.network.pause_seconds - time.monotonic()))
            self._asked = time.monotonic()
            try:
                with self._connected().stream("GET", target) as response:
                    if response.is_redirect:
                        target = self._redirected(target, response)
                        continue
                    _check_status(response, address)
                    content = self._read(response, address)
                    kind = response.headers.get("content-type", "")
                    return content, kind, _parsed(content, kind, address)
            except httpx.RequestError as error:
                reason = str(error) or type(error).__name__
                raise Passing(f"update: {_short(address)}: no answer ({reason}); {_cure()}") from error
        raise DataError(
            f"update: {_short(address)}: more than {MOST_REDIRECTS} redirects; nothing was replaced"
        )

    def _connected(self) -> httpx.Client:
        if self._connection is None:
            network = self.network
            self._connection = httpx.Client(
                headers=HEADERS,
                timeout=network.timeout_seconds,
                follow_redirects=False,
                trust_env=network.environment,
                proxy=network.proxy or None,
                verify=_authorities(network.certificates),
            )
        return self._connection

    def _check(self, address: str) -> None:
        """Refuse an address that is not a configured host, not HTTPS, or not public."""
        parts = urlsplit(address)
        if self.network.test_server and address.startswith(self.network.test_server + "/"):
            return
        if parts.scheme != "https":
            raise DataError(f"update: {_short(address)}: only HTTPS is allowed, got {parts.scheme!r}")
        if parts.netloc not in self.hosts:
            allowed = ", ".join(sorted(self.hosts))
            raise DataError(f"update: {_short(address)}: host {parts.netloc!r} is not one of {allowed}")
        if not self.network.proxy and not (self.network.environment and _proxied(parts.hostname or "")):
            _check_public(parts.hostname or "")

    def _redirected(self, address: str, response: httpx.Response) -> str:
        target = urljoin(address, response.headers.get("location", ""))
        if urlsplit(target)[:2] != urlsplit(address)[:2]:
            raise DataError(
                f"update: {_short(address)}: sent on to {_short(target)}, which is another place; refused. "
                "If the publisher moved, change hosts in parameters/open_data.yaml"
            )
        return target

    def _read(self, response: httpx.Response, address: str) -> bytes:
        """The content, unpacked; broken off when it is larger than allowed."""
        largest, parts, size = self.network.largest_response_mb * 1e6, [], 0
        until = time.monotonic() + LONGEST_ANSWER * self.network.timeout_seconds
        for part in response.iter_bytes():
            size += len(part)
            if time.monotonic() > until:
                raise Passing(f"update: {_short(address)}: the answer comes too slowly; {_cure()}")
            if size > largest:
                raise DataError(
                    f"update: {_short(address)}: the answer is larger than {self.network.largest_response_mb:g} MB; "
                    "nothing was replaced. Raise largest_response_mb if that is right"
                )
            parts.append(part)
        return b"".join(parts)


def _there(parsed: Any, address: str) -> Any:
    """What was kept; nothing stands for an address that did not exist."""
    if parsed is None:
        raise Absent(f"update: {_short(address)}: there is no such table (status 404)")
    return parsed


def _check_status(response: httpx.Response, address: str) -> None:
    if response.status_code == 404:
        _there(None, address)
    if response.status_code in AGAIN:
        raise Passing(
            f"update: {_short(address)}: status {response.status_code} {response.reason_phrase}; {_cure()}",
            _asked_to_wait(response.headers.get("retry-after", "")),
        )
    if response.status_code != 200:
        raise DataError(
            f"update: {_short(address)}: status {response.status_code} {response.reason_phrase}, expected 200; "
            "nothing was replaced"
        )


def _parsed(content: bytes, kind: str, address: str) -> Any:
    """The JSON object of an answer; anything else may be a passing failure of the host."""
    if "json" not in kind.lower():
        raise Passing(
            f"update: {_short(address)}: expected JSON, got content of type {kind or 'unknown'!r}; {_cure()}"
        )
    try:
        parsed = json.loads(content)
    except ValueError as error:
        raise Passing(
            f"update: {_short(address)}: the answer is cut off or damaged ({error}); {_cure()}"
        ) from error
    if not isinstance(parsed, dict):
        raise Passing(
            f"update: {_short(address)}: expected a JSON object, got {type(parsed).__name__}; {_cure()}"
        )
    return parsed


def _asked_to_wait(text: str) -> float | None:
    """Seconds in a Retry-After header: a number, or a date."""
    if text.strip().isdigit():
        return float(text)
    try:
        until = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (until - datetime.datetime.now(datetime.UTC)).total_seconds())


def _authorities(path: str) -> ssl.SSLContext | bool:
    if not path:
        return True
    try:
        return ssl.create_default_context(cafile=path)
    except (OSError, ssl.SSLError) as error:
        raise ParameterError(
            f"open_data.yaml: certificates {path}: cannot be read ({error}); give a PEM file"
        ) from error


def _proxied(host: str) -> bool:
    """Whether the environment sends questions for a host to a proxy, which then looks up the address."""
    import urllib.request

    return "https" in urllib.request.getproxies() and not urllib.request.proxy_bypass(host)


def _check_public(host: str) -> None:
    try:
        addresses = {entry[4][0] for entry in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)}
    except OSError as error:
        raise Passing(f"update: {host}: the address is not found ({error}); {_cure()}") from error
    private = [
        address for address in sorted(addresses) if not ipaddress.ip_address(address.split("%")[0]).is_global
    ]
    if private:
        raise DataError(f"update: {host} is at {private[0]}, which is not a public address; refused")


def _cure() -> str:
    return "nothing was replaced; try again later"


def _short(address: str) -> str:
    """The address without its question, which can be long."""
    return address.split("?", 1)[0]

"""A kernel client that continues as soon as the kernel is ready.

jupyter_client asks a new kernel who it is, and then listens for a fifth of a second whether more comes: nothing does.
Here the last message of that answer, that the kernel is idle again, ends the waiting.
"""

from __future__ import annotations

import time
from queue import Empty
from typing import Any

from jupyter_client.asynchronous import AsyncKernelClient

ANSWER_SECONDS = 1.0
TOLD_SECONDS = 0.2
"""How long to wait for an answer, and after it for what is told to all clients, before asking again."""


class PromptClient(AsyncKernelClient):
    """Stops waiting as soon as a new kernel is ready."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel has answered and all that it said of that has been read; see ``ready``."""
        self._handle_kernel_info_reply(await ready(self, seconds=timeout))

    def ask(self) -> str:
        """Ask the kernel who it is; the identifier of that question."""
        return self.kernel_info()


async def ready(connection: Any, *, seconds: float | None = None) -> dict[str, Any]:
    """Ask a kernel until it answers, and read all that it says of that.

    Parameters
    ----------
    connection : PromptClient
        Has ``ask``, ``is_alive``, ``shell_channel`` and ``iopub_channel``.
    seconds : float, optional
        By default as long as the kernel lives.

    Returns
    -------
    dict
        The answer.

    Raises
    ------
    RuntimeError
        If the kernel died, or did not answer in time.
    """
    until = time.monotonic() + seconds if seconds else float("inf")
    while not (reply := await _answer(connection)):
        if not await connection.is_alive():
            raise RuntimeError("the kernel died before it answered")
        if time.monotonic() > until:
            raise RuntimeError(f"the kernel did not answer in {seconds:g} seconds")
    return reply


async def _answer(connection: Any) -> dict[str, Any]:
    """Ask once; empty if no answer came, or none on the output channel, which may not be connected yet."""
    asked = connection.ask()
    try:
        reply = await _about(asked, connection.shell_channel, seconds=ANSWER_SECONDS)
        while not _idle(await _about(asked, connection.iopub_channel, seconds=TOLD_SECONDS)):
            pass
    except Empty:
        return {}
    return reply


async def _about(asked: str, channel: Any, *, seconds: float) -> dict[str, Any]:
    """The next message about a question; those about an earlier one are dropped."""
    while True:
        found = await channel.get_msg(timeout=seconds)
        if found["parent_header"].get("msg_id") == asked:
            return found


def _idle(message: dict[str, Any]) -> bool:
    return message["msg_type"] == "status" and message["content"]["execution_state"] == "idle"

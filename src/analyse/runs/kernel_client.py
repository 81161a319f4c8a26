"""A client of a kernel that goes on as soon as the kernel is ready.

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
    """Waits for a new kernel no longer than it takes."""

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel has answered and all that it said of that has been read.

        Parameters
        ----------
        timeout : float, optional
            Seconds; by default as long as the kernel lives.

        Raises
        ------
        RuntimeError
            If the kernel died, or did not answer in time.
        """
        until = time.monotonic() + timeout if timeout else float("inf")
        while not await self._answered():
            if not await self._async_is_alive():
                raise RuntimeError("the kernel died before it answered")
            if time.monotonic() > until:
                raise RuntimeError(f"the kernel did not answer in {timeout:g} seconds")

    async def _answered(self) -> bool:
        """Ask once; False when no answer came, or none on the channel of outputs, which may not be connected yet."""
        asked = self.kernel_info()
        try:
            reply = await _about(asked, self.shell_channel, seconds=ANSWER_SECONDS)
            while not _idle(await _about(asked, self.iopub_channel, seconds=TOLD_SECONDS)):
                pass
        except Empty:
            return False
        self._handle_kernel_info_reply(reply)
        return True


async def _about(asked: str, channel: Any, *, seconds: float) -> dict[str, Any]:
    """The next message about a question; those about an earlier one are dropped."""
    while True:
        found = await channel.get_msg(timeout=seconds)
        if found["parent_header"].get("msg_id") == asked:
            return found


def _idle(message: dict[str, Any]) -> bool:
    return message["msg_type"] == "status" and message["content"]["execution_state"] == "idle"

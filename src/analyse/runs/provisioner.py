"""Starts kernels of the kernelspec ``zygote``: forked from a warm process if there is one, else the usual way."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import time
from typing import Any

from jupyter_client.provisioning import LocalProvisioner

from analyse.runs import zygote

KERNEL, PLAIN = "zygote", "python3"
MEMORY = "ANALYSE_KERNEL_MEMORY_MB"
"""Environment variable with the most address space a kernel may take, in megabytes; empty for no limit."""
ANSWER_SECONDS = 60.0
BOUND_SECONDS = 2.0
KILLED_SECONDS = 1.0
PORTS = ("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port")


class Forked:
    """The part of ``subprocess.Popen`` that jupyter_client needs, for a process that is not a child of this one."""

    stdin = stdout = stderr = None

    def __init__(self, client: socket.socket, pid: int, descriptor: int) -> None:
        """Take the connection that keeps the kernel alive, and its process file descriptor."""
        self.client, self.pid, self.descriptor = client, pid, descriptor
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """None as long as the process lives."""
        if self.returncode is None and select.select([self.descriptor], [], [], 0)[0]:
            self.returncode = 0
            os.close(self.descriptor)
            self.client.close()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait until the process has ended."""
        if self.returncode is None:
            if not select.select([self.descriptor], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("kernel", timeout)
            self.poll()
        return self.returncode or 0

    def send_signal(self, number: int) -> None:
        """Send a signal, unless the process has ended."""
        if self.poll() is None:
            signal.pidfd_send_signal(self.descriptor, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


class ZygoteProvisioner(LocalProvisioner):
    """The plain provisioner of jupyter_client, with a warm start where a zygote listens."""

    async def launch_kernel(self, cmd: list[str], **options: Any) -> dict[str, Any]:
        """Fork a kernel; start one the usual way when no zygote answers."""
        address, limit = os.environ.get(zygote.ADDRESS), memory_limit_bytes()
        if address and "-m" in cmd:
            try:
                found = self._fork(address, cmd[cmd.index("-m") + 2 :], options, limit)
                await self._bound()
                return found
            except (OSError, ValueError) as error:
                self.log.warning("no zygote at %s (%s): a plain start instead", address, error)
        started = await super().launch_kernel(cmd, **options)
        zygote.limit_memory(self.pid, limit)
        return started

    async def kill(self, restart: bool = False) -> None:
        """End a kernel; wait for that, which takes milliseconds, where jupyter_client looks ten times a second."""
        await super().kill(restart)
        if isinstance(self.process, Forked):
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(KILLED_SECONDS)

    async def _bound(self) -> None:
        """Wait until the sockets of the kernel exist: a client that is too early would wait before trying again."""
        info = self.connection_info
        if info.get("transport") != "ipc":
            return
        expected = [f"{info['ip']}-{info[name]}" for name in PORTS]
        until = time.monotonic() + BOUND_SECONDS
        while (
            time.monotonic() < until
            and self.process.poll() is None
            and not all(map(os.path.exists, expected))
        ):
            await asyncio.sleep(0.002)

    def _fork(self, address: str, argv: list[str], options: dict[str, Any], limit: int) -> dict[str, Any]:
        client = socket.socket(socket.AF_UNIX)
        try:
            client.settimeout(ANSWER_SECONDS)
            client.connect(address)
            request = {
                "argv": argv,
                "cwd": options.get("cwd") or os.getcwd(),  # noqa: PTH109 - jupyter_client gives text too
                "env": {**(options.get("env") or os.environ), "JPY_PARENT_PID": str(os.getpid())},
                "memory_bytes": limit,
            }
            client.sendall(json.dumps(request).encode() + b"\n")
            answer, descriptors, _, _ = socket.recv_fds(client, 64, 1)
            self.pid = self.pgid = int(answer)
            self.process = Forked(client, self.pid, descriptors[0])
        except BaseException:
            client.close()
            raise
        return self.connection_info


def kernel_name() -> str:
    """The kernelspec to execute with: ``zygote`` where one listens and the set-up installed it, else the plain one."""
    from jupyter_client.kernelspec import find_kernel_specs

    warm = os.environ.get(zygote.ADDRESS) and KERNEL in find_kernel_specs()
    return KERNEL if warm else PLAIN


def memory_limit_bytes() -> int:
    """The limit of address space for a kernel that the environment asks for; 0 without one."""
    return int(os.environ.get(MEMORY) or 0) * 1_000_000

"""A process in which everything is imported, that forks a kernel on request: a warm start, and nothing leaks.

A client sends one line of JSON (argv, cwd, env, memory_bytes) and gets the process number and a process file
descriptor of its kernel. The connection stays open as long as the kernel may live: when the client goes, so does
the kernel.
Linux only: elsewhere, and when it is gone, ``provisioner`` starts a plain kernel, which gives the same numbers.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import selectors
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, NoReturn

import psutil

from analyse.runs import environment

ADDRESS = "ANALYSE_ZYGOTE"
"""Environment variable with the path of the socket; the provisioner looks there."""
LISTEN_BACKLOG = 64
PRELOADED = ["analyse.runs.preloaded"]
"""Modules that the server imports when it begins; the last one puts all of them beyond garbage collection."""
ALONE = {
    **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    "JE_ARROW_MALLOC_CONF": "background_thread:false",  # of pyarrow's allocator
    "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # the debugger that every kernel has would print a warning
}
"""Environment in which the imports leave one thread, a fork takes no other along, and print nothing."""


def available() -> bool:
    """Whether this system can fork kernels safely and hand over process file descriptors."""
    return sys.platform == "linux" and hasattr(os, "pidfd_open") and hasattr(socket, "send_fds")


class Standby:
    """A zygote at a fixed address; ``keep`` starts another one when it was killed."""

    def __init__(self, address: str) -> None:
        """Start it."""
        self.address = address
        self.process = self._begin()

    def keep(self) -> None:
        """Keep a zygote running; kernels that are asked for while there is none start the usual way."""
        if not psutil.pid_exists(self.process.pid) or not self.process.is_alive():
            self.end()
            self.process = self._begin()

    def end(self) -> None:
        """End it, even when the server it was forked from is gone; its kernels end with their workers."""
        with contextlib.suppress(psutil.NoSuchProcess):
            psutil.Process(self.process.pid).kill()
        self.process.join()

    def _begin(self) -> BaseProcess:
        Path(self.address).unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(self.address)
            listener.listen(LISTEN_BACKLOG)
            return start(serve, listener)  # it has its own copy: when it dies, connecting fails at once


@contextlib.contextmanager
def running() -> Iterator[Standby | None]:
    """Keep a zygote standing by, for this process and those it starts.

    Gives None, and starts none, where the system cannot: kernels are then started the plain way.
    """
    if not available():
        yield None
        return
    with environment.temporary("z-") as folder:
        standby = Standby(f"{folder}/zygote")
        try:
            with environment.variables({ADDRESS: standby.address}):
                yield standby
        finally:
            standby.end()


def start(target: Callable[..., None], *arguments: Any) -> BaseProcess:
    """Start a process of the factory: forked from a server that has imported everything, spawned elsewhere.

    Workers and the zygote come from the same server, so they share the memory of what it imported.
    """
    context, asked = multiprocessing.get_context("forkserver" if available() else "spawn"), dict(os.environ)
    prepare()
    with _server():
        for seconds in (0.1, 0.5, 2.0):
            process = context.Process(target=_enter, args=(asked, target, arguments), daemon=False)
            try:
                process.start()
                return process
            except (EOFError, ConnectionError, FileNotFoundError):
                time.sleep(seconds)  # the server was killed: another begins with the next process
        process = context.Process(target=_enter, args=(asked, target, arguments), daemon=False)
        process.start()
        return process


def prepare(also: Iterable[str] = ()) -> None:
    """Let the server begin importing, and do not wait for it; nothing where it has begun, or cannot be.

    ``also``: modules that the notebooks of this run import too; kernels import for themselves what is not ahead.
    """
    PRELOADED[:0] = [name for name in also if name not in PRELOADED]
    if available():
        from multiprocessing import forkserver

        multiprocessing.set_forkserver_preload(PRELOADED)
        with _server():
            forkserver.ensure_running()


@contextlib.contextmanager
def _server() -> Iterator[None]:
    """The server begins with the first process, and keeps the environment that it finds."""
    with environment.variables(ALONE), environment.own_temporary_folder():
        yield


def _enter(environment: dict[str, str], target: Callable[..., None], arguments: tuple[Any, ...]) -> None:
    """Begin a process with the environment of whoever asked for it, not with that of the server."""
    os.environ.clear()
    os.environ.update(environment)
    tempfile.tempdir = None  # found anew, in this environment
    target(*arguments)


def serve(listener: socket.socket) -> None:
    """Be the zygote; refuse when the server that it was forked from had threads, which a fork leaves behind."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threads = len(list(Path(f"/proc/{os.getppid()}/task").iterdir()))
    if threads != 1:
        sys.exit(f"zygote: {threads} threads after the imports; forking would not be safe")
    silence = os.open(os.devnull, os.O_RDWR)  # what a notebook prints goes over its sockets, not here
    for standard in (0, 1, 2):
        os.dup2(silence, standard)
    Zygote(listener).serve()


class Zygote:
    """The loop: fork on request, end kernels whose client went away, reap what ended."""

    def __init__(self, listener: socket.socket) -> None:
        """Take the listening socket; everything is imported by now, and only forks follow."""
        self.listener = listener
        self.kernels: dict[socket.socket, int] = {}
        self.selector = selectors.DefaultSelector()
        self.selector.register(listener, selectors.EVENT_READ)
        # The server we were forked from lives as long as we do: it is the process that asked for us that counts.
        self.owner = multiprocessing.parent_process().sentinel
        self.selector.register(self.owner, selectors.EVENT_READ)

    def serve(self) -> None:
        """Work until told to stop or until the owner is gone."""
        while True:
            for key, _ in self.selector.select(timeout=1):
                if key.fileobj == self.owner:
                    return
                if key.fileobj is self.listener:
                    self._answer(self.listener.accept()[0])
                else:
                    self._release(key.fileobj)
            self._reap()

    def _answer(self, client: socket.socket) -> None:
        client.settimeout(10)
        try:
            request = json.loads(_read_line(client))
            pid = os.fork()
            if pid == 0:
                self._become_kernel(client, request)
            descriptor = os.pidfd_open(pid)
            socket.send_fds(client, [f"{pid}\n".encode()], [descriptor])
            os.close(descriptor)
        except (OSError, ValueError):
            client.close()
            return
        self.kernels[client] = pid
        self.selector.register(client, selectors.EVENT_READ)

    def _become_kernel(self, client: socket.socket, request: dict) -> NoReturn:
        """In the child: leave everything of the zygote behind and be an ordinary kernel."""
        self.selector.close()
        self.listener.close()
        for other in self.kernels:
            other.close()
        _leave(lambda: _kernel(client, **request))

    def _release(self, client: socket.socket) -> None:
        self.selector.unregister(client)
        client.close()
        end_group(self.kernels.pop(client))

    def _reap(self) -> None:
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def _kernel(
    client: socket.socket, *, argv: list[str], cwd: str, env: dict[str, str], memory_bytes: int
) -> None:
    """Become a kernel with its own session, signals, environment, random numbers and memory limit."""
    import random

    import numpy as np
    from ipykernel.kernelapp import IPKernelApp

    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    limit_memory(0, memory_bytes)
    random.seed()
    np.random.seed()
    client.settimeout(None)
    threading.Thread(target=_end_with, args=(client,), daemon=True).start()
    sys.argv = ["ipykernel_launcher.py", *argv]
    sys.path.insert(0, "")
    # The parent is the zygote, whose end is not the kernel's: 1 switches that watch off, `_end_with` is ours.
    IPKernelApp.launch_instance(argv=[*argv, "--IPKernelApp.parent_handle=1"])


def limit_memory(pid: int, limit_bytes: int) -> None:
    """Give a process (0: this one) no more address space than ``limit_bytes``; 0 means no limit."""
    import resource

    if limit_bytes and hasattr(resource, "prlimit"):
        resource.prlimit(pid, resource.RLIMIT_AS, (limit_bytes, limit_bytes))


def end_group(pid: int) -> None:
    """End a kernel and what it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def _end_with(client: socket.socket) -> None:
    """End this kernel when its client goes, even when the zygote itself is no longer there to do it."""
    with contextlib.suppress(OSError):
        client.recv(1)
    end_group(os.getpid())


def _leave(work: Callable[[], None]) -> NoReturn:
    """Run ``work`` in a forked child and end it there, whatever happens."""
    code = 1
    try:
        work()
        code = 0
    except SystemExit as stop:
        code = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _read_line(client: socket.socket) -> bytes:
    """One line, however many pieces it comes in; the request holds a whole environment."""
    found = b""
    while not found.endswith(b"\n"):
        piece = client.recv(1 << 16)
        if not piece:
            raise ConnectionResetError("the client went away")
        found += piece
    return found

"""The client that goes on as soon as a kernel is ready."""

import asyncio
import itertools
from queue import Empty

import pytest

from analyse.runs import kernel_client

BUSY, IDLE = ({"msg_type": "status", "content": {"execution_state": state}} for state in ("busy", "idle"))
REPLY = {"msg_type": "kernel_info_reply", "content": {"protocol_version": "5.3"}}


class Channel:
    """Gives messages, or nothing where one is None; says how many it has not given."""

    def __init__(self, *messages):
        self.messages = list(messages)

    async def get_msg(self, timeout):
        found = self.messages.pop(0) if self.messages else None
        if found is None:
            raise Empty
        return found


class Asked:
    """A connection to a kernel that says these things; its questions are called 1, 2, 3."""

    def __init__(self, *, shell, iopub, alive=True):
        self.shell_channel, self.iopub_channel = shell, iopub
        self.alive, self.questions = alive, map(str, itertools.count(1))

    def ask(self):
        return next(self.questions)

    async def is_alive(self):
        return self.alive


def about(question, message):
    return message | {"parent_header": {"msg_id": question}}


def ready(one, timeout=5):
    asyncio.run(kernel_client.ready(one, seconds=timeout))


def test_everything_that_the_kernel_says_of_the_question_is_read_and_no_more():
    first_output = about("cell", BUSY)
    iopub = Channel(about("1", BUSY), about("1", IDLE), first_output)
    ready(Asked(shell=Channel(about("1", REPLY)), iopub=iopub))
    assert iopub.messages == [first_output]


def test_it_asks_again_when_the_channel_of_outputs_was_not_there_yet():
    shell = Channel(about("1", REPLY), about("2", REPLY))
    iopub = Channel(None, about("1", IDLE), about("2", BUSY), about("2", IDLE))
    ready(Asked(shell=shell, iopub=iopub))
    assert not shell.messages
    assert not iopub.messages


def test_a_late_answer_to_an_earlier_question_is_not_taken_for_this_one():
    shell = Channel(None, about("1", REPLY), about("2", REPLY))
    ready(Asked(shell=shell, iopub=Channel(about("1", IDLE), about("2", IDLE))))
    assert not shell.messages


def test_a_kernel_that_died_is_an_error():
    with pytest.raises(RuntimeError, match="died"):
        ready(Asked(shell=Channel(), iopub=Channel(), alive=False))


def test_a_kernel_that_says_nothing_is_not_waited_for_longer_than_asked():
    with pytest.raises(RuntimeError, match="did not answer in 0.01 seconds"):
        ready(Asked(shell=Channel(), iopub=Channel()), timeout=0.01)


def test_the_kernels_of_a_run_have_this_client():
    from jupyter_client import AsyncKernelManager
    from traitlets.config import Config

    from analyse.runs import worker

    manager = AsyncKernelManager(config=Config({"KernelManager": {"client_factory": worker.CLIENT}}))
    assert manager.client_factory is kernel_client.PromptClient

"""The relay gives a connection a process that no other has, and one that nobody can tell from a new one."""

import contextlib

import pytest

from harness import relay


class Provider:
    """Stands for a process; it complains of the configuration that says so."""

    def __init__(self):
        self.asked = []
        self.is_ended = False

    def ask(self, method, request):
        """Notes what it is asked."""
        if request == b"crash":
            raise RuntimeError(method)
        self.asked.append(method.split("/")[-1])
        return b"complaint" if request == b"wrong" else b""

    def stop(self):
        """Notes that."""
        self.is_ended = True


@pytest.fixture
def started():
    return []


@pytest.fixture
def asked(started):
    """A relay; what it has started is in `started`, first the one that all connections share."""

    def start():
        started.append(Provider())
        return started[-1]

    return relay.Relay(start)


def test_the_same_words_find_the_same_process(asked, started):
    for peer in ("one", "other"):
        assert asked.configure(b"europe", peer) == b""
        asked.end(peer)
    assert [one.asked for one in started] == [[], ["Configure"]], "it is configured once"
    asked.configure(b"america", "third")
    assert len(started) == 3
    assert not any(one.is_ended for one in started)


def test_two_connections_at_a_time_have_two_processes(asked, started):
    asked.configure(b"europe", "one")
    asked.configure(b"europe", "other")
    assert len(started) == 3


@pytest.mark.parametrize(("method", "request_"), [("Stop", b""), ("ReadResource", b"crash")])
def test_what_was_stopped_or_owes_an_answer_serves_nobody_else(asked, started, method, request_):
    asked.configure(b"europe", "one")
    with contextlib.suppress(RuntimeError):
        asked._used["one"].ask(f"/tfplugin5.Provider/{method}", request_)
    asked.end("one")
    assert [one.is_ended for one in started] == [False, True]
    asked.configure(b"europe", "other")
    assert len(started) == 3


def test_a_complaint_is_made_again(asked, started):
    for peer in ("one", "other"):
        assert asked.configure(b"wrong", peer) == b"complaint"
        asked.end(peer)
    assert [one.is_ended for one in started] == [False, True, True]


def test_no_more_are_kept_than_memory_allows_and_all_end_with_it(asked, started):
    for number in range(4):
        asked.configure(b"%d" % number, "one")
        asked.end("one")
    assert [one.is_ended for one in started] == [False, True, True, False, False]
    # One that is configured anew gives up what it had.
    asked.configure(b"3", "one")
    asked.configure(b"5", "one")
    assert [one.is_ended for one in started] == [False, True, True, False, True, False]
    asked.stop()
    assert all(one.is_ended for one in started)

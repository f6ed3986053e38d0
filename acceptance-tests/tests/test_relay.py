"""The relay gives a connection a process that no other has, and one that nobody can tell from a new one."""

import contextlib

import pytest

from harness import narrow, relay
from harness.project import ROOT


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

    return relay.Relay(start, set())


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
        asked.ask(f"/tfplugin5.Provider/{method}", request_, "one")
    asked.end("one")
    assert [one.is_ended for one in started] == [False, True]
    asked.configure(b"europe", "other")
    assert len(started) == 3


def test_what_needs_no_configuration_is_asked_once(asked, started):
    for peer in ("one", "other"):
        assert asked.ask("/tfplugin5.Provider/GetSchema", b"", peer) == b""
        assert asked.ask("/tfplugin5.Provider/ValidateResourceTypeConfig", b"wrong", peer) == b"complaint"
        assert asked.ask("/tfplugin5.Provider/Stop", b"", peer) == b""
    assert asked.ask("/tfplugin5.Provider/ValidateResourceTypeConfig", b"right", "one") == b""
    assert started[0].asked == ["GetSchema", "ValidateResourceTypeConfig", "ValidateResourceTypeConfig"]
    # The one that is configured may know more.
    asked.configure(b"europe", "one")
    for _ in range(2):
        asked.ask("/tfplugin5.Provider/ReadResource", b"", "one")
    assert started[1].asked == ["Configure", "ReadResource", "ReadResource"]


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


def field(number, payload):
    return bytes([number << 3 | 2, *([len(payload) & 127 | 128, len(payload) >> 7] if len(payload) > 127 else [len(payload)]), *payload])


def test_a_schema_is_left_with_what_is_named_and_as_it_was():
    large = field(2, b"x" * 300)
    kept = [field(1, b"provider"), field(2, field(1, b"aws_vpc") + large), field(6, b"\x08\x01"), field(7, field(1, b"arn_parse"))]
    # The value may stand before the key.
    others = [field(2, field(1, b"aws_vpc_dhcp_options")), field(3, large + field(1, b"aws_ami")), field(8, field(1, b"aws_token"))]
    whole = b"".join([*kept[:2], *others, *kept[2:], b"\x50\x96\x01"])
    assert narrow.narrowed(whole, {"aws_vpc"}) == b"".join([*kept, b"\x50\x96\x01"])
    with pytest.raises(ValueError, match="wire type 5"):
        narrow.narrowed(b"\x0d\x01\x02\x03\x04", set())


def test_the_types_are_those_of_the_tests_and_examples():
    names = narrow.names(ROOT, "aws_")
    assert {"aws_security_group", "aws_vpc_security_group_ingress_rule", "aws_ec2_managed_prefix_list"} <= names
    assert len(names) < 200

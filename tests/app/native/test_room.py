"""Who comes in, and who gives way."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.addresses import THIS_MACHINE
from app.native.room import (
    GRACE,
    Admit,
    Caps,
    ClientState,
    ConnectedClient,
    Displace,
    Refuse,
    Wait,
    find_place,
)

NOW = 1000.0
CAPS = Caps(total=6, network=4)
ANN, BOB = UUID(int=10**6), UUID(int=10**6 + 1)


def clients(*kinds):
    """Make clients of (network, state, seconds), with the person or "busy" behind, if any."""
    return [
        ConnectedClient(
            UUID(int=number),
            network,
            state,
            next((word for word in more if isinstance(word, UUID)), None),
            busy=state is ClientState.HANDSHAKE or "busy" in more,
            since=NOW - seconds,
        )
        for number, (network, state, seconds, *more) in enumerate(kinds)
    ]


def place(network, *kinds):
    """Return the answer; of one who gives way, the number."""
    found = find_place(network, clients(*kinds), CAPS, NOW)
    return found.client.int if isinstance(found, Displace) else found


def half(network, seconds):
    return network, ClientState.HANDSHAKE, seconds


def idle(network, seconds):
    return network, ClientState.ANONYMOUS, seconds


def busy(network, seconds):
    return network, ClientState.ANONYMOUS, seconds, "busy"


def member(network, seconds, person=ANN):
    return network, ClientState.LOGGED_IN, seconds, person


def test_while_there_is_room_nobody_gives_way():
    assert place("a") == Admit()
    assert place("a", *[idle("b", 9)] * 4, idle("a", 9)) == Admit()


@pytest.mark.parametrize("kind", [idle, half, busy, member])
def test_whoever_holds_most_makes_room_for_another(kind):
    """500 connections of one address, of whatever kind, are no reason to refuse anybody."""
    crowd = [kind(THIS_MACHINE, 10 + number) for number in range(4)]
    others = [idle("b", 3600), member("b", 3600, BOB)]
    assert place("c", *others, *crowd) == 5
    assert place(THIS_MACHINE, *others, *crowd) == 5


def test_the_idle_go_before_the_busy():
    crowd = [busy("a", 60), idle("a", 3), busy("a", 70)]
    assert place("b", *crowd, member("c", 5), member("c", 5, BOB), idle("d", 5)) == 1


def test_many_connections_of_one_account_go_before_an_anonymous_client():
    crowd = [member("a", 1), member("a", 2), member("a", 3)]
    assert place("a", *crowd[:3], member("b", 9, BOB), idle("b", 9), idle("c", 9)) == 2


def test_of_groups_of_one_size_the_one_that_has_come_less_far_goes():
    everybody = [idle(name, 5) for name in "cde"]
    assert place("x", member("a", 900), *everybody, half("b", 3), member("f", 900, BOB)) == 4
    assert place("x", member("a", 900), *everybody, idle("b", 6), member("f", 900, BOB)) == 4


@pytest.mark.parametrize("young", [half, busy])
def test_what_has_just_begun_is_waited_for(young):
    """Nobody else is closed in place of a group that is too large."""
    crowd = [young("a", GRACE / 2)] * 3
    others = [member("b", 3600), member("b", 3600, BOB), idle("c", 3600)]
    assert place("d", *crowd, *others) == Wait()


def test_handshakes_have_a_cap_of_their_own():
    assert place("d", *[half("a", 5), half("b", 7)]) == Admit()
    assert place("d", *[half("a", 5), half("b", 7), half("c", 6)]) == 1
    assert place("d", *[half("a", 0.5), half("b", 0.5), half("c", 0.5)]) == Wait()


def test_a_network_makes_room_for_itself_and_keeps_nobody_waiting():
    assert place("a", *[idle("a", 3)] * 3, idle("a", 4)) == 3
    assert place("a", *[busy("a", 0.5)] * 4) == Refuse()
    assert place("a", *[half("a", 0.5)] * 4) == Refuse()
    assert place(THIS_MACHINE, *[half(THIS_MACHINE, 1)] * 2, *[idle(THIS_MACHINE, 1)] * 3) == (
        Admit()
    )


@given(
    st.lists(
        st.tuples(
            st.sampled_from([THIS_MACHINE, "a", "b"]),
            st.sampled_from(ClientState),
            st.floats(0, 100),
            st.sampled_from([ANN, BOB, "busy"]),
        ),
        max_size=8,
    ),
    st.sampled_from([THIS_MACHINE, "a", "c"]),
)
def test_the_caps_hold_and_the_young_and_busy_are_spared(kinds, newcomer):
    here = clients(*kinds)
    own = sum(client.network == newcomer for client in here)
    match find_place(newcomer, here, CAPS, NOW):
        case Admit():
            assert len(here) < CAPS.total
            assert newcomer == THIS_MACHINE or own < CAPS.network
            assert sum(client.state is ClientState.HANDSHAKE for client in here) < CAPS.handshakes
        case Displace(victim):
            (client,) = [client for client in here if client.id == victim]
            assert not client.busy or client.since <= NOW - GRACE

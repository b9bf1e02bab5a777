"""BLAS keeps to the calling thread and threads take short turns when asked to, and not after."""

import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from threadpoolctl import ThreadpoolController, threadpool_limits

from cnn.engine.threads import shared_cores


def settings():
    blas = ThreadpoolController().select(user_api="blas")
    threads = {library.get_num_threads() for library in blas.lib_controllers}
    return threads, round(sys.getswitchinterval(), 6)


@pytest.fixture(autouse=True)
def _two_threads():
    with threadpool_limits(2, "blas"):
        yield


def test_changed_inside_and_as_before_outside():
    with shared_cores():
        assert settings() == ({1}, 0.0001)
        with shared_cores():
            assert settings() == ({1}, 0.0001)
        assert settings() == ({1}, 0.0001)
    assert settings() == ({2}, 0.005)


def test_an_error_inside_changes_nothing():
    with pytest.raises(ZeroDivisionError), shared_cores():
        raise ZeroDivisionError
    assert settings() == ({2}, 0.005)


def test_as_before_when_the_last_of_many_threads_has_gone():
    def inside(_):
        with shared_cores():
            threads, interval = settings()
            return max(threads), interval

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(inside, range(1000))) == {(1, 0.0001)}
    assert settings() == ({2}, 0.005)

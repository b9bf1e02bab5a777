"""BLAS keeps to the calling thread when asked to, and is then as it was."""

import pytest
from threadpoolctl import ThreadpoolController, threadpool_limits

from cnn.blas import one_thread


def threads():
    blas = ThreadpoolController().select(user_api="blas")
    return {library.get_num_threads() for library in blas.lib_controllers}


@pytest.fixture(autouse=True)
def _two_threads():
    with threadpool_limits(2, "blas"):
        yield


def test_one_thread_inside_and_as_before_outside():
    with one_thread():
        assert threads() == {1}
        with one_thread():
            assert threads() == {1}
        assert threads() == {1}
    assert threads() == {2}


def test_an_error_inside_changes_nothing():
    with pytest.raises(ZeroDivisionError), one_thread():
        raise ZeroDivisionError
    assert threads() == {2}

"""What the tests of the program's parts use, for attacks on them."""

from tests.app.conftest import *  # noqa: F403
from tests.app.native.conftest import (  # noqa: F401
    port,
    quick_keys,
    rsa_key,
    serve,
)

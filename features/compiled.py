"""Compiles a function of numbers and arrays to machine code, kept on disk between runs.

Numba takes seconds to import and to compile, so a module with compiled functions is imported only
where it is used. It holds all that its functions call: the stored code is renewed when that one
file changes, not when another does.
"""

from collections.abc import Callable
from typing import TypeVar

Function = TypeVar("Function", bound=Callable[..., object])


def compiled(function: Function) -> Function:
    """Return the function as machine code, compiled at its first call for each kind of input.

    It does not hold the lock of the interpreter, so other threads go on. Division by zero gives
    infinity or NaN, as in numpy. Where nothing can be stored, it is compiled in every process.
    """
    from numba import njit

    try:
        return njit(function, cache=True, nogil=True, error_model="numpy")  # type: ignore[no-any-return]  # numba has no types
    except RuntimeError:  # no folder to store in
        return njit(function, nogil=True, error_model="numpy")  # type: ignore[no-any-return]  # numba has no types

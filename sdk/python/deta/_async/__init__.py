"""Base with coroutines."""

from .client import _AsyncBase

AsyncBase = _AsyncBase

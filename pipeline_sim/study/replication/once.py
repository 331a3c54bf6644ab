"""Results that threads ask for by key, each made once, by the thread that asks first; none waits for another key."""

import threading
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, TypeVar
from weakref import WeakValueDictionary

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Once(Generic[Key, Value]):
    """Results by key. One is kept as long as somebody holds its Future, the latest until another key is asked for."""

    def __init__(self, make: Callable[[Key], Value]) -> None:
        self._make, self._looking_up = make, threading.Lock()
        self._held: WeakValueDictionary[Key, Future[Value]] = WeakValueDictionary()
        self._latest: Future[Value] | None = None

    def of(self, key: Key) -> "Future[Value]":
        """Future of a result, made here unless another thread makes it or holds it. One that failed is tried anew."""
        with self._looking_up:
            future = self._held.get(key)
            first = future is None or (future.done() and future.exception() is not None)
            if future is None or first:
                future = self._held[key] = Future()
            self._latest = future
        if first:
            try:
                future.set_result(self._make(key))
            except BaseException as error:
                future.set_exception(error)
        return future

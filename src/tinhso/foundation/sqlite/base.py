"""Queue writers on an advisory file lock.

SQLite lets one connection write at a time and makes the others poll: with four to eight writing processes one of them
starves for seconds. Here each write transaction first waits in the kernel's queue on `<database>.lock`, whoever
writes: requests, sessions, sign-in, jobs, migrations. Reads never wait.
"""

from __future__ import annotations

import fcntl
import os
import threading
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base

_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "CREATE", "ALTER", "DROP", "REINDEX", "VACUUM")


class WriteLock:
    """An advisory lock on a file beside the database; one holder a connection, safe to release twice."""

    def __init__(self, path: str, timeout: float = 20) -> None:
        self._path = path
        self._timeout = timeout
        self._descriptor = -1
        self.held = False

    def acquire(self) -> None:
        """Wait for a turn; raise OperationalError ("database is locked") when it does not come in `timeout` seconds."""
        if not self.held and not self.try_acquire():
            self._queue()

    def try_acquire(self) -> bool:
        """Take the lock if nobody holds it."""
        if self._descriptor < 0:
            self._descriptor = os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        self.held = True
        return True

    def _queue(self) -> None:
        # The kernel's queue cannot be left: a thread stands there, and is left behind when it takes too long.
        turn = _Turn(self._descriptor)
        if turn.comes_within(self._timeout):
            self.held = True
            return
        self._descriptor = -1  # the thread's now
        raise OperationalError("database is locked: another writer does not finish")

    def release(self) -> None:
        if self.held:
            fcntl.flock(self._descriptor, fcntl.LOCK_UN)
            self.held = False

    def close(self) -> None:
        self.release()
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


class _Turn:
    """A place in the queue. Once given up, its descriptor is closed as soon as the kernel hands it the lock."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._deciding = threading.Lock()
        self._came = threading.Event()
        self._given_up = False
        threading.Thread(target=self._stand, name="write-lock", daemon=True).start()

    def _stand(self) -> None:
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        with self._deciding:
            if self._given_up:
                os.close(self._descriptor)
            else:
                self._came.set()

    def comes_within(self, seconds: float) -> bool:
        self._came.wait(seconds)
        with self._deciding:
            self._given_up = not self._came.is_set()
            return not self._given_up


class _NoLock(WriteLock):
    """Databases in memory have one process and need no queue."""

    def acquire(self) -> None:
        return


class LockingCursor(base.SQLiteCursorWrapper):
    """Takes the lock for a single write statement outside a transaction."""

    lock: WriteLock
    wrapper: DatabaseWrapper

    def execute(self, query: Any, params: Any = None) -> Any:
        if self._alone(query):
            return self._locked(super().execute, query, params)
        return super().execute(query, params)

    def executemany(self, query: Any, param_list: Any) -> Any:
        if self._alone(query):
            return self._locked(super().executemany, query, param_list)
        return super().executemany(query, param_list)

    def _alone(self, query: Any) -> bool:
        return not self.lock.held and str(query).lstrip()[:7].upper().startswith(_WRITES)

    def _locked(self, run: Any, *args: Any) -> Any:
        self.lock.acquire()
        try:
            return run(*args)
        finally:
            if not self.wrapper.connection.in_transaction:
                self.lock.release()


class DatabaseWrapper(base.DatabaseWrapper):
    """SQLite whose write transactions start IMMEDIATE and in turn."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._lock: WriteLock | None = None

    @property
    def write_lock(self) -> WriteLock:
        if self._lock is None:
            name = str(self.settings_dict["NAME"])
            self._lock = (
                _NoLock("")
                if ":memory:" in name or "mode=memory" in name
                else WriteLock(f"{name}.lock", float(self.settings_dict["OPTIONS"].get("timeout", 20)))
            )
        return self._lock

    def create_cursor(self, name: Any = None) -> Any:
        cursor = self.connection.cursor(factory=LockingCursor)
        cursor.lock, cursor.wrapper = self.write_lock, self
        return cursor

    def _start_transaction_under_autocommit(self) -> None:
        self.write_lock.acquire()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self.write_lock.release()
            raise

    def _commit(self) -> Any:
        result = super()._commit()  # type: ignore[misc]
        self.write_lock.release()  # not on failure: the transaction stands until it is rolled back
        return result

    def _rollback(self) -> Any:
        try:
            return super()._rollback()  # type: ignore[misc]
        finally:
            self.write_lock.release()

    def _close(self) -> Any:
        try:
            return super()._close()  # type: ignore[misc]
        finally:
            if self._lock is not None:
                self._lock.close()

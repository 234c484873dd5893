"""A way to a server that can fall silent."""

import socket
import threading


class Proxy:
    """Copies bytes between clients and a server, in both directions, until it is frozen or closed."""

    def __init__(self, port, server):
        self.port, self.server = port, server
        self.sockets, self.lock = [], threading.Lock()
        self.going = threading.Event()
        self.going.set()
        self.listener = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self._accept, daemon=True).start()

    def freeze(self):
        """From now on nothing is copied; connections stay open, and what is under way is lost when they close."""
        self.going.clear()

    def close(self):
        with self.lock:
            sockets, self.sockets = self.sockets, []
        # A shutdown wakes the thread that waits in accept or recv; a close alone does not.
        for one in [self.listener, *sockets]:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            one.close()

    def _accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self.server))
            except OSError:
                client.close()
                continue
            with self.lock:
                self.sockets += [client, server]
            for one, other in [(client, server), (server, client)]:
                threading.Thread(target=self._copy, args=(one, other), daemon=True).start()

    def _copy(self, one, other):
        try:
            while data := one.recv(65536):
                self.going.wait()
                other.sendall(data)
        except OSError:
            pass
        for end in (one, other):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

"""The content of a file, as it arrives."""


class DriveStreamingBody:
    def __init__(self, response):
        self.__stream = response

    @property
    def closed(self):
        return self.__stream.closed

    def read(self, size=None):
        """All that is left, or up to `size` bytes."""
        return self.__stream.read() if size is None else self.__stream.read(size)

    def iter_chunks(self, chunk_size=1024):
        """Chunks of up to `chunk_size` bytes."""
        while True:
            chunk = self.__stream.read(chunk_size)
            if not chunk:
                return
            yield chunk

    def iter_lines(self, chunk_size=1024):
        """Lines without their line ends."""
        rest = b""
        for chunk in self.iter_chunks(chunk_size):
            lines = (rest + chunk).splitlines(True)
            # The last one may continue in the next chunk; "\r" may be half of "\r\n".
            rest = b"" if lines[-1].endswith(b"\n") else lines.pop()
            for line in lines:
                yield line.rstrip(b"\r\n")
        if rest:
            yield from rest.splitlines()

    def close(self):
        self.__stream.close()

    def __iter__(self):
        return self.iter_chunks()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

"""``yosan serve``: how do people use it in a browser?"""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import click
import uvicorn

from indexer import settings
from indexer.commands.base import declare, index_option, say
from indexer.errors import IndexMissingError, UsageError, YosanError, reason_of
from indexer.library import Library

_BACKLOG = 2048
_TRIED_AT_ONCE = 64
"""Connections the loop accepts in one go: as many failures, once no file handle is left."""
_QUIETLY: dict[str, Any] = {
    "log_level": "warning",
    "access_log": False,  # no record of what people look for
    "server_header": False,
    "ws": "none",
    "http": "indexer.commands.connections:BoundedConnection",
    "backlog": _TRIED_AT_ONCE,
    "timeout_graceful_shutdown": settings.SHUTDOWN_SECONDS,
}


@declare("serve")
@click.option(
    "--host",
    default="127.0.0.1",
    metavar="アドレス",
    help="待ち受けるアドレス（既定: 127.0.0.1）。",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    metavar="番号",
    help="待ち受けるポート（既定: 8000。0 なら空いているもの）。",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    metavar="数",
    help="動かすプロセスの数（既定: 1）。",
)
@index_option
def command(host: str, port: int, workers: int, index: Path) -> None:
    """ブラウザで使う画面と API を動かす。Ctrl-C で終わります。

    索引がなければ、先に corpus フォルダ（なければ付属の予算書）から作ります。

    例:
      yosan serve
      yosan serve --host 0.0.0.0 --port 8080
    """
    with closing(_listen(host, port)) as listening, closing(_open_or_build(index)) as library:
        say(f"{_address(listening)} をブラウザで開いてください。終わるには Ctrl-C を押します。")
        if workers == 1:
            _serve(library, listening)
        else:
            _serve_by_processes(index, listening, workers)


def _open_or_build(index: Path) -> Library:
    try:
        return Library.open(index)
    except IndexMissingError:
        from indexer.commands.index import default_corpus, run_update, say_refused

        say("索引がまだないので作ります。")
        report = run_update(index, (default_corpus(),))
        say_refused(report.refused)
        say(f"{report.documents:,}文書、{report.programs:,}事業の索引を作りました。")
        return Library.open(index)


def _listen(host: str, port: int) -> socket.socket:
    """A listening socket, taken first so that a port in use is one clear sentence."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (socket.gaierror, UnicodeError):
        raise UsageError(
            f"--host の「{host}」というアドレスが見つかりません。127.0.0.1 などにしてください。"
        ) from None
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Connections inherit it. Worker processes know the socket by its number alone and would
        # not set it: the body of each answer then waits 40 ms for the headers to be acknowledged.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        listening.bind(address)
        listening.listen(_BACKLOG)
    except OSError as error:
        listening.close()
        raise YosanError(_why_not(host, port, error)) from None
    return listening


def _why_not(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"ポート {port} は使われているので、--port で別の番号を指定してください。"
    if error.errno == errno.EACCES:
        return f"ポート {port} を開く権限がないので、--port で 1024 以上を指定してください。"
    return f"{host}:{port} で待ち受けられません（{reason_of(error)}）。--host を確かめてください。"


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def _serve(library: Library, listening: socket.socket) -> None:
    from webui.app import create_app

    config = uvicorn.Config(create_app(library), **_QUIETLY)
    uvicorn.Server(config).run(sockets=[listening])


def _serve_by_processes(index: Path, listening: socket.socket, workers: int) -> None:
    """Each process opens the index for itself; the one socket shares requests out."""
    os.environ["YOSAN_INDEX"] = str(index.absolute())
    uvicorn.run(
        "indexer.commands.serve:application",
        factory=True,
        workers=workers,
        fd=listening.fileno(),
        **_QUIETLY,
    )


def application() -> Callable[..., Any]:
    """The front end over the index that ``YOSAN_INDEX`` names, for a server of one's own:
    ``uvicorn --factory indexer.commands.serve:application``."""
    from webui.app import create_app

    index = Path(os.environ.get("YOSAN_INDEX", settings.DEFAULT_INDEX))
    # A process that takes the place of one that died must not leave people with nothing.
    return create_app(Library.open(index, fall_back=True))

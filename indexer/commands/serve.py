"""``yosan serve``: how do people use it in a browser?"""

from __future__ import annotations

import errno
import socket
from contextlib import closing
from pathlib import Path

import click

from indexer.commands.base import declare, index_option, say
from indexer.errors import IndexMissingError, UsageError, YosanError
from indexer.library import Library

_BACKLOG = 2048


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
@index_option
def command(host: str, port: int, index: Path) -> None:
    """ブラウザで使う画面と API を動かす。Ctrl-C で終わります。

    索引がなければ、先に corpus フォルダ（なければ付属の予算書）から作ります。

    例:
      yosan serve
      yosan serve --host 0.0.0.0 --port 8080
    """
    with closing(_listen(host, port)) as listening, closing(_open_or_build(index)) as library:
        _serve(library, listening)


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
    return f"{host}:{port} で待ち受けられません（{error.strerror}）。--host を確かめてください。"


def _serve(library: Library, listening: socket.socket) -> None:
    import uvicorn

    from webui.app import create_app

    host, port = listening.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    say(f"http://{shown}:{port}/ をブラウザで開いてください。終わるには Ctrl-C を押します。")
    config = uvicorn.Config(
        create_app(library),
        log_level="warning",
        access_log=False,  # no record of what people look for
        server_header=False,
    )
    uvicorn.Server(config).run(sockets=[listening])

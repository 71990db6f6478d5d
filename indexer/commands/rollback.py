"""``yosan rollback``: how does one go back to the index of before?"""

from __future__ import annotations

from pathlib import Path

from indexer.commands.base import declare, index_option, json_option, print_json, put
from indexer.maintenance import roll_back


@declare("rollback")
@index_option
@json_option
def command(index: Path, as_json: bool) -> None:
    """一つ前の世代の索引に戻す。動いている画面も数秒で切り替わります。

    例:
      yosan rollback

    もう一度 yosan index を実行すると、今のファイルの内容になります。
    """
    generation = roll_back(index)
    if as_json:
        print_json({"generation": generation})
    else:
        put(f"第{generation}世代に戻しました。")

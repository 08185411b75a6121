"""What a verification can find, and how grave it is. The words for people are in `WORDS`, in both languages."""

from typing import NamedTuple

import msgspec

MOST_FINDINGS = 100


class Finding(msgspec.Struct, frozen=True):
    """Something that is not as it should be: at entries `seq` to `until`, or at a checkpoint.

    `key` is the name of the key that signed, where that is what is wrong.
    """

    code: str
    seq: int | None = None
    until: int | None = None
    checkpoint: int | None = None
    key: str = ""

    @property
    def grave(self) -> bool:
        """Tell whether it proves or hides tampering; otherwise it is only worth knowing."""
        return WORDS[self.code].grave

    @property
    def where(self) -> str:
        """Return the place in signs: #3, #3–9, ✓2, and the name of a key in brackets."""
        parts = []
        if self.seq is not None:
            parts.append(f"#{self.seq}" if self.until in {None, self.seq} else f"#{self.seq}–{self.until}")
        if self.checkpoint is not None:
            parts.append(f"✓{self.checkpoint}")
        if self.key:
            parts.append(f"({self.key})")
        return " ".join(parts)


class Words(NamedTuple):
    """What a finding means and what to do, in Chinese and English."""

    grave: bool
    zh: str
    en: str
    todo_zh: str
    todo_en: str


_KEEP = (
    "先保留现场：复制 huiyin.db 与 witness 目录；再对备份运行 huiyin audit verify --folder 备份 --backup，对照这些条目",
    "Keep the evidence: copy huiyin.db and the folder witness; then huiyin audit verify --folder BACKUP --backup, to "
    "compare",
)
_OUTSIDE = (
    "用保存在别处的副本再验证：huiyin audit verify --checkpoints 副本 --public-key 公钥",
    "Verify with a copy kept elsewhere: huiyin audit verify --checkpoints COPY --public-key KEY",
)

WORDS: dict[str, Words] = {
    "edited": Words(True, "条目被改动或移动", "the entry was edited or moved", *_KEEP),
    "missing": Words(True, "条目缺失", "entries are missing", *_KEEP),
    "out_of_place": Words(
        True, "条目与前一条不相接：有插入、调换或改写", "the entry does not follow the one before it", *_KEEP
    ),
    "unreadable": Words(True, "条目读不出来", "the entry cannot be read", *_KEEP),
    "rewritten": Words(
        True,
        "整段被重新链接：与签名检查点不符",
        "the chain was written anew: a signed checkpoint tells otherwise",
        f"{_KEEP[0]}；若刚恢复了旧备份，用 huiyin audit resume 继续",
        f"{_KEEP[1]}; after restoring a backup, huiyin audit resume",
    ),
    "tail_missing": Words(
        True,
        "末尾缺失：检查点之后被截断，或数据库是较早的备份",
        "the end is missing: cut off, or an older backup was restored",
        "若是备份，用 huiyin audit verify --backup；若恢复了旧备份，用 huiyin audit resume 继续；否则找回较新的数据库",
        "For a backup: huiyin audit verify --backup; after restoring one, huiyin audit resume; else find the newer "
        "database",
    ),
    "table_missing": Words(
        True,
        "没有审计表",
        "there is no audit table",
        "确认这是回音的数据库；若是，从备份恢复",
        "Make sure this is a Huiyin database; if so, restore a backup",
    ),
    "guard_missing": Words(
        True,
        "审计表的防改触发器被去掉或改过",
        "the triggers that refuse changes were removed or altered",
        "查明是谁改的，从备份恢复表结构",
        "Find out who did it, and restore the schema from a backup",
    ),
    "checkpoints_missing": Words(True, "检查点文件不见了", "the checkpoint file is gone", *_OUTSIDE),
    "checkpoint_unreadable": Words(True, "检查点读不出来", "the checkpoint cannot be read", *_OUTSIDE),
    "checkpoint_forged": Words(True, "检查点签名不对：被改动或伪造", "the checkpoint's signature is wrong", *_OUTSIDE),
    "checkpoint_out_of_place": Words(
        True, "检查点不相接：有删除、调换或插入", "the checkpoint does not follow the one before it", *_OUTSIDE
    ),
    "checkpoint_cut": Words(
        True, "审计记录里有的检查点，文件里没有", "the audit names a checkpoint that the file does not hold", *_OUTSIDE
    ),
    "wrong_key": Words(
        True,
        "检查点由另一把密钥签名",
        "the checkpoint was signed with another key",
        "用签名时的公钥验证；若密钥确未更换，检查点是伪造的",
        "Use the public key of that time; if no key was changed, it is forged",
    ),
    "key_missing": Words(
        True,
        "没有公钥，签名无从核对",
        "there is no public key to check signatures with",
        "huiyin audit verify --public-key 公钥",
        "huiyin audit verify --public-key KEY",
    ),
    "signing_stopped": Words(
        True,
        "检查点签不了：签名密钥或见证目录有问题",
        "checkpoints cannot be signed: the key or the witness folder is at fault",
        "恢复签名密钥，检查目录权限与磁盘空间",
        "Restore the signing key; check the folder's rights and free space",
    ),
    "overdue": Words(
        True,
        "最后的检查点之后积了太久：见证停了，或检查点被截断",
        "too long without a checkpoint: signing stopped, or some were cut off",
        "看服务日志里的 audit.witness_stopped，并用别处的检查点副本对照",
        "Look for audit.witness_stopped in the log, and compare a copy of the checkpoints kept elsewhere",
    ),
    "untold": Words(
        True,
        "有登录或查看个人信息没有对应的条目：审计被截断过，可能连同检查点一起",
        "somebody signed in or saw personal data and no entry tells of it: cut, perhaps with the checkpoints",
        *_OUTSIDE,
    ),
    "row_gone": Words(
        True,
        "条目记了查看个人信息，登记却不见了",
        "an entry tells that personal data was shown, and the row of it is gone",
        *_KEEP,
    ),
    "never_witnessed": Words(
        True,
        "有公钥却没有一个检查点：见证文件夹不见了",
        "there is a public key and not one checkpoint: the witness folder is gone",
        *_OUTSIDE,
    ),
    "clock_went_back": Words(
        False,
        "时间比前一条早：时钟被调回过",
        "earlier than the entry before it: the clock was set back",
        "核对服务器的校时",
        "Check the machine's time service",
    ),
    "checkpoint_torn": Words(
        False,
        "最后一个检查点只写了一半",
        "the last checkpoint was written in part",
        "无需处理：下一个检查点会盖过它",
        "Nothing: the next checkpoint replaces it",
    ),
    "unwitnessed": Words(
        False,
        "还没有检查点",
        "there is no checkpoint yet",
        "服务运行十秒内会有第一个",
        "A running service makes the first one within ten seconds",
    ),
    "key_from_beside": Words(
        False,
        "公钥取自检查点旁边，防不住连密钥一起换掉的人",
        "the public key was taken from beside the checkpoints",
        "用 huiyin audit public-key 打印公钥，交给外部审计人，用 --public-key 验证",
        "huiyin audit public-key prints the key: give it to an outside auditor, and use --public-key",
    ),
    "tail_in_backup": Words(
        False,
        "备份到此为止，之后的检查点不在其中",
        "the backup ends before the newest checkpoints",
        "这是备份应有的样子",
        "That is how a backup looks",
    ),
}
"""Every finding there is, by its code."""

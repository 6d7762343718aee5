"""The few words that a printed form adds by itself, in the document's language (not that of the terminal)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Reason = Literal["damaged", "overlarge", "missing"]


@dataclass(frozen=True, slots=True)
class Words:
    """``page`` has {page} and {pages}; ``cut`` has {shown} and {total}; ``broken`` has {caption}, {sha256}, {why}.

    ``marks`` are colon, comma, semicolon and brackets."""

    page: str
    colon: str
    contents: str
    update_contents: str
    time: str
    who: str
    text: str
    reference: str
    received: str
    sent: str
    unknown: str
    limit: str
    part: str
    cut: str
    broken: str
    damaged: str
    overlarge: str
    missing: str
    page_head: str
    numbers: str
    zero: str
    marks: tuple[str, str, str, str, str]

    def broken_picture(self, caption: str, sha256: str, reason: Reason) -> str:
        """The text that stands where a picture cannot be shown."""
        why = {"damaged": self.damaged, "overlarge": self.overlarge, "missing": self.missing}[reason]
        return self.broken.format(caption=caption, sha256=sha256, why=why)


_CHINESE = Words(
    page="第 {page} 页 / 共 {pages} 页",
    colon="：",
    contents="目录",
    update_contents="（页码：打开时选择更新域，或全选后按 F9 显示）",
    time="时间",
    who="发送方",
    text="内容",
    reference="编号",
    received="收到",
    sent="发出",
    unknown="方向不明",
    limit="限值",
    part="第 {part} 段 / 共 {parts} 段",
    cut="本表共 {total} 行，为便于编辑，这里只列出前 {shown} 行；全部 {total} 行见本文件的 PDF 版。",
    broken="【图片无法显示：{caption}。原因：{why}。SHA-256：{sha256}】",
    damaged="文件损坏或格式不明",
    overlarge="像素过多，无法安全打开",
    missing="找不到文件",
    page_head="页码",
    numbers="数值：",
    zero="未列出者为 0。",
    marks=("：", "，", "；", "（", "）"),
)
_ENGLISH = Words(
    page="Page {page} of {pages}",
    colon=":",
    contents="Contents",
    update_contents="(Page numbers appear when the fields are updated: agree when asked, or select all and press F9)",
    time="Time",
    who="From",
    text="Text",
    reference="No.",
    received="received",
    sent="sent",
    unknown="direction unknown",
    limit="Limit",
    part="part {part} of {parts}",
    cut="This table has {total} rows. To keep the file easy to edit, only the first {shown} are here; all {total} are "
    "in the PDF of this document.",
    broken="[This picture cannot be shown: {caption}. Reason: {why}. SHA-256: {sha256}]",
    damaged="damaged or of an unknown kind",
    overlarge="too many pixels to open safely",
    missing="the file is not there",
    page_head="Page",
    numbers="Numbers: ",
    zero="Those not listed are 0.",
    marks=(": ", ", ", "; ", " (", ")"),
)


def words(language: str) -> Words:
    """The words for a BCP 47 tag: Chinese for ``zh…``, else English."""
    return _CHINESE if language.lower().startswith("zh") else _ENGLISH

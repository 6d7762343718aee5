"""The renderer's own words. They follow the language of the document, not that of the process."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """Fixed texts of one language; those with braces are ``str.format`` patterns."""

    lang: str
    page: str
    contents: str
    strips: str
    more: str
    side_in: str
    side_out: str
    side_unknown: str
    time: str
    who: str
    text: str
    ref: str
    empty_cells: str
    limit: str
    nothing: str
    no_picture: str
    not_found: str
    damaged: str
    too_large: str
    unknown_format: str


ZH = Words(
    lang="zh-CN",
    page="第 {n} 页 / 共 {total} 页",
    contents="目录",
    strips="（分段印出，先左后右）",
    more="（续，先左后右）",
    side_in="对方",
    side_out="本人",
    side_unknown="方向不明",
    time="时间",
    who="发言方",
    text="内容",
    ref="编号",
    empty_cells="空白格为 0。",
    limit="限值",
    nothing="（无数据）",
    no_picture="此处图片未能印出：{reason}。原件保留在证据包中，SHA-256：{sha256}",
    not_found="图片文件不存在或无法打开",
    damaged="图片文件已损坏或不完整",
    too_large="图片像素过大",
    unknown_format="无法识别的图片格式",
)
EN = Words(
    lang="en",
    page="Page {n} of {total}",
    contents="Contents",
    strips=" (in strips, left before right)",
    more=" (continued, left before right)",
    side_in="Other side",
    side_out="Self",
    side_unknown="Direction unknown",
    time="Time",
    who="Who",
    text="Words",
    ref="Ref.",
    empty_cells="Empty cells are 0.",
    limit="limit",
    nothing="(no data)",
    no_picture="This picture could not be printed: {reason}. The original is kept in the bundle, SHA-256: {sha256}",
    not_found="the picture file is not there or cannot be opened",
    damaged="the picture file is damaged or incomplete",
    too_large="the picture has too many pixels",
    unknown_format="unknown picture format",
)


def words_for(language: str) -> Words:
    """Chinese for every Chinese tag, English for the rest."""
    return ZH if language.lower().startswith("zh") else EN

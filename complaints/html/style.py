"""The style sheet of the HTML file, and the policy that lets in this sheet and data: pictures and nothing else."""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256

CSS = """
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 52rem; color: #111; background: #fff; line-height: 1.7;
  font-family: "Noto Serif SC", "Source Han Serif SC", SimSun, "Songti SC", "WenQuanYi Micro Hei", serif; }
h1, h2, h3, h4, h5, h6, th, caption, figcaption, .toc-title { line-height: 1.35;
  font-family: "Noto Sans SC", "Source Han Sans SC", SimHei, "Microsoft YaHei", "PingFang SC",
    "WenQuanYi Micro Hei", sans-serif; }
h1 { text-align: center; font-size: 1.6rem; margin: 1rem 0 1.4rem; }
h2 { font-size: 1.3rem; } h3 { font-size: 1.12rem; } h4, h5, h6 { font-size: 1rem; }
p, li, td, th, h1, h2, h3, h4, h5, h6, caption, figcaption { overflow-wrap: anywhere; }
p, td, th, h1, h2, h3, h4, h5, h6, caption, figcaption { white-space: pre-wrap; }
p { margin: .45em 0; }
p.body { text-indent: 2em; }
.centre { text-align: center; } .right { text-align: right; } .small { font-size: .82rem; color: #333; }
.warning { border: 2px solid #444; padding: .5em .8em; font-weight: bold; }
blockquote { margin: .8em 0; padding: .1em 1em; border-left: 4px solid #777; background: #f6f6f6; }
mark { background: #ffe98a; color: inherit; padding: 0 .1em; border-bottom: 2px solid #8a6d00; }
code, .mono { font-family: "DejaVu Sans Mono", Consolas, Menlo, "Courier New", monospace; font-size: .86em; }
a { color: #1f3f7f; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; margin: .8em 0; font-size: .88rem;
  line-height: 1.45; }
th, td { border: 1px solid #777; padding: .25em .45em; vertical-align: top; text-align: left; }
th { background: #e7e7e7; text-align: center; }
th.row { background: none; }
caption { font-weight: bold; padding: .4em; }
td.left { text-align: left; } td.centre { text-align: center; } td.right { text-align: right; }
tr.out td { background: #f3f3f3; }
figure { margin: 1em 0; text-align: center; }
figure img { max-width: 100%; height: auto; border: 1px solid #999; }
figure img.tall { width: 24rem; }
figcaption { font-size: .9rem; }
svg { display: block; width: 100%; height: auto; margin: .3em 0; }
svg.key { display: inline-block; width: .9em; height: .9em; margin: 0; vertical-align: -.1em; }
.numbers { font-size: .82rem; columns: 11rem; margin: .4em 0; padding: 0; list-style: none; }
.heat td { text-align: center; padding: .2em 0; font-size: .78rem; } .heat th { font-size: .72rem; padding: .2em 0; }
td.g1 { background: #f0f0f0; } td.g2 { background: #e3e3e3; }
td.g3 { background: #d6d6d6; }
td.g4 { background: #c9c9c9; }
td.g5 { background: #bcbcbc; } td.g6 { background: #afafaf; }
td.g7 { background: #a2a2a2; }
.toc-title { text-align: center; font-weight: bold; }
.toc { list-style: none; padding: 0; } .toc .d2 { padding-left: 2em; }
.sign { margin: 1.6em 0; } .sign span { display: inline-block; min-width: 16em; border-bottom: 1px solid #111; }
footer { margin-top: 3rem; padding-top: .5rem; border-top: 1px solid #777; font-size: .82rem; text-align: center; }
:target { outline: 2px solid #8a6d00; outline-offset: 2px; }
@page { size: A4; margin: 22mm 20mm; @bottom-right { content: counter(page) " / " counter(pages); font-size: 9pt; } }
@media print {
  body { max-width: none; padding: 0; font-size: 11pt; }
  thead { display: table-header-group; }
  tr, figure, svg { break-inside: avoid; }
  h1, h2, h3, h4, caption { break-after: avoid; }
  .break { break-before: page; }
  figure img { max-height: 225mm; } figure img.tall { width: auto; }
  a { color: inherit; }
  td, th, mark, .warning { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""


def policy() -> str:
    """The Content-Security-Policy: this style sheet by its hash, pictures from data: addresses, nothing else."""
    digest = b64encode(sha256(CSS.encode()).digest()).decode()
    return f"default-src 'none'; img-src data:; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"

#!/bin/sh
# Double-click me: finds Python 3.11 or newer and starts dunlog.
cd "$(dirname "$0")" || exit 1

finish() {
  printf '\n按回车键关闭窗口。 Press Enter to close this window. '
  read -r _ || true
  exit "$1"
}

# A window opened by the Finder does not know the folders of Homebrew and python.org.
PATH="$PATH:/opt/homebrew/bin:/usr/local/bin"
for version in 3.14 3.13 3.12 3.11; do
  PATH="$PATH:/Library/Frameworks/Python.framework/Versions/$version/bin"
done
export PATH

for python in python3.14 python3.13 python3.12 python3.11 python3; do
  command -v "$python" >/dev/null 2>&1 || continue
  if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    "$python" run.py
    finish $?
  fi
done

cat <<'TEXT'
没有找到 Python 3.11 或更新的版本。
请到 https://www.python.org/downloads/macos/ 下载安装，然后再双击本文件。

Python 3.11 or newer was not found.
Get it from https://www.python.org/downloads/macos/ , install it, and double-click this file again.
TEXT
finish 1

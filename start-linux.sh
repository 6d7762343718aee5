#!/bin/sh
# Double-click me, or run me in a terminal: finds Python 3.11 or newer and starts dunlog.
cd "$(dirname "$0")" || exit 1

# From a file manager there is no window to talk in: open one.
if [ ! -t 0 ] && [ -z "$DUNLOG_IN_TERMINAL" ]; then
  export DUNLOG_IN_TERMINAL=1
  for terminal in x-terminal-emulator gnome-terminal konsole xfce4-terminal mate-terminal deepin-terminal ukui-terminal xterm; do
    command -v "$terminal" >/dev/null 2>&1 || continue
    case $terminal in
      gnome-terminal) exec "$terminal" -- sh "$PWD/start-linux.sh" ;;
      xfce4-terminal | mate-terminal | ukui-terminal) exec "$terminal" -x sh "$PWD/start-linux.sh" ;;
      *) exec "$terminal" -e sh "$PWD/start-linux.sh" ;;
    esac
  done
fi

finish() {
  printf '\n按回车键关闭窗口。 Press Enter to close this window. '
  read -r _ || true
  exit "$1"
}

for python in python3 python3.14 python3.13 python3.12 python3.11; do
  command -v "$python" >/dev/null 2>&1 || continue
  if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    "$python" run.py
    finish $?
  fi
done

cat <<'TEXT'
没有找到 Python 3.11 或更新的版本。
请用系统的软件中心安装 python3，或者到 https://www.python.org/downloads/ 下载，然后再打开本文件。

Python 3.11 or newer was not found.
Install python3 with your software centre, or from https://www.python.org/downloads/ , then open this file again.
TEXT
finish 1

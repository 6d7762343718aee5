@echo off
chcp 65001 >nul
setlocal
cd /d "%~dp0"
title dunlog
set PYTHONUTF8=1
set "PY="

rem The launcher first, then what is on the path. The store's placeholder "python" answers the test with an error.
py -3 -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul && set "PY=py -3"
if not defined PY python -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul && set "PY=python"
if not defined PY python3 -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul && set "PY=python3"
if not defined PY goto missing

%PY% run.py
set CODE=%ERRORLEVEL%
goto finish

:missing
echo 没有找到 Python 3.11 或更新的版本。
echo 请到 https://www.python.org/downloads/windows/ 下载安装。
echo 安装时请勾选 "Add python.exe to PATH"，然后再双击本文件。
echo.
echo Python 3.11 or newer was not found.
echo Get it from https://www.python.org/downloads/windows/
echo Tick "Add python.exe to PATH" while installing, then double-click this file again.
set CODE=1

:finish
echo.
echo 按任意键关闭窗口。 Press any key to close this window.
pause >nul
exit /b %CODE%

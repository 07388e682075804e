@echo off
rem Cai dat tien ich CCHC cho Excel, chi cho nguoi dung nay; khong can quyen quan tri.
rem Co tep python-3.x.y-embed-amd64.zip o ben canh: dung Python rieng, khong can mang.
rem Khong co: dung Python 3.11 tro len da cai tren may.
setlocal
chcp 65001 >nul
rem pushd, khac voi cd, vao duoc ca thu muc tren mang (\\may\thu-muc).
pushd "%~dp0"
if not exist "%~nx0" goto failed

for %%P in (python-3.*-embed-amd64.zip) do goto private
if exist wheels\ goto nozip

set "PYTHON=py -3"
where py >nul 2>nul || set "PYTHON=python"
%PYTHON% -c "import sys; sys.exit(sys.version_info < (3, 11))" 2>nul || goto nopython
if exist ..\pyproject.toml %PYTHON% -m pip install .. || goto failed
%PYTHON% -X utf8 -m xl_automation.excel.addin.install || goto failed
goto done

:private
set "BOOT=%TEMP%\cchc-cai-dat"
if exist "%BOOT%" rd /s /q "%BOOT%"
md "%BOOT%" || goto failed
for %%P in (python-3.*-embed-amd64.zip) do copy /y "%%P" "%BOOT%\p.zip" >nul || goto failed
rem tar.exe cua Windows chi hieu doi so ASCII: vao han thu muc, khong dua duong dan cho no.
pushd "%BOOT%"
if not exist p.zip goto failed
"%SystemRoot%\System32\tar.exe" -xf p.zip || goto failed
popd
"%BOOT%\python.exe" cai_dat.py || goto failed
rd /s /q "%BOOT%"

:done
popd
echo.
echo Đã cài xong. Mở lại Excel, thẻ CCHC nằm ở cuối thanh công cụ.
if not "%~1"=="/quiet" pause
exit /b 0

:nozip
echo Thiếu Python. Tải “Windows embeddable package (64-bit)” của Python 3.11 từ trang
echo https://www.python.org/downloads/windows/ , ví dụ python-3.11.9-embed-amd64.zip,
echo chép nguyên tệp zip ấy vào cạnh tệp này rồi chạy lại.
goto failed

:nopython
echo Máy này chưa có Python 3.11 trở lên dùng được (bản từ Microsoft Store không dùng được).
echo Cài Python 3.11 trở lên từ https://www.python.org/downloads/windows/ rồi chạy lại,
echo hoặc dùng bộ cài cho máy không có mạng: xem docs\addin-cai-dat.md.
goto failed

:failed
echo.
echo CHƯA cài được. Làm theo các dòng phía trên, hoặc gửi ảnh cửa sổ này cho người phụ trách.
if not "%~1"=="/quiet" pause
exit /b 1

@echo off
rem Cai dat tien ich CCHC cho Excel, chi cho nguoi dung nay; khong can quyen quan tri.
rem Co tep python-3.x.y-embed-amd64.zip o ben canh: dung Python rieng, khong can mang.
rem Khong co: dung Python 3.11 tro len da cai tren may.
setlocal
chcp 65001 >nul
cd /d "%~dp0"

for %%P in (python-3.*-embed-amd64.zip) do goto private

set PYTHON=py -3
where py >nul 2>nul || set PYTHON=python
if exist ..\pyproject.toml %PYTHON% -m pip install .. || goto failed
%PYTHON% -X utf8 -m xl_automation.addin.install || goto failed
goto done

:private
set BOOT=%TEMP%\cchc-cai-dat
if exist "%BOOT%" rd /s /q "%BOOT%"
md "%BOOT%" || goto failed
for %%P in (python-3.*-embed-amd64.zip) do tar -xf "%%P" -C "%BOOT%" || goto failed
"%BOOT%\python.exe" cai_dat.py || goto failed
rd /s /q "%BOOT%"

:done
echo.
echo Đã cài xong. Mở lại Excel, thẻ CCHC nằm ở cuối thanh công cụ.
if not "%1"=="/quiet" pause
exit /b 0

:failed
echo.
echo CHƯA cài được. Làm theo các dòng phía trên, hoặc gửi ảnh cửa sổ này cho người phụ trách.
if not "%1"=="/quiet" pause
exit /b 1

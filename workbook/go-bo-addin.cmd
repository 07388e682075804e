@echo off
rem Go tien ich CCHC va Python rieng cua no khoi may, chi cho nguoi dung nay.
setlocal
chcp 65001 >nul

set "ADDIN=%APPDATA%\Microsoft\Excel\XLSTART\CCHC.xlam"
set "LEFT="
if exist "%ADDIN%" del /f "%ADDIN%"
if exist "%ADDIN%" goto failed
if exist "%LOCALAPPDATA%\CCHC" rd /s /q "%LOCALAPPDATA%\CCHC"
if exist "%LOCALAPPDATA%\CCHC" goto failed
rem Ten nguoi dung co dau: thu muc rieng nam o ProgramData, chi nguoi do xoa va xem duoc.
for /d %%D in ("%ProgramData%\CCHC-*") do rd /s /q "%%D" 2>nul
for /d %%D in ("%ProgramData%\CCHC-*") do if exist "%%D\*" set "LEFT=%%D"
if defined LEFT goto failed

echo Đã gỡ xong.
if not "%~1"=="/quiet" pause
exit /b 0

:failed
echo Chưa gỡ được: đóng hết các cửa sổ Excel rồi chạy lại tệp này.
if not "%~1"=="/quiet" pause
exit /b 1

@echo off
rem Go tien ich CCHC va Python rieng cua no khoi may, chi cho nguoi dung nay.
setlocal
chcp 65001 >nul

set ADDIN=%APPDATA%\Microsoft\Excel\XLSTART\CCHC.xlam
if exist "%ADDIN%" del "%ADDIN%"
if exist "%ADDIN%" goto failed
if exist "%LOCALAPPDATA%\CCHC" rd /s /q "%LOCALAPPDATA%\CCHC"
rem Ten nguoi dung co dau: thu muc rieng nam o ProgramData, chi nguoi do xoa duoc.
for /d %%D in ("%ProgramData%\CCHC-*") do rd /s /q "%%D" 2>nul

echo Đã gỡ xong.
if not "%1"=="/quiet" pause
exit /b 0

:failed
echo Chưa gỡ được: đóng hết các cửa sổ Excel rồi chạy lại tệp này.
if not "%1"=="/quiet" pause
exit /b 1

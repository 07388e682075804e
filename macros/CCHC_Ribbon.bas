Attribute VB_Name = "CCHC_Ribbon"
Option Explicit

' The add-in's whole VBA: each ribbon button hands its own id to the Python function of that name,
' which xl_automation.excel.buttons.runner runs. xlwings' module (RunPython) and the custom functions
' are added by the build.

Private Declare PtrSafe Function MessageBoxW Lib "user32" ( _
    ByVal hWnd As LongPtr, ByVal Text As LongPtr, ByVal Caption As LongPtr, _
    ByVal Flags As Long) As Long

Private waits As Integer

' Excel describes functions only with a workbook in front, and its start screen has none: look
' again every few seconds, for two minutes.
Public Sub Auto_Open()
    If ActiveWorkbook Is Nothing And waits < 24 Then
        waits = waits + 1
        Application.OnTime Now + TimeSerial(0, 0, 5), "'" & ThisWorkbook.Name & "'!Auto_Open"
    Else
        Application.OnTime Now, "'" & ThisWorkbook.Name & "'!DescribeFunctions"
    End If
End Sub

Public Sub CCHC_Button(control As IRibbonControl)
    RunButton control.ID
End Sub

Public Sub RunButton(id As String)
    If ReadyForPython() Then
        RunPython "from xl_automation.excel.buttons.runner import run; run('" & id & "')"
    End If
End Sub

' RunPython needs an active workbook and an interpreter; without them it would fail in English.
Private Function ReadyForPython() As Boolean
    If ActiveWorkbook Is Nothing Then
        If Application.ProtectedViewWindows.Count > 0 Then
            Tell "Tệp đang mở ở chế độ xem được bảo vệ." & vbLf & _
                "Bấm “Cho phép chỉnh sửa” (Enable Editing) rồi bấm lại nút này."
            Exit Function
        End If
        Workbooks.Add
    End If
    If Not FileExists(GetConfig("INTERPRETER_WIN")) Then
        Tell "Không tìm thấy Python của bộ CCHC:" & vbLf & GetConfig("INTERPRETER_WIN") & vbLf & _
            "Chạy lại tệp cai-dat-addin.cmd rồi mở lại Excel."
        Exit Function
    End If
    MakeFolder GetConfig("TEMP DIR")
    ReadyForPython = True
End Function

' RunPython sends errors to a file in this folder; where it is gone, nothing would run.
Private Sub MakeFolder(ByVal folder As String)
    On Error Resume Next
    MkDir Left(folder, InStrRev(folder, "\") - 1)
    MkDir folder
End Sub

' VBA's own MsgBox loses Vietnamese letters.
Private Sub Tell(message As String)
    MessageBoxW Application.hWnd, StrPtr(message), StrPtr("CCHC"), vbExclamation
End Sub

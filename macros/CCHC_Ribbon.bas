Attribute VB_Name = "CCHC_Ribbon"
Option Explicit

' The add-in's whole VBA: each ribbon button hands its own id to the Python function of that name
' in xl_automation.actions. xlwings' module (RunPython) and the custom functions are added by the
' build.

Private Declare PtrSafe Function MessageBoxW Lib "user32" ( _
    ByVal hWnd As LongPtr, ByVal Text As LongPtr, ByVal Caption As LongPtr, _
    ByVal Flags As Long) As Long

' Excel may refuse to describe functions while it is still starting: wait until it is idle.
Public Sub Auto_Open()
    Application.OnTime Now, "'" & ThisWorkbook.Name & "'!DescribeFunctions"
End Sub

Public Sub CCHC_Button(control As IRibbonControl)
    RunAction control.ID
End Sub

Public Sub RunAction(action As String)
    If ReadyForPython() Then
        RunPython "from xl_automation.actions import run; run('" & action & "')"
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
    ReadyForPython = True
End Function

' VBA's own MsgBox loses Vietnamese letters.
Private Sub Tell(message As String)
    MessageBoxW Application.hWnd, StrPtr(message), StrPtr("CCHC"), vbExclamation
End Sub

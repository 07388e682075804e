"""Excel by xlwings: custom functions, ribbon buttons, the add-in that carries them."""

"""The staff's side of the dialogue: what an office's team says and taps in its group, and is shown there."""

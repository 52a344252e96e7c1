"""The door on Customer Day: who has come, their ticket, the code at the entrance, people without an appointment."""

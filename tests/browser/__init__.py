"""The screens in a real browser, against a real server with its simulated platform."""

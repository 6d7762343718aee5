"""Messages and calls as Android keeps and exports them."""

"""What copydesk is built from: its locks, the licences in them and what is known against them."""

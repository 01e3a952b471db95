"""What people say of a session or a morning, from CSV and TOML."""

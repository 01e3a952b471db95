"""A read-only server for assistants (Model Context Protocol, on stdio)."""

"""When it happens: settings, steps, flows, command line. Prefect lives here and nowhere else. Imports all houses."""

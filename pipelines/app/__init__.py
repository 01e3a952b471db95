"""The local app (`steadymile open`): pages on 127.0.0.1 over the published warehouse and the same functions as the
commands. Only this folder imports the web packages."""

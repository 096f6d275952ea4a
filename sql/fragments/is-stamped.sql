-- Whether accept wrote the line: its stamps stand at fixed places, so that the identity is read without parsing.
line like '{"event_key":"________________________________","event_date":"____-__-__","event_time":"%'

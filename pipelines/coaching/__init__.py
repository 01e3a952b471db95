"""What a coach brings in and hands out: a roster, the answers of a form, one zip for each athlete."""

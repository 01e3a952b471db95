"""HTML pages: the athlete's and the coach's."""

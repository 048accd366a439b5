"""The application that the server runs."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kotisatama.config.settings")
# A connection for each thread that answers, kept between requests; commands and jobs open their own when they need one.
os.environ.setdefault("KOTISATAMA_POOL_SIZE", os.environ.get("KOTISATAMA_WEB_THREADS", "4"))
application = get_wsgi_application()

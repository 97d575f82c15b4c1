"""Work that happens outside a person's request: the outbox is the queue, Celery only wakes it."""
